// Whether a filter lets programs make namespaces: of users, which open the rest of the kernel to everybody, and the
// others; and clone3, whose flags no filter can see.
#include <linux/capability.h>
#include <linux/sched.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>

#include "harness/support/text.h"
#include "suites/audit/seccomp_group.h"

namespace nsproof::audit {
namespace {

struct Flag {
  std::string_view name;
  std::uint64_t value;
};

Trial unshare_of(const Flag& flag) {
  return labelled(say("unshare(", flag.name, ")"), trial(SYS_unshare, "unshare", {flag.value}));
}

Trial clone_of(const Flag& flag) {
  return labelled(say("clone(", flag.name, ")"), trial(SYS_clone, "clone", {flag.value | SIGCHLD}));
}

constexpr Flag kUser{"CLONE_NEWUSER", CLONE_NEWUSER};

// All but that of users. In clone(2) the bit of CLONE_NEWTIME belongs to the signal.
std::vector<Trial> other_namespaces() {
  std::vector<Trial> trials;
  const std::vector<Flag> flags = {{"CLONE_NEWNS", CLONE_NEWNS},   {"CLONE_NEWPID", CLONE_NEWPID},
                                   {"CLONE_NEWNET", CLONE_NEWNET}, {"CLONE_NEWIPC", CLONE_NEWIPC},
                                   {"CLONE_NEWUTS", CLONE_NEWUTS}, {"CLONE_NEWCGROUP", CLONE_NEWCGROUP}};
  for (const Flag& flag : flags) {
    trials.push_back(unshare_of(flag));
    trials.push_back(clone_of(flag));
  }
  trials.push_back(unshare_of({"CLONE_NEWTIME", CLONE_NEWTIME}));
  for (const Flag& flag : std::vector<Flag>{{"0", 0}, kUser})
    trials.push_back(labelled(say("setns(", flag.name, ")"), trial(SYS_setns, "setns", {3, flag.value})));
  return trials;
}

// clone3 shows a filter only a pointer. It is a hole where clone(2) is looked at.
Sight look_at_clone3(View& view) {
  const Outcome clone3 = try_calls(view, {trial(SYS_clone3, "clone3", {0, sizeof(clone_args)})});
  const Outcome clone = try_calls(view, {clone_of(kUser), unshare_of(kUser)});
  const std::string seen = say(clone3.text(), "; ", clone.text());
  if (clone3.through.empty()) return hardened(seen);
  return clone.refused.empty() ? weak(say(seen, "; the flags of clone are not looked at either"))
                               : weak(say(seen, "; but clone3 does the same, and no filter can see its flags"));
}

constexpr std::uint64_t kOthers =
    CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME;

// A rule that allows these calls if none of the flags is in their first argument. The bit of CLONE_NEWTIME is in no
// signal's number, so clone may share the rule.
std::string allowed_without(const std::string& names, std::uint64_t flags) {
  return say(R"({"names":[)", names, R"(],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":)", flags,
             R"(,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]})");
}

std::string refuse_user_namespaces() {
  return filter_change(say(allowing_rule({"unshare"}), ",", allowing_rule({"clone"})),
                       allowed_without(R"("clone","unshare")", kOthers | CLONE_NEWUSER));
}

Rule user_namespace_rule() {
  Rule rule = rule_of({.id = "seccomp.user-namespace.creatable",
                       .title = "The seccomp filter lets everybody make a user namespace.",
                       .severity = Severity::medium,
                       .why = "In a user namespace of its own every process has all capabilities, and with them parts "
                              "of the kernel in reach that were written for root.",
                       .references = {"user_namespaces(7)", "CVE-2022-0185", "CVE-2023-0386", "CVE-2024-1086"},
                       .trials = {unshare_of(kUser), clone_of(kUser)},
                       .names = {"unshare"},
                       .also = {"ns.user.creatable"},
                       .change = filter_change(std::string(kAllRefusals), allowed_without(R"("unshare")", kOthers))});
  rule.fix = refuse_with(refuse_user_namespaces(), {"clone and unshare with CLONE_NEWUSER"}, Profile::usual);
  rule.fix.host = "sysctl -w user.max_user_namespaces=0";
  return rule;
}

Rule clone3_rule() {
  Rule rule = rule_of({.id = "seccomp.clone3.unfiltered",
                       .title = "The seccomp filter lets clone3 through, whose flags it cannot see.",
                       .severity = Severity::medium,
                       .why = "The flags of clone3 are in memory, where no filter looks: whatever is refused to clone "
                              "can be had from it. It should be refused with ENOSYS, for libraries then use clone.",
                       .references = {"clone3(2)", "seccomp(2)", "CVE-2024-1086"},
                       .trials = {trial(SYS_clone3, "clone3")},
                       .names = {"clone3"},
                       .error = ENOSYS});
  rule.look = look_at_clone3;
  return rule;
}

const Rules rows({
    user_namespace_rule(),
    rule_of({.id = "seccomp.namespaces.creatable",
             .title = "The seccomp filter lets through the calls that make and join namespaces.",
             .severity = Severity::medium,
             .why = "With CAP_SYS_ADMIN, or inside a user namespace, they open the network stack, mounts and more of "
                    "the kernel; and setns is the last step into the host's.",
             .references = {"namespaces(7)", "setns(2)", "CVE-2024-1086"},
             .trials = other_namespaces(),
             .names = {"setns"},
             .weigh = worse_with(CAP_SYS_ADMIN, Severity::high)}),
    clone3_rule(),
});

}  // namespace
}  // namespace nsproof::audit
