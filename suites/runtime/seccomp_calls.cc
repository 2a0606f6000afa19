// Seccomp filters by really making the calls: those that a rule names, those that a rule names with some arguments,
// those that no rule names, and those that are allowed; by the container's process, its children and what they execute.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>

#include "harness/catalogue/property.h"
#include "harness/runtime/container.h"
#include "harness/support/text.h"
#include "harness/sys/execute.h"
#include "harness/sys/ids.h"
#include "harness/sys/process.h"
#include "suites/runtime/cred_file.h"
#include "suites/runtime/seccomp_filter.h"

namespace nsproof {
namespace {

using Action = Prediction::Action;
using sys::HarmlessCall;

struct Expected {
  const HarmlessCall* call;
  Prediction prediction;
};

std::vector<Expected> expected_calls(const Contract& contract, Action action, std::optional<Listed> listed) {
  std::vector<Expected> calls;
  if (!contract.seccomp) return calls;
  for (const HarmlessCall& call : sys::harmless_calls()) {
    const std::optional<Prediction> prediction = predict(*contract.seccomp, call);
    if (prediction && prediction->action == action && (!listed || prediction->listed == *listed))
      calls.push_back({&call, *prediction});
  }
  return calls;
}

std::string seen_text(const HarmlessCall& call, const Reply& reply) {
  return say(sys::text_of(call), " ", reply.ok() ? "succeeded" : errno_name(reply.error()));
}

// The first of them, for there may be many.
std::string some_of(std::vector<std::string> texts) {
  constexpr std::size_t kShown = 6;
  const std::size_t all = texts.size();
  texts.resize(std::min(all, kShown));
  return say(join(texts, "; "), all > kShown ? say("; and ", all - kShown, " more") : "");
}

Observation judge_errors(Actor& actor, const std::vector<Expected>& calls) {
  std::vector<std::string> wrong;
  for (const auto& [call, prediction] : calls) {
    const Reply reply = sys::make_call(actor, *call);
    if (reply.error() != prediction.error)
      wrong.push_back(say(seen_text(*call, reply), ", not ", errno_name(prediction.error)));
  }
  if (wrong.empty()) return isolated(say("each of ", calls.size(), " calls got its errno"));
  return leaked(say(wrong.size(), " of ", calls.size(), " calls: ", some_of(wrong)));
}

template <Listed kListed>
Observation refused_calls(World& w) {
  return judge_errors(w.inside(), expected_calls(w.contract(), Action::error, kListed));
}

Observation refused_to_child(World& w) {
  return judge_errors(w.fork(w.inside(), "child"), expected_calls(w.contract(), Action::error, std::nullopt));
}

Observation refused_after_execve(World& w) {
  must(sys::execve(w.inside(), path_inside(w, kProbeInside)));
  return judge_errors(w.inside(), expected_calls(w.contract(), Action::error, std::nullopt));
}

// An allowed call is answered by the kernel as it answers outside, with or without privileges.
Observation allowed_calls(World& w) {
  const std::vector<Expected> calls = expected_calls(w.contract(), Action::allow, std::nullopt);
  Actor& powerless = w.fork(w.outside(), "powerless");
  must(sys::capset(powerless, {}));
  std::vector<std::string> wrong;
  for (const auto& [call, prediction] : calls) {
    const Reply inside = sys::make_call(w.inside(), *call);
    const Reply outside = sys::make_call(w.outside(), *call);
    if (inside.error() == outside.error() || inside.error() == sys::make_call(powerless, *call).error()) continue;
    wrong.push_back(
        say(seen_text(*call, inside), ", outside ", outside.ok() ? "succeeds" : errno_name(outside.error())));
  }
  if (wrong.empty()) return isolated(say("each of ", calls.size(), " calls is answered as it is outside"));
  return leaked(some_of(wrong));
}

// A filter that refuses one call with an errno that the kernel never has for it (seccomp(2)).
void refuse(Actor& actor, const HarmlessCall& call) {
  const sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call.number), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(program), nullptr};
  Arg pointer = record(raw(filter), say("{", call.name, " is EXDEV}"));
  pointer.pointers = {{offsetof(sock_fprog, filter), record(raw(program), "")}};
  must(actor.call(SYS_seccomp, "seccomp",
                  {named(SECCOMP_SET_MODE_FILTER, "SECCOMP_SET_MODE_FILTER"), num(0), std::move(pointer)}));
}

// Any call but those by which the probe itself lives.
Observation one_call_refused(World& w) {
  for (const auto& [call, prediction] : expected_calls(w.contract(), Action::allow, std::nullopt)) {
    if (call->number == SYS_read || call->number == SYS_write || call->number == SYS_close) continue;
    refuse(w.inside(), *call);
    break;
  }
  return allowed_calls(w);
}

