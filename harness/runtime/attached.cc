#include "harness/runtime/attached.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <map>
#include <system_error>

#include "harness/catalogue/namespaces.h"
#include "harness/launch/hand.h"
#include "harness/launch/running_program.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"

namespace nsproof {
namespace {

// The user namespace first: it brings the capabilities that the others ask for (user_namespaces(7)).
constexpr Ns kJoinOrder[] = {Ns::user, Ns::cgroup, Ns::ipc, Ns::uts, Ns::net, Ns::pid, Ns::time, Ns::mnt};

// "Uid:\t0\t0\t0\t0" of /proc/PID/status as words, by the name before the colon.
std::map<std::string, std::vector<std::string>> status_fields(std::string_view text) {
  std::map<std::string, std::vector<std::string>> fields;
  for (const std::string& line : lines_of(text)) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos) fields[line.substr(0, colon)] = words_of(line.substr(colon + 1));
  }
  return fields;
}

std::uint64_t number(const std::string& word, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (error != std::errc{} || end != word.data() + word.size()) throw Broken(say("no number: ", quoted(word)));
  return value;
}

// What the process is allowed, in the ids of its own user namespace.
struct Standing {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::uint32_t> groups;
  std::uint64_t bounding = 0;
  sys::Capabilities capabilities;
  bool no_new_privs = false;
};

Standing standing_of(std::string_view status) {
  auto fields = status_fields(status);
  const auto word = [&](const char* name, std::size_t index) {
    const std::vector<std::string>& words = fields[name];
    if (index >= words.size()) throw Broken(say("/proc/PID/status has no ", name));
    return words[index];
  };
  Standing standing;
  standing.uid = static_cast<std::uint32_t>(number(word("Uid", 1), 10));
  standing.gid = static_cast<std::uint32_t>(number(word("Gid", 1), 10));
  for (const std::string& group : fields["Groups"])
    standing.groups.push_back(static_cast<std::uint32_t>(number(group, 10)));
  standing.bounding = number(word("CapBnd", 0), 16);
  standing.capabilities = {number(word("CapEff", 0), 16), number(word("CapPrm", 0), 16), number(word("CapInh", 0), 16)};
  standing.no_new_privs = word("NoNewPrivs", 0) == "1";
  return standing;
}

