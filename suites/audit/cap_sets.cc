// The five capability sets as a whole: what was added, what could come back by execve(2), what stays (capabilities(7)).
#include <charconv>

#include "harness/audit/process_status.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/cap_judge.h"

namespace nsproof::audit {

Sight judge_privileged(const sys::CapabilitySets& sets, std::string_view last) {
  unsigned newest = 0;
  const std::string digits = trim(last);
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), newest);
  if (parsed.ec != std::errc{} || newest > 63) return unknown(say("cap_last_cap is ", quoted(digits)));
  const std::uint64_t all = ~std::uint64_t{0} >> (63 - newest);
  const std::uint64_t missing = all & ~sets.effective;
  const int count = __builtin_popcountll(missing);
  const std::string seen = count == 0 ? say("effective are all ", newest + 1)
                                      : say("effective are all ", newest + 1, " but ", count,
                                            count <= 4 ? say(": ", capability_names(missing)) : "");
  return weak_if(count <= 2 && (sets.effective & kOneStep) == kOneStep, seen);
}

Sight judge_bounding(const sys::CapabilitySets& sets, bool no_new_privs) {
  const std::uint64_t more = sets.bounding & ~sets.permitted;
  if (more == 0)
    return hardened(sets.bounding == 0 ? "the bounding set is empty" : "the bounding set holds what is permitted");
  std::string seen = say("in the bounding set, and not permitted: ", capability_names(more));
  if (no_new_privs) return weak(std::move(seen), Severity::low, "no_new_privs keeps file capabilities from working");
  return weak(std::move(seen));
}

std::string change_of_every_set(char sign, std::string_view capability) {
  std::vector<std::string> members;
  for (const char* set : {"bounding", "effective", "permitted", "inheritable", "ambient"})
    members.push_back(say("\"", sign, set, "\":[\"", capability, "\"]"));
  return say(R"({"process":{"capabilities":{)", join(members, ","), "}}}");
}

