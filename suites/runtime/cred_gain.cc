// No new privileges: programs that would give privileges to whoever executes them give none (prctl(2),
// PR_SET_NO_NEW_PRIVS). Shown by executing them, as the file system of the sandbox has them.
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/launch/probe_image.h"
#include "harness/runtime/container.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/execute.h"
#include "harness/sys/files.h"
#include "harness/sys/identity.h"
#include "harness/sys/ids.h"
#include "suites/runtime/cred_file.h"

namespace nsproof {
namespace {

// Another user than inside, who has a number in the sandbox; outside's number for it. Root is the best one to become.
std::uint32_t somebody_else(World& w, std::uint32_t inside_id) {
  constexpr std::uint32_t kOrdinary = 1000;
  const std::optional<std::vector<Extent>>& map = w.contract().uid_map;
  const bool same_numbers = !map || w.place().rootfs().empty();
  if (same_numbers) return inside_id == 0 ? kOrdinary : 0;
  for (const Extent& extent : *map) {
    if (inside_id < extent.inside || inside_id - extent.inside >= extent.count) return extent.outside;
    if (extent.count > 1) return inside_id == extent.inside ? extent.outside + 1 : extent.outside;
  }
  return kOrdinary;
}

// The bit counts only when the file's group has a number in the sandbox, too (bprm_fill_uid() in fs/exec.c).
std::uint32_t some_group(World& w) {
  const std::optional<std::vector<Extent>>& map = w.contract().gid_map;
  return !map || map->empty() || w.place().rootfs().empty() ? 0 : map->front().outside;
}

// A file system that is noexec, or capabilities that the bounding set does not have (execve(2)).
Observation judge_refused(const Reply& executed) {
  const std::string text = say("executing it: ", errno_name(executed.error()));
  return executed.error() == EPERM || executed.error() == EACCES ? isolated(text) : unknown(text);
}

// A copy of the probe that is set-user-ID somebody else: who executes it is somebody else, unless privileges cannot be
// gained. It works for a root without a single capability, too.
Observation set_uid_twin(World& w) {
  const sys::ThreeIds before = must(sys::getresuid(w.inside()));
  SharedFile twin(w, "nsproof-twin", probe_image(), 0755);
  const std::uint32_t owner = somebody_else(w, before.effective);
  twin.give_to(owner, some_group(w));
  twin.set_mode(04755);
  const std::uint32_t seen_owner = must(sys::stat(w.inside(), twin.inside_path())).st_uid;
  const Reply executed = sys::execve(w.inside(), twin.inside_path());
  if (!executed.ok()) return judge_refused(executed);
  const sys::ThreeIds after = must(sys::getresuid(w.inside()));
  if (after.effective != before.effective || after.saved != before.saved)
    return leaked(say("user ", before.effective, " became user ", after.effective, " by executing a set-user-ID file"));
  return isolated(say("user ", before.effective, " executed a set-user-ID file of user ", seen_owner, " and is still ",
                      after.effective));
}

// From no capability at all. Root without the bit gets its bounding set back from every file, and any user what the
// file's own capabilities say.
Observation file_capability_twin(World& w) {
  must(sys::capset(w.inside(), {}));
  const Reply executed = sys::execve(w.inside(), path_inside(w, kFileCapabilityTwin));
  if (!executed.ok()) return judge_refused(executed);
  const sys::Capabilities after = must(sys::capget(w.inside()));
  if (after.permitted != 0)
    return leaked(say("after execve(2) the permitted set is ", hex(after.permitted).text, " and was empty before"));
  return isolated("the permitted set is as empty as before");
}

std::optional<std::string> asked_for_no_new_privs(const Contract& contract) {
  if (!contract.no_new_privs.value_or(false)) return std::nullopt;
  return "no new privileges";
}

const RuntimeRows rows = {
    {
        .id = "cred.no-new-privs.set-uid-file",
        .claim = "With no_new_privs a set-user-ID program runs as the user who executed it.",
        .how = "Outside puts a copy of the probe into the sandbox that is set-user-ID another user of the sandbox; "
               "inside executes it and reads its ids.",
        .source = "OCI runtime-spec config.md, process.noNewPrivileges; prctl(2); execve(2)",
        .since = {3, 5},
        .reach = Reach::any_sandbox,
        .check = set_uid_twin,
        .asked = asked_for_no_new_privs,
    },
    {
        .id = "cred.no-new-privs.file-capability",
        .claim = "With no_new_privs a process without capabilities gets none from a file that has some.",
        .how = "Inside drops every capability, executes a copy of the probe with CAP_NET_RAW on it and reads its sets.",
        .source = "OCI runtime-spec config.md, process.noNewPrivileges; prctl(2); capabilities(7)",
        .since = {3, 5},
        .reach = Reach::any_sandbox,
        .check = file_capability_twin,
        .asked = asked_for_no_new_privs,
    },
};

}  // namespace
}  // namespace nsproof
