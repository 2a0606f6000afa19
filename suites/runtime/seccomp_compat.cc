// The table of 32-bit programs as a way around a filter.
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/compat_call.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"
#include "suites/runtime/seccomp_filter.h"

namespace nsproof {
namespace {

struct CompatCall {
  std::string_view name;
  long number;  // in arch/x86/entry/syscalls/syscall_32.tbl
  std::uint32_t first;
  std::uint32_t second;
  std::uint32_t third;
};

constexpr std::uint32_t kNone = 0xffffffff;  // neither a descriptor nor an address
constexpr CompatCall kCalls[] = {
    {"mount", 21, kNone, kNone, kNone},
    {"umount2", 52, kNone, 0xffffff00, 0},
    {"setns", 346, kNone, 0, 0},
    {"ptrace", 26, 0x4206, 0x7fffffff, 0},
    {"keyctl", 288, 99, 0, 0},
    {"add_key", 286, kNone, kNone, 0},
    {"bpf", 357, 99, kNone, 0},
    {"perf_event_open", 336, kNone, 0, 0},
    {"io_uring_setup", 425, 0, kNone, 0},
    {"swapoff", 115, kNone, 0, 0},
};

// Those that the filter refuses by their names.
std::vector<CompatCall> refused_calls(const Contract& contract) {
  std::vector<CompatCall> calls;
  if (!contract.seccomp || !sys::has_compat_gate()) return calls;
  for (const CompatCall& call : kCalls) {
    const sys::HarmlessCall named{call.name, 0, 3, {call.first, call.second, call.third}};
    const std::optional<Prediction> prediction = predict(*contract.seccomp, named);
    if (prediction && prediction->listed == Listed::by_name && prediction->action != Prediction::Action::allow)
      calls.push_back(call);
  }
  return calls;
}

int expected_error(const Contract& contract, const CompatCall& call) {
  return predict(*contract.seccomp, {call.name, 0, 3, {call.first, call.second, call.third}})->error;
}

// libseccomp kills for a table that the filter was not made for; a filter for both gives the errno.
Observation compat_calls(World& w) {
  Actor& child = w.fork(w.inside(), "child");
  const sys::CompatGate gate = sys::CompatGate::make(child);
  std::vector<std::string> open;
  std::vector<std::string> closed;
  try {
    for (const CompatCall& call : refused_calls(w.contract())) {
      const Reply reply = gate.call(child, call.number, call.name, call.first, call.second, call.third);
      const bool refused = reply.error() == expected_error(w.contract(), call) && reply.error() != 0;
      (refused ? closed : open).push_back(say(call.name, " ", reply.ok() ? "succeeded" : errno_name(reply.error())));
    }
  } catch (const Lost&) {
    const int status = must(sys::wait4(w.inside(), child.pid())).status;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) return isolated("a 32-bit call ends the process by SIGSYS");
    return unknown(say("a 32-bit call: the child ", sys::status_text(status),
                       "; a kernel without CONFIG_IA32_EMULATION has none"));
  }
  return open.empty() ? isolated(say("32-bit: ", join(closed, ", "))) : leaked(say("32-bit: ", join(open, ", ")));
}

std::optional<std::string> asked_for_filter(const Contract& contract) {
  const std::size_t count = refused_calls(contract).size();
  return count != 0 ? std::optional(say("a filter, for ", count, " of the calls made")) : std::nullopt;
}

const RuntimeRows rows = {
    {
        .id = "seccomp.compat.refused",
        .claim = "The system calls of 32-bit programs are no way around the filter.",
        .how =
            "A child of inside makes calls that the filter refuses with int 0x80, with arguments that the kernel can "
            "do nothing with: they end the process, or get the errno that was asked for.",
        .source = "OCI runtime-spec config-linux.md, Seccomp; seccomp(2), \"arch\"",
        .since = {3, 5},
        .reach = Reach::any_alone,
        .check = compat_calls,
        .asked = asked_for_filter,
    },
};

}  // namespace
}  // namespace nsproof