// A filter that kills sends SIGSYS, or ends the process as if by it.
Observation killing_calls(World& w) {
  constexpr std::size_t kMost = 8;
  std::vector<Expected> calls = expected_calls(w.contract(), Action::kill, std::nullopt);
  if (calls.size() > kMost) calls.resize(kMost);
  std::vector<std::string> killed;
  for (const auto& [call, prediction] : calls) {
    Actor& child = w.fork(w.inside(), "child");
    try {
      const Reply reply = sys::make_call(child, *call);
      return leaked(say("after ", seen_text(*call, reply), " the child lives"));
    } catch (const Lost&) {
      const int status = must(sys::wait4(w.inside(), child.pid())).status;
      if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
        return leaked(say("after ", call->name, " the child ", sys::status_text(status)));
      killed.emplace_back(call->name);
    }
  }
  return isolated(say("SIGSYS ended who called ", join(killed, ", ")));
}

template <Action kAction>
std::optional<std::string> asked_for(const Contract& contract) {
  const std::size_t count = expected_calls(contract, kAction, std::nullopt).size();
  return count != 0 ? std::optional(say("a filter, for ", count, " of the calls made")) : std::nullopt;
}

template <Listed kListed>
std::optional<std::string> asked_for_listed(const Contract& contract) {
  const std::size_t count = expected_calls(contract, Action::error, kListed).size();
  return count != 0 ? std::optional(say("a filter, for ", count, " of the calls made")) : std::nullopt;
}

constexpr std::string_view kSource = "OCI runtime-spec config-linux.md, Seccomp; seccomp(2)";
constexpr std::string_view kHow =
    "Inside makes some ninety calls with arguments that the kernel can do nothing with, and compares each errno with "
    "the "
    "one that the filter was asked to give.";

const RuntimeRows rows = {
    {
        .id = "seccomp.listed.refused",
        .claim = "Calls that the filter refuses by their name get the errno that was asked for.",
        .how = kHow,
        .source = kSource,
        .since = {3, 5},
        .reach = Reach::any_sandbox,
        .check = refused_calls<Listed::by_name>,
        .asked = asked_for_listed<Listed::by_name>,
    },
    {
        .id = "seccomp.arguments.refused",
        .claim = "Calls that the filter refuses by their arguments get the errno that was asked for.",
        .how =
            "Inside makes such calls with arguments that a condition names: namespaces to make, families of sockets.",
        .source = kSource,
        .since = {3, 5},
        .reach = Reach::any_sandbox,
        .check = refused_calls<Listed::by_arguments>,
        .asked = asked_for_listed<Listed::by_arguments>,
    },
    {
        .id = "seccomp.unlisted.refused",
        .claim = "Calls that no rule of the filter names get the default errno.",
        .how = kHow,
        .source = kSource,
        .since = {3, 5},
        .reach = Reach::any_sandbox,
        .check = refused_calls<Listed::nowhere>,
        .asked = asked_for_listed<Listed::nowhere>,
    },
    {
        .id = "seccomp.child.refused",
        .claim = "A child of the container's process is under the same filter.",
        .how = "A fork of inside makes the calls that the filter refuses.",
        .source = kSource,
        .since = {3, 5},
        .reach = Reach::any_sandbox,
        .check = refused_to_child,
        .asked = asked_for<Action::error>,
    },
    {
        .id = "seccomp.executed.refused",
        .claim = "A program that the container's process executes is under the same filter.",
        .how = "Inside executes the probe, which makes the calls that the filter refuses.",
        .source = kSource,
        .since = {3, 5},
        .reach = Reach::any_sandbox,
        .check = refused_after_execve,
        .asked = asked_for<Action::error>,
    },
    {
        .id = "seccomp.allowed.answered",
        .claim = "Calls that the filter allows are answered by the kernel.",
        .how =
            "Inside and outside make the same calls with arguments that the kernel can do nothing with; both get the "
            "same errno.",
        .source = kSource,
        .since = {3, 17},
        .reach = Reach::any_sandbox,
        .check = allowed_calls,
        .control = one_call_refused,
        .control_differs = "the process has a filter that refuses one of the calls",
        .asked = asked_for<Action::allow>,
    },
    {
        .id = "seccomp.killing.kills",
        .claim = "A process that makes a call which the filter kills for is ended by SIGSYS.",
        .how = "A child of inside makes the call, one child for each of up to eight; inside waits for it.",
        .source = kSource,
        .since = {3, 5},
        .reach = Reach::any_alone,
        .check = killing_calls,
        .asked = asked_for<Action::kill>,
    },
};

}  // namespace
}  // namespace nsproof