namespace {

const sys::CapabilitySets& sets_of(View& view) { return view.status().capabilities; }

Sight privileged(View& view) {
  const sys::Got<std::string>& last = view.file("/proc/sys/kernel/cap_last_cap");
  if (!last.ok()) return unknown(say("/proc/sys/kernel/cap_last_cap: ", errno_name(last.error())));
  return judge_privileged(sets_of(view), last.value);
}

Sight beyond_default(View& view) {
  const std::uint64_t held = sets_of(view).effective | sets_of(view).permitted;
  const std::uint64_t more = held & ~kContainerDefault;
  return weak_if(more != 0, say("held beyond what container engines give by default: ", capability_names(more)));
}

Sight not_dropped(View& view) {
  const std::uint64_t held = sets_of(view).effective | sets_of(view).permitted;
  return weak_if((held & ~set_of({CAP_NET_BIND_SERVICE})) != 0,
                 say("effective or permitted: ", capability_names(held)));
}

constexpr const char* kEmptySets =
    R"({"process":{"capabilities":{"bounding":[],"effective":[],"permitted":[],"inheritable":[],"ambient":[]}}})";
constexpr const char* kDropAll = "--cap-drop ALL";
constexpr const char* kKubernetesDropAll = "securityContext: {capabilities: {drop: [ALL]}}";
const Fix kDropThem = {.oci = kEmptySets, .docker = kDropAll, .kubernetes = kKubernetesDropAll, .bwrap = kDropAll};

// As root of the container's own user namespace execve(2) gives the whole bounding set.
constexpr const char* kEverything =
    R"("CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_DAC_READ_SEARCH","CAP_FOWNER","CAP_FSETID","CAP_KILL","CAP_SETGID",)"
    R"("CAP_SETUID","CAP_SETPCAP","CAP_LINUX_IMMUTABLE","CAP_NET_BIND_SERVICE","CAP_NET_BROADCAST","CAP_NET_ADMIN",)"
    R"("CAP_NET_RAW","CAP_IPC_LOCK","CAP_IPC_OWNER","CAP_SYS_MODULE","CAP_SYS_RAWIO","CAP_SYS_CHROOT",)"
    R"("CAP_SYS_PTRACE","CAP_SYS_PACCT","CAP_SYS_ADMIN","CAP_SYS_BOOT","CAP_SYS_NICE","CAP_SYS_RESOURCE",)"
    R"("CAP_SYS_TIME","CAP_SYS_TTY_CONFIG","CAP_MKNOD","CAP_LEASE","CAP_AUDIT_WRITE","CAP_AUDIT_CONTROL",)"
    R"("CAP_SETFCAP","CAP_MAC_OVERRIDE","CAP_MAC_ADMIN","CAP_SYSLOG","CAP_WAKE_ALARM","CAP_BLOCK_SUSPEND",)"
    R"("CAP_AUDIT_READ","CAP_PERFMON","CAP_BPF","CAP_CHECKPOINT_RESTORE")";

std::string with_everything() {
  std::vector<std::string> members;
  for (const char* set : {"bounding", "effective", "permitted", "inheritable", "ambient"})
    members.push_back(say("\"", set, "\":[", kEverything, "]"));
  return say(R"({"process":{"capabilities":{)", join(members, ","), "}}}");
}

const Rules rows = {
    {
        .id = "cap.set.privileged",
        .title = "The process holds all capabilities, as in a privileged container.",
        .severity = Severity::critical,
        .why = "Such a process administers the machine: nothing but its user namespace, if it has one, confines it.",
        .how = "CapEff of /proc/PID/status compared with cap_last_cap: at most two are missing, none that is one step.",
        .references = {"capabilities(7)", "CIS Docker 5.5", "CIS Kubernetes 5.2.2", "PSS baseline: privileged"},
        .fix = {.oci = kEmptySets,
                .docker = "without --privileged",
                .kubernetes = "securityContext: {privileged: false}",
                .bwrap = kDropAll},
        .confined = Confined::by_user_namespace,
        .look = privileged,
        .spoil = {.config = with_everything(),
                  .also = {"cap.*.held", "cap.set.beyond-default", "cap.set.not-dropped", "cap.ambient.set",
                           "cap.inheritable.set"}},
    },
    {
        .id = "cap.set.beyond-default",
        .title = "The process holds capabilities beyond those that container engines give by default.",
        .severity = Severity::medium,
        .why = "Somebody added them, and each opens kernel interfaces that the defaults were chosen to keep shut.",
        .how = "CapEff and CapPrm of /proc/PID/status, less the fourteen that Docker gives.",
        .references = {"capabilities(7)", "CIS Docker 5.4", "CIS Kubernetes 5.2.9", "PSS baseline: capabilities"},
        .fix = {.oci = kEmptySets,
                .docker = "without --cap-add",
                .kubernetes = "securityContext: {capabilities: {add: []}}",
                .bwrap = kDropAll},
        .confined = Confined::by_user_namespace,
        .look = beyond_default,
        .spoil = {.config = change_of_every_set('+', "CAP_SYS_NICE"),
                  .also = {"cap.sys-nice.held", "cap.set.not-dropped", "cap.ambient.set", "cap.inheritable.set"}},
    },
    {
        .id = "cap.set.not-dropped",
        .title = "The process has not dropped all capabilities.",
        .severity = Severity::low,
        .why = "Most services need none; CAP_NET_BIND_SERVICE alone is what the restricted standard lets them keep.",
        .how = "CapEff and CapPrm of /proc/PID/status.",
        .references = {"capabilities(7)", "PSS restricted: capabilities", "CIS Docker 5.4", "CIS Kubernetes 5.2.9"},
        .fix = kDropThem,
        .confined = Confined::by_user_namespace,
        .look = not_dropped,
        .spoil = {.config = change_of_every_set('+', "CAP_KILL"),
                  .also = {"cap.kill.held", "cap.ambient.set", "cap.inheritable.set"}},
    },
    {
        .id = "cap.bounding.wide",
        .title = "The bounding set holds capabilities that the process does not have.",
        .severity = Severity::medium,
        .why = "They come back with a file that has capabilities, or that is set-user-ID root.",
        .how = "CapBnd of /proc/PID/status, less CapPrm.",
        .references = {"capabilities(7)", "systemd.exec(5): CapabilityBoundingSet"},
        .fix = kDropThem,
        .confined = Confined::by_user_namespace,
        .look = [](View& view) { return judge_bounding(sets_of(view), view.status().no_new_privs); },
        .spoil = {.config = R"({"process":{"capabilities":{"+bounding":["CAP_CHOWN"]}}})"},
    },
    {
        .id = "cap.inheritable.set",
        .title = "The inheritable set of the process is not empty.",
        .severity = Severity::medium,
        .why = "A file with inheritable capabilities gives them to whoever executes it; engines once left it filled.",
        .how = "CapInh of /proc/PID/status.",
        .references = {"capabilities(7)", "CVE-2022-24769", "CVE-2022-29162"},
        .fix = kDropThem,
        .confined = Confined::by_user_namespace,
        .look =
            [](View& view) {
              return weak_if(sets_of(view).inheritable != 0,
                             say("inheritable: ", capability_names(sets_of(view).inheritable)));
            },
        .spoil = {.config = R"({"process":{"capabilities":{"+bounding":["CAP_CHOWN"],"+inheritable":["CAP_CHOWN"]}}})",
                  .also = {"cap.bounding.wide"}},
    },
    {
        .id = "cap.ambient.set",
        .title = "The ambient set of the process is not empty.",
        .severity = Severity::medium,
        .why = "Every program that it executes has these capabilities, though its user is not root.",
        .how = "CapAmb of /proc/PID/status.",
        .references = {"capabilities(7)"},
        .fix = kDropThem,
        .confined = Confined::by_user_namespace,
        .look =
            [](View& view) {
              return weak_if(sets_of(view).ambient != 0, say("ambient: ", capability_names(sets_of(view).ambient)));
            },
        .spoil = {.config = change_of_every_set('+', "CAP_CHOWN"),
                  .also = {"cap.chown.held", "cap.set.not-dropped", "cap.inheritable.set"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