// `own`: the bounding set that the actor has, which its new /proc need not show it.
void take_standing(Actor& actor, const Standing& standing, std::uint64_t own) {
  for (unsigned capability = 0; capability < 64; ++capability)
    if ((own & ~standing.bounding) >> capability & 1) must(sys::drop_bounding(actor, capability));
  must(sys::prctl(actor, PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS", 1));
  sys::setgroups(actor, standing.groups);  // denied in some user namespaces, whose members have the caller's then
  must(sys::setresgid(actor, standing.gid, standing.gid, standing.gid));
  must(sys::setresuid(actor, standing.uid, standing.uid, standing.uid));
  must(sys::capset(actor, standing.capabilities));
  if (standing.no_new_privs) must(sys::prctl(actor, PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS", 1));
  // Nobody in there may trace it or take its descriptors (ptrace(2)).
  must(sys::prctl(actor, PR_SET_DUMPABLE, "PR_SET_DUMPABLE", 0));
}

class Joined final : public Attached {
 public:
  Joined(int pid, NsSet types) : hand_(transcript_) { join(pid, types); }
  // The container's first process need not reap strangers, so this is done here.
  ~Joined() override {
    try {
      if (stage_ && root_) {
        sys::kill(*stage_, root_->pid(), SIGKILL);
        sys::wait4(*stage_, root_->pid());
      }
    } catch (const Broken&) {
      // Its channel ends with this object, and it with its channel.
    }
  }

  Actor& root() override { return *root_; }
  std::unique_ptr<Actor> make_outside(Transcript& transcript) override {
    std::unique_ptr<Actor> outside = must_spawn(hand_.actor(), 0, "outside");
    outside->set_transcript(transcript);
    return outside;
  }

 private:
  void join(int pid, NsSet types) {
    stage_ = must_spawn(hand_.actor(), 0, "stage");
    const std::string proc = say("/proc/", pid);
    // A descriptor of the process: what is joined is this one, whoever has its number by then.
    const int pidfd = static_cast<int>(must(sys::pidfd_open(*stage_, pid)));
    const int root = static_cast<int>(must(sys::open(*stage_, proc + "/root", O_PATH | O_DIRECTORY | O_CLOEXEC)));
    Standing standing;
    std::uint64_t own = 0;
    for (const Ns type : kJoinOrder) {
      if (type == Ns::cgroup) {
        standing = standing_of(must(sys::read_file(*stage_, proc + "/status")));
        own = must(sys::capability_sets(*stage_)).bounding;
      }
      if (!types.has(type)) continue;
      const std::string link = say("/ns/", name_of(type));
      if (must(sys::readlink(*stage_, proc + link)) == must(sys::readlink(*stage_, "/proc/self" + link))) continue;
      must(sys::setns(*stage_, pidfd, clone_flag(type)));
    }
    must(sys::pidfd_send_signal(*stage_, pidfd, 0));
    must(sys::fchdir(*stage_, root));
    must(sys::chroot(*stage_, "."));
    root_ = must_spawn(*stage_, 0, "joined");
    take_standing(*root_, standing, own);
    must(sys::close(*root_, root));
    must(sys::close(*root_, pidfd));
  }

  Transcript transcript_;
  Hand hand_;
  std::unique_ptr<Actor> stage_;
  std::unique_ptr<Actor> root_;
};

class Commanded final : public Attached {
 public:
  explicit Commanded(const std::vector<std::string>& words) {
    ChannelPair pair = channel_pair();
    try {
      program_ = std::make_unique<RunningProgram>(words, pair.theirs.get());
    } catch (const std::exception& error) {
      throw Broken(say("cannot start `", join(words, " "), "`: ", error.what()));
    }
    pair.theirs.reset();
    try {
      std::unique_ptr<Transport> transport = live_transport(std::move(pair.ours));
      transport->carry_bytes_only();
      if (!transport->new_image(call_deadline())) throw Broken("a probe answered that was not asked");
      root_ = std::make_unique<Actor>("joined", std::move(transport), transcript_);
      find_outside();
    } catch (const Broken& broken) {
      throw Broken(say("`", join(words, " "), "`: ", broken.what(), said()));
    }
  }
  ~Commanded() override {
    try {
      if (root_ && !root_->busy()) sys::exit(*root_);
    } catch (const Broken&) {
      // It is gone already.
    }
  }

  Actor& root() override { return *root_; }
  std::unique_ptr<Actor> make_outside(Transcript& transcript) override {
    if (!hand_) return nullptr;
    std::unique_ptr<Actor> outside = must_spawn(hand_->actor(), 0, "outside");
    outside->set_transcript(transcript);
    return outside;
  }

 private:
  // The outside is here if the probe runs on this kernel; on any other nothing here could be its control.
  void find_outside() {
    constexpr const char* kBoot = "/proc/sys/kernel/random/boot_id";
    const sys::Got<std::string> theirs = sys::read_file(*root_, kBoot);
    auto hand = std::make_unique<Hand>(transcript_);
    if (theirs.ok() && theirs.value == must(sys::read_file(hand->actor(), kBoot))) hand_ = std::move(hand);
  }

  std::string said() const {
    char text[600];
    const ssize_t got = ::read(program_->errors(), text, sizeof text);
    return got > 0 ? say("; it said: ", trim(std::string_view(text, static_cast<std::size_t>(got)))) : "";
  }

  Transcript transcript_;
  std::unique_ptr<Hand> hand_;
  std::unique_ptr<RunningProgram> program_;
  std::unique_ptr<Actor> root_;
};

}  // namespace

std::unique_ptr<Attached> attach_to_process(int pid, NsSet types) { return std::make_unique<Joined>(pid, types); }

std::unique_ptr<Attached> attach_by_command(const std::vector<std::string>& words) {
  return std::make_unique<Commanded>(words);
}

}  // namespace nsproof
