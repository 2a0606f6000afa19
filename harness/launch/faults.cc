// The faults of test builds; an empty file in every other.
#include "harness/launch/faults.h"

#ifdef NSPROOF_FAULTS

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstdlib>

#include "harness/support/text.h"

namespace nsproof::faults {
namespace {

struct CallName {
  std::string_view name;
  long number;
};

// What a kernel may be made to lie about. Not the clone calls: 0 is how they say "you are the child".
constexpr CallName kCalls[] = {
    {"sethostname", SYS_sethostname},
    {"setdomainname", SYS_setdomainname},
    {"mount", SYS_mount},
    {"umount2", SYS_umount2},
    {"pivot_root", SYS_pivot_root},
    {"setns", SYS_setns},
    {"unshare", SYS_unshare},
    {"kill", SYS_kill},
    {"tgkill", SYS_tgkill},
    {"bind", SYS_bind},
    {"shmctl", SYS_shmctl},
    {"setresuid", SYS_setresuid},
    {"capset", SYS_capset},
    {"mknodat", SYS_mknodat},
    {"fchownat", SYS_fchownat},
    {"pidfd_send_signal", SYS_pidfd_send_signal},
};

long call_named(std::string_view name) {
  for (const CallName& call : kCalls)
    if (call.name == name) return call.number;
  throw std::logic_error(say("NSPROOF_FAULT: cannot lie about ", name));
}

Plan read_plan() {
  Plan plan;
  const char* text = std::getenv("NSPROOF_FAULT");
  if (text == nullptr) return plan;
  const std::string fault = text;
  if (fault == "control") plan.control_isolates = true;
  if (fault.starts_with("drop=")) plan.dropped = ns_named(fault.substr(5)).value();
  if (fault.starts_with("kernel=")) plan.lying_call = call_named(fault.substr(7));
  if (fault == "probe=lies") plan.inside = Probe::lies;
  if (fault == "probe=dies") plan.inside = Probe::dies;
  if (fault == "probe=hangs") plan.inside = Probe::hangs;
  if (fault == "probe=babbles") plan.inside = Probe::babbles;
  return plan;
}

// What the probe is made to do instead of what it is asked: real calls of a real probe, over the real wire.
Step misdeed(Probe probe) {
  switch (probe) {
    case Probe::dies: return step(SYS_exit_group, "exit_group", {num(1)});
    case Probe::hangs: return step(SYS_rt_sigsuspend, "rt_sigsuspend", {record(std::string(8, '\0'), "[]"), num(8)});
    default: return step(SYS_write, "write", {num(1), bytes("these bytes are no reply at all"), num(31)});
  }
}

class Afflicted final : public Transport {
 public:
  explicit Afflicted(std::unique_ptr<Transport> honest) : honest_(std::move(honest)) {
    if (!honest_->passes_descriptors()) carry_bytes_only();
  }

  wire::Hello hello(Milliseconds deadline) override { return honest_->hello(deadline); }

  void submit(std::span<const Step> steps) override {
    asked_ = steps;
    // A liar does nothing at all for each call, and says that it went well.
    if (plan().inside == Probe::lies)
      instead_.assign(steps.size(), step(SYS_getpid, "getpid", {}));
    else
      instead_ = {misdeed(plan().inside)};
    honest_->submit(instead_);
  }

  bool new_image(Milliseconds deadline) override { return honest_->new_image(deadline); }

  std::vector<Reply> collect(Milliseconds deadline) override {
    std::vector<Reply> replies = honest_->collect(deadline);
    if (plan().inside != Probe::lies) return replies;
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      replies.at(i) = unchanged_reply(asked_[i]);
      replies[i].call = text_of(asked_[i], values);
      values.push_back(replies[i].value);
    }
    return replies;
  }

  std::unique_ptr<Transport> pass_channel(std::string_view name) override { return honest_->pass_channel(name); }
  void pass_descriptor(int fd) override { honest_->pass_descriptor(fd); }
  bool ended(Milliseconds deadline) override { return honest_->ended(deadline); }

 private:
  std::unique_ptr<Transport> honest_;
  std::span<const Step> asked_;
  std::vector<Step> instead_;
};

}  // namespace

const Plan& plan() {
  static const Plan plan = read_plan();
  return plan;
}

std::unique_ptr<Transport> afflicted(std::unique_ptr<Transport> transport, std::string_view actor) {
  if (plan().inside == Probe::honest || actor != "inside") return transport;
  return std::make_unique<Afflicted>(std::move(transport));
}

void install_lying_kernel(Actor& outside) {
  if (plan().lying_call < 0) return;
  const sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(plan().lying_call), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0),  // the errno 0: success, and nothing done
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{std::size(filter), nullptr};
  Arg header = record(raw(program), "{a call that lies}");
  header.pointers = {{offsetof(sock_fprog, filter), record(raw(filter), "")}};
  must(outside.call(SYS_seccomp, "seccomp", {num(SECCOMP_SET_MODE_FILTER), num(0), header}));
}

}  // namespace nsproof::faults

#endif
