// A read-only root: nothing can be written, and it stays so against remounting.
#include <fcntl.h>
#include <sys/mount.h>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/world/world.h"
#include "suites/runtime/path_attacks.h"

namespace nsproof {
namespace {

constexpr const char* kNewFile = "/nsproof-written";
constexpr const char* kOldFile = "/etc/passwd";

// Makes a file in "/" and takes it away again.
Reply write_to_root(Actor& actor) {
  const Reply made = sys::open(actor, kNewFile, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
  if (!made.ok()) return made;
  must(sys::close(actor, static_cast<int>(made.value)));
  must(sys::unlink(actor, kNewFile));
  return made;
}

// A read-only mount is the first thing that a new file fails for (open(2), EROFS). Any other error is about
// permissions, which are not what was asked for.
Observation judge_new_file(const Reply& made, const std::string& before) {
  if (made.ok()) return leaked(say(before, "a file can be made in /"));
  if (made.error() == EROFS) return isolated(say(before, "a new file in /: EROFS"));
  return leaked(say(before, "a new file in / fails with ", errno_name(made.error()), " and not for a read-only mount"));
}

Observation takes_no_new_file(World& w) { return judge_new_file(write_to_root(w.inside()), ""); }

Observation takes_no_change(World& w) {
  // Opening does not change it.
  const Reply opened = sys::open(w.inside(), kOldFile, O_WRONLY | O_CLOEXEC);
  if (opened.ok()) return leaked(say(kOldFile, " opens for writing"));
  if (opened.error() == ENOENT) return unknown(say("there is no ", kOldFile));
  return isolated(say(kOldFile, ": ", errno_name(opened.error())));
}

std::string outcome_of(const Reply& remounted) {
  return say("remounting / writable: ", remounted.ok() ? "done" : errno_name(remounted.error()));
}

template <Stand stand>
Observation stays_read_only(World& w) {
  const Hand hand = hand_of(w, stand);
  if (hand.actor == nullptr) return isolated(hand.refusal);
  const Reply remounted = sys::mount(*hand.actor, "", "/", "", MS_REMOUNT | MS_BIND);
  return judge_new_file(write_to_root(*hand.actor), say(outcome_of(remounted), "; "));
}

// The file system and not its mount: without MS_BIND.
Observation file_system_stays_read_only(World& w) {
  const Hand hand = hand_of(w, Stand::own_privileges);
  const Reply remounted = sys::mount(*hand.actor, "", "/", "", MS_REMOUNT);
  return judge_new_file(write_to_root(*hand.actor), say(outcome_of(remounted), "; "));
}

std::optional<std::string> asked_for_read_only_root(const Contract& contract) {
  if (!contract.readonly_root.value_or(false)) return std::nullopt;
  return "a read-only root";
}

constexpr const char* kSpec = "OCI runtime-spec config.md, Root (readonly)";

const RuntimeRows rows = {
    {
        .id = "root.readonly.no-new-file",
        .claim = "No file can be made in a read-only root.",
        .how = "Inside opens a new file in / with O_CREAT.",
        .source = kSpec,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = takes_no_new_file,
        .asked = asked_for_read_only_root,
    },
    {
        .id = "root.readonly.no-change",
        .claim = "No file of a read-only root can be opened for writing.",
        .how = "Inside opens /etc/passwd with O_WRONLY.",
        .source = kSpec,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = takes_no_change,
        .asked = asked_for_read_only_root,
    },
    {
        .id = "root.readonly.remount-refused",
        .claim = "The mount of a read-only root cannot be made writable.",
        .how = "Inside calls mount(2) with MS_REMOUNT|MS_BIND on / and makes a file there.",
        .source = "OCI runtime-spec config.md, Root (readonly); mount(2)",
        .since = {2, 6, 26},
        .reach = Reach::any_sandbox,
        .check = stays_read_only<Stand::own_privileges>,
        .asked = asked_for_read_only_root,
    },
    {
        .id = "root.readonly.reconfigure-refused",
        .claim = "The file system of a read-only root cannot be made writable.",
        .how = "Inside calls mount(2) with MS_REMOUNT on / and makes a file there.",
        .source = "OCI runtime-spec config.md, Root (readonly); mount(2)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = file_system_stays_read_only,
        .asked = asked_for_read_only_root,
    },
    {
        .id = "root.readonly.userns-remount-refused",
        .claim = "Privileges over a new user namespace do not suffice to make a read-only root writable.",
        .how = "Inside makes user and mount namespaces, remounts / there and makes a file.",
        .source = "mount_namespaces(7), Restrictions on mount namespaces",
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = stays_read_only<Stand::user_namespace>,
        .asked = asked_for_read_only_root,
    },
};

}  // namespace
}  // namespace nsproof
