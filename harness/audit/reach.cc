#include "harness/audit/reach.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstring>

#include "harness/actor/unseen.h"
#include "harness/support/text.h"
#include "harness/sys/descriptors.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"

namespace nsproof::audit {
namespace {

// No kernel function ever fails with it: it is the answer of our listener, and so the proof of having come through.
constexpr int kOurs = 3333;
// In the sixth argument, which none of the calls that are tried looks at before a filter of ours has.
constexpr std::uint64_t kMark = 0x6e73'7072'6f6f'6621;
constexpr std::size_t kChunk = wire::kMaxCalls - 1;
constexpr long kX32 = 0x4000'0000;  // __X32_SYSCALL_BIT

std::vector<sock_filter> program() {
  const auto low = [](std::size_t at) { return static_cast<std::uint32_t>(at); };
  const std::uint32_t mark = offsetof(seccomp_data, args) + 5 * sizeof(std::uint64_t);
  return {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low(offsetof(seccomp_data, arch))),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 6, 0),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, mark),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(kMark), 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, mark + 4),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(kMark >> 32), 2, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
  };
}

int install(Actor& actor) {
  must(sys::prctl(actor, PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS", 1));
  const std::vector<sock_filter> filter = program();
  const sock_fprog header{static_cast<unsigned short>(filter.size()), nullptr};
  Arg pointer = record(raw(header), "{marked calls wait for a listener}");
  pointer.pointers = {
      {offsetof(sock_fprog, filter),
       record(std::string(reinterpret_cast<const char*>(filter.data()), filter.size() * sizeof(sock_filter)), "")}};
  return static_cast<int>(
      must(actor.call(SYS_seccomp, "seccomp",
                      {named(SECCOMP_SET_MODE_FILTER, "SECCOMP_SET_MODE_FILTER"),
                       named(SECCOMP_FILTER_FLAG_NEW_LISTENER, "SECCOMP_FILTER_FLAG_NEW_LISTENER"), pointer})));
}

Step quiet(Step made) {
  made.plumbing = true;
  return made;
}

Step poll_step(int notifications, int done) {
  const pollfd both[] = {{notifications, POLLIN, 0}, {done, POLLIN, 0}};
  return quiet(step(SYS_ppoll, "ppoll", {in_out(raw(both), ""), num(2), null(), null(), num(0)}));
}

struct Ready {
  short notifications = 0;
  short done = 0;
};
Ready ready_of(const Reply& reply) {
  pollfd both[2];
  must(reply);
  std::memcpy(both, out_bytes(reply, 0, sizeof both).data(), sizeof both);
  return {both[0].revents, both[1].revents};
}

// Who is killed by a filter has not answered, and its creator reaps it.
void end_child(Actor& creator, std::unique_ptr<Actor>& child) {
  if (!child) return;
  const int pid = child->pid();
  child.reset();
  try {
    if (creator.busy()) return;
    sys::kill(creator, pid, SIGKILL);
    sys::wait4(creator, pid);
  } catch (const Broken&) {
    // The creator is gone, and its children with it.
  }
}

}  // namespace

ReachProber::ReachProber(Actor& parent) : parent_(parent) { start(); }
ReachProber::~ReachProber() { stop(); }

void ReachProber::stop() {
  if (listener_) end_child(*listener_, caller_);
  const Unseen clean_up(parent_);
  end_child(parent_, listener_);
}

void ReachProber::start() {
  const Unseen set_up(parent_);
  listener_ = must_spawn(parent_, 0, "listener");
  listener_->set_transcript(unseen_);
  const sys::Pair pipe = must(sys::pipe(*listener_));
  const sys::Pair sockets = must(sys::socket_pair(*listener_));
  caller_ = must_spawn(*listener_, 0, "inside");
  if (sys::has_compat_gate()) gate_ = sys::CompatGate::make(*caller_);
  const int installed = install(*caller_);
  must(sys::send_descriptor(*caller_, sockets.second, installed));
  must(sys::close(*caller_, installed));
  notifications_ = must(sys::receive_descriptor(*listener_, sockets.first));
  done_ = pipe.first;
  done_writer_ = pipe.second;
  // Whoever holds the writing end keeps it open; the caller's death must show.
  must(sys::close(*listener_, pipe.second));
}

namespace {

Step step_of(const ReachCall& call, const std::optional<sys::CompatGate>& gate) {
  if (call.abi == Abi::i386) {
    if (!gate) throw Broken("this machine has no 32-bit calls for 64-bit processes");
    return gate->step_of(call.number, call.name, static_cast<std::uint32_t>(call.arguments[0]),
                         static_cast<std::uint32_t>(call.arguments[1]), static_cast<std::uint32_t>(call.arguments[2]));
  }
  std::vector<Arg> args;
  for (const std::uint64_t argument : call.arguments) args.push_back(hex(argument));
  args.push_back(named(kMark, "our mark"));
  const bool x32 = call.abi == Abi::x32;
  return step(x32 ? call.number | kX32 : call.number, x32 ? say("x32:", call.name) : call.name, std::move(args));
}

Reached reached_of(const Reply& reply) {
  if (reply.error() == kOurs) return {Reached::How::reached, 0};
  return {Reached::How::refused, reply.error()};
}

}  // namespace

// False if the caller was killed before it could answer.
bool ReachProber::probe_some(std::span<const ReachCall> calls, std::vector<Reached>& results) {
  std::vector<Step> steps;
  for (const ReachCall& call : calls) steps.push_back(step_of(call, gate_));
  steps.push_back(quiet(step(SYS_write, "write", {num(done_writer_), bytes("."), num(1)})));
  caller_->begin(std::move(steps));
  Ready ready = ready_of(listener_->call(poll_step(notifications_, done_)));
  while ((ready.notifications & POLLIN) != 0) {
    const Reply received = listener_->call(quiet(step(
        SYS_ioctl, "ioctl", {num(notifications_), hex(SECCOMP_IOCTL_NOTIF_RECV), in_out(raw(seccomp_notif{}), "")})));
    must(received);
    const seccomp_notif_resp answer{out_as<seccomp_notif>(received).id, 0, -kOurs, 0};
    std::vector<Step> next;
    next.push_back(
        quiet(step(SYS_ioctl, "ioctl", {num(notifications_), hex(SECCOMP_IOCTL_NOTIF_SEND), record(raw(answer), "")})));
    next.push_back(poll_step(notifications_, done_));
    ready = ready_of(listener_->batch(std::move(next)).at(1));
  }
  if ((ready.done & POLLIN) == 0) return false;
  must(listener_->call(quiet(step(SYS_read, "read", {num(done_), out(1), num(1)}))));
  const std::vector<Reply> replies = caller_->finish();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    results.push_back(reached_of(replies.at(i)));
    const bool through = results.back().how == Reached::How::reached;
    caller_->shows(through ? "{the filter lets it through; our own stopped it}" : "{the filter's answer}",
                   calls.size() - 1 - i);
  }
  return true;
}

std::vector<Reached> ReachProber::probe(std::span<const ReachCall> calls, Transcript& transcript) {
  std::vector<Reached> results;
  for (std::size_t at = 0; at < calls.size();) {
    const std::span<const ReachCall> some = calls.subspan(at, std::min(kChunk, calls.size() - at));
    caller_->set_transcript(transcript);
    if (probe_some(some, results)) {
      at += some.size();
      continue;
    }
    // One of them kills: which one, a call at a time.
    for (const ReachCall& call : some) {
      stop();
      start();
      caller_->set_transcript(transcript);
      if (!probe_some({&call, 1}, results)) {
        results.push_back({Reached::How::killed, 0});
        transcript.entries.push_back({"inside", say(call.name, "()"), 0, {}, "{the filter killed the caller}", 0});
      }
    }
    stop();
    start();
    at += some.size();
  }
  return results;
}

}  // namespace nsproof::audit
