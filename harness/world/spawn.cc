#include "harness/world/spawn.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>

#include "harness/actor/relay_transport.h"
#include "harness/launch/faults.h"
#include "harness/launch/probe_image.h"
#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof {
namespace {

// recvmsg(2) of one byte and one descriptor. Its control buffer is the first thing in the arena, so that the descriptor
// lies where descriptor_from_channel() looks for it.
Step receive_descriptor(const Actor& actor) {
  msghdr message{};
  iovec part{nullptr, 1};
  message.msg_iovlen = 1;
  message.msg_controllen = CMSG_SPACE(sizeof(int));
  Arg data = record(std::string(1, '\0'), "");
  Arg parts = record(raw(part), "");
  parts.pointers = {{offsetof(iovec, iov_base), data}};
  Arg control = in_out(std::string(message.msg_controllen, '\0'), "");
  Arg header = record(raw(message), "{a descriptor from the harness}");
  header.pointers = {{offsetof(msghdr, msg_control), control}, {offsetof(msghdr, msg_iov), parts}};
  Step made = step(SYS_recvmsg, "recvmsg", {num(actor.channel()), header, named(MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC")});
  made.plumbing = true;
  made.on_error = wire::OnError::stop;
  return made;
}

Arg descriptor_from_channel() { return loaded_word(CMSG_LEN(0)); }

int received_descriptor(const Reply& reply) {
  int fd = -1;
  std::memcpy(&fd, out_bytes(reply, 0, CMSG_SPACE(sizeof fd)).data() + CMSG_LEN(0), sizeof fd);
  return fd;
}

Step close_descriptor() {
  Step made = step(SYS_close, "close", {descriptor_from_channel()});
  made.plumbing = true;
  return made;
}

Step clone3_step(const clone_args& args, wire::Kind kind, Arg arena) {
  std::string text = say(
      "{flags=", sys::clone_flags_text(args.flags),
      args.exit_signal == 0 ? "" : say(", exit_signal=", sys::signal_text(static_cast<int>(args.exit_signal))), "}");
  Step made = step(SYS_clone3, "clone3",
                   {record(raw(args), std::move(text)), num(sizeof args), null(), null(), std::move(arena),
                    descriptor_from_channel()});
  made.kind = kind;
  made.files = (args.flags & CLONE_FILES) != 0 ? wire::Files::shared : wire::Files::copied;
  made.hidden_args = 4;
  return made;
}

Spawned finish_spawn(Actor& creator, std::vector<Step> steps, const std::string& name) {
  const bool shared = steps.at(1).files == wire::Files::shared;
  creator.begin(std::move(steps));
  std::unique_ptr<Transport> transport = faults::afflicted(creator.transport().pass_channel(name), name);
  std::vector<Reply> replies = creator.finish();
  if (replies.size() < 2)
    throw Broken(say(creator.name(), " did not get the channel for ", name, ": ", errno_name(replies.at(0).error())));
  Spawned spawned{std::move(replies[1]), nullptr};
  if (!spawned.reply.ok()) return spawned;
  spawned.actor = std::make_unique<Actor>(name, std::move(transport), creator.transcript());
  spawned.actor->set_pid(static_cast<int>(spawned.reply.value));
  if (shared) spawned.actor->set_channel(received_descriptor(replies[0]));
  return spawned;
}

// Where no descriptor can be passed the creator makes the channel itself and carries it from then on. clone(2), because
// the filters of container runtimes often refuse clone3(2).
Spawned spawn_relayed(Actor& creator, std::uint64_t flags, const std::string& name) {
  if ((flags & (CLONE_FILES | CSIGNAL)) != 0) throw Broken(say(name, " cannot be made by clone(2) over a relay"));
  Step pair =
      step(SYS_socketpair, "socketpair", {num(AF_UNIX), num(SOCK_STREAM | SOCK_CLOEXEC), num(0), out(2 * sizeof(int))});
  pair.plumbing = true;
  const Reply made = creator.call(std::move(pair));
  must(made);
  int ends[2];
  std::memcpy(ends, out_bytes(made, 0, sizeof ends).data(), sizeof ends);
  const auto close_end = [](Actor& actor, int end) {
    Step close = step(SYS_close, "close", {num(end)});
    close.plumbing = true;
    actor.call(std::move(close));
  };
  Step clone = step(
      SYS_clone, "clone",
      {named(flags | SIGCHLD, sys::clone_flags_text(flags | SIGCHLD)), null(), null(), null(), null(), num(ends[1])});
  clone.kind = wire::Kind::clone;
  clone.hidden_args = 1;
  Spawned spawned{creator.call(std::move(clone)), nullptr};
  close_end(creator, ends[1]);
  if (!spawned.reply.ok()) {
    close_end(creator, ends[0]);
    return spawned;
  }
  spawned.actor =
      std::make_unique<Actor>(name, faults::afflicted(relay_transport(creator, ends[0]), name), creator.transcript());
  spawned.actor->set_pid(static_cast<int>(spawned.reply.value));
  // The child's copy of the carrier's end would hide the carrier's death from it.
  close_end(*spawned.actor, ends[0]);
  return spawned;
}

}  // namespace

Spawned spawn(Actor& creator, std::uint64_t flags, const std::string& name) {
  if (!creator.transport().passes_descriptors()) return spawn_relayed(creator, flags, name);
  clone_args args{};
  args.flags = flags;
  // A sibling made with CLONE_PARENT takes the exit signal of its creator, and the call insists on none (clone(2)).
  args.exit_signal = (flags & (CLONE_PARENT | CLONE_THREAD)) != 0 ? 0 : SIGCHLD;
  std::vector<Step> steps;
  steps.push_back(receive_descriptor(creator));
  steps.push_back(clone3_step(args, wire::Kind::clone, null()));
  if ((flags & CLONE_FILES) == 0) steps.push_back(close_descriptor());
  return finish_spawn(creator, std::move(steps), name);
}

std::unique_ptr<Actor> must_spawn(Actor& creator, std::uint64_t flags, const std::string& name) {
  Spawned spawned = spawn(creator, flags, name);
  must(spawned.reply);
  return std::move(spawned.actor);
}

Spawned spawn_by_clone(Actor& creator, std::uint64_t flags, const std::string& name) {
  std::vector<Step> steps;
  steps.push_back(receive_descriptor(creator));
  Step clone =
      step(SYS_clone, "clone",
           {named(flags, sys::clone_flags_text(flags)), null(), null(), null(), null(), descriptor_from_channel()});
  clone.kind = wire::Kind::clone;
  clone.hidden_args = 1;
  steps.push_back(std::move(clone));
  steps.push_back(close_descriptor());
  return finish_spawn(creator, std::move(steps), name);
}

void write_for_harness(Actor& actor, int fd, std::string_view data) {
  std::vector<Step> steps;
  steps.push_back(receive_descriptor(actor));
  steps.push_back(
      step(SYS_write, "write", {descriptor_from_channel(), bytes(data), num(static_cast<std::int64_t>(data.size()))}));
  steps.back().plumbing = true;
  steps.push_back(close_descriptor());
  actor.begin(std::move(steps));
  actor.transport().pass_descriptor(fd);
  for (const Reply& reply : actor.finish()) must(reply);
}

std::unique_ptr<Actor> must_spawn_thread(Actor& creator, const std::string& name) {
  constexpr std::uint64_t kStackBytes = 64 * 1024;
  constexpr std::uint64_t kBytes = wire::kArenaBytes + kStackBytes;
  Step map =
      step(SYS_mmap, "mmap",
           {null(), num(kBytes), num(PROT_READ | PROT_WRITE), num(MAP_PRIVATE | MAP_ANONYMOUS), num(-1), num(0)});
  map.plumbing = true;
  const auto arena = static_cast<std::uint64_t>(must(creator.call(std::move(map))));
  clone_args args{};
  args.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  args.stack = arena + wire::kArenaBytes;
  args.stack_size = kStackBytes;
  std::vector<Step> steps;
  steps.push_back(receive_descriptor(creator));
  steps.push_back(clone3_step(args, wire::Kind::clone_sharing_memory, address(arena, "arena")));
  // No close: a thread shares the descriptors of its process.
  Spawned spawned = finish_spawn(creator, std::move(steps), name);
  must(spawned.reply);
  return std::move(spawned.actor);
}

void execute_probe(Actor& actor) {
  if (actor.channel() != 0) throw Broken(say(actor.name(), " shares its descriptors and cannot execute a new image"));
  const Fd image = probe_memfd();
  std::vector<Step> steps;
  steps.push_back(receive_descriptor(actor));
  Arg arguments = record(std::string(16, '\0'), "[\"nsprobe\"]");
  arguments.pointers = {{0, str("nsprobe")}};
  steps.push_back(step(SYS_execveat, "execveat",
                       {descriptor_from_channel(), str(""), arguments, null(), named(AT_EMPTY_PATH, "AT_EMPTY_PATH")}));
  actor.begin(std::move(steps));
  actor.transport().pass_descriptor(image.get());
  actor.expect_new_image();
}

}  // namespace nsproof
