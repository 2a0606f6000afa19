// User namespaces: /proc/PID/setgroups and the call that it governs, lest a process shed a group that locks it out
// (user_namespaces(7), CVE-2014-8989).
#include <cerrno>

#include "harness/sys/files.h"
#include "harness/sys/idmaps.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

using sys::MapFile;

Actor& child_in_new_namespace(World& w) { return w.clone(w.outside(), CLONE_NEWUSER, "child"); }

Observation written_after_deny(World& w, std::string_view word) {
  const int pid = child_in_new_namespace(w).pid();
  must(sys::write_setgroups(w.outside(), pid, "deny"));
  const Observation seen = judge_refusal(sys::write_setgroups(w.outside(), pid, word), {EPERM});
  const std::string now = must(sys::read_setgroups(w.outside(), pid));
  if (now != "deny") return unknown(say("after that the file says ", quoted(now)));
  return seen;
}

enum class GroupMap { unwritten, written };

Observation denied(World& w, GroupMap map) {
  const int pid = child_in_new_namespace(w).pid();
  if (map == GroupMap::written) must(sys::write_map(w.outside(), pid, MapFile::gid, "0 0 1"));
  const Observation seen = judge_refusal(sys::write_setgroups(w.outside(), pid, "deny"), {EPERM});
  if (seen.outcome == Outcome::leaked && must(sys::read_setgroups(w.outside(), pid)) != "deny")
    return unknown(say(seen.reason, ", but the file does not say deny"));
  return seen;
}

Observation called(World& w, GroupMap map) {
  Actor& child = child_in_new_namespace(w);
  if (map == GroupMap::written) must(sys::write_map(w.outside(), child.pid(), MapFile::gid, "0 0 1"));
  return judge_refusal(sys::setgroups(child, {}), {EPERM});
}

enum class Setgroups { allowed, denied };

Observation called(World& w, Setgroups setting) {
  Actor& child = child_in_new_namespace(w);
  if (setting == Setgroups::denied) must(sys::write_setgroups(w.outside(), child.pid(), "deny"));
  must(sys::write_map(w.outside(), child.pid(), MapFile::gid, "0 0 1"));
  return judge_refusal(sys::setgroups(child, {}), {EPERM});
}

Observation inherited(World& w, Setgroups setting) {
  Actor& child = child_in_new_namespace(w);
  if (setting == Setgroups::denied) must(sys::write_setgroups(w.outside(), child.pid(), "deny"));
  must(sys::map_ids(w.outside(), child.pid(), "0 0 1"));
  Actor& grandchild = w.clone(child, CLONE_NEWUSER, "grandchild");
  const std::string word = must(sys::read_setgroups(child, grandchild.pid()));
  if (word == "deny") return isolated("the grandchild's namespace says deny");
  if (word == "allow") return leaked("the grandchild's namespace says allow");
  return unknown(say("the grandchild's setgroups file says ", quoted(word)));
}

// A file that everybody may read but the members of one group: leaving the group would be a gain.
constexpr std::uint32_t kUser = 1000;
constexpr std::uint32_t kShunned = 2000;
constexpr const char* kFile = "/tmp/not-for-the-group";

Actor& member_of_the_shunned_group(World& w) {
  must(sys::make_file(w.outside(), kFile, "gain", 0604));
  must(sys::chmod(w.outside(), kFile, 0604));
  must(sys::chown(w.outside(), kFile, 0, kShunned));
  Actor& member = w.fork(w.outside(), "member");
  must(sys::setgroups(member, {kShunned}));
  return member;
}

void become_ordinary(Actor& actor) {
  must(sys::setresgid(actor, kUser, kUser, kUser));
  must(sys::setresuid(actor, kUser, kUser, kUser));
  must(sys::prctl(actor, PR_SET_DUMPABLE, "PR_SET_DUMPABLE", 1));
}

Observation judge_reading(Actor& reader) {
  const sys::Got<std::string> got = sys::read_file(reader, kFile);
  if (got.ok() && got.value != "gain") return unknown("the file reads as something that nobody wrote");
  return judge_refusal(got.reply, {EACCES});
}

Observation group_kept(World& w) {
  Actor& member = member_of_the_shunned_group(w);
  become_ordinary(member);
  Actor& child = w.clone(member, CLONE_NEWUSER, "child");
  must(sys::write_setgroups(member, child.pid(), "deny"));
  must(sys::map_ids(member, child.pid(), "0 1000 1"));
  const Observation dropping = judge_refusal(sys::setgroups(child, {}), {EPERM});
  return dropping.outcome == Outcome::isolated ? judge_reading(child) : dropping;
}

Observation group_dropped_by_root(World& w) {
  Actor& member = member_of_the_shunned_group(w);
  must(sys::setgroups(member, {}));
  become_ordinary(member);
  return judge_reading(member);
}

const Rows rows = {
    {
        .id = "user.setgroups.deny-is-final",
        .claim = "Once /proc/PID/setgroups says deny it cannot be turned back to allow.",
        .how = "Outside writes deny and then allow for a new user namespace; the second write is EPERM and deny stays.",
        .source = "user_namespaces(7), \"The /proc/pid/setgroups file\"",
        .since = {3, 19},
        .check = [](World& w) { return written_after_deny(w, "allow"); },
        .control = [](World& w) { return written_after_deny(w, "deny"); },
        .control_differs = "the second word is deny again",
    },
    {
        .id = "user.setgroups.frozen-by-group-map",
        .claim = "After gid_map has been written /proc/PID/setgroups can no longer be set to deny.",
        .how = "Outside writes the gid_map of a new user namespace and then deny, which is EPERM.",
        .source = "user_namespaces(7), \"The /proc/pid/setgroups file\"",
        .since = {3, 19},
        .check = [](World& w) { return denied(w, GroupMap::written); },
        .control = [](World& w) { return denied(w, GroupMap::unwritten); },
        .control_differs = "the gid_map has not been written",
    },
    {
        .id = "user.setgroups.call-needs-group-map",
        .claim = "setgroups(2) is EPERM in a user namespace until its gid_map is written.",
        .how = "A process in a new user namespace, with every capability there, calls setgroups(2).",
        .source = "user_namespaces(7), \"The /proc/pid/setgroups file\"; CVE-2014-8989",
        .since = {3, 19},
        .needs = {Need::many_ids},
        .check = [](World& w) { return called(w, GroupMap::unwritten); },
        .control = [](World& w) { return called(w, GroupMap::written); },
        .control_differs = "the gid_map has been written",
    },
    {
        .id = "user.setgroups.call-denied",
        .claim = "setgroups(2) is EPERM in a user namespace whose setgroups file says deny.",
        .how = "Outside denies it and writes the gid_map; a process inside with every capability calls setgroups(2).",
        .source = "user_namespaces(7), \"The /proc/pid/setgroups file\"",
        .since = {3, 19},
        .needs = {Need::many_ids},
        .check = [](World& w) { return called(w, Setgroups::denied); },
        .control = [](World& w) { return called(w, Setgroups::allowed); },
        .control_differs = "nobody wrote deny",
    },
    {
        .id = "user.setgroups.deny-inherited",
        .claim = "A user namespace that is made where setgroups is denied has it denied as well.",
        .how = "A process in a namespace with deny makes another one; its setgroups file is read.",
        .source = "user_namespaces(7), \"The /proc/pid/setgroups file\"",
        .since = {3, 19},
        .needs = {Need::many_ids},
        .check = [](World& w) { return inherited(w, Setgroups::denied); },
        .control = [](World& w) { return inherited(w, Setgroups::allowed); },
        .control_differs = "the parent namespace says allow",
    },
    {
        .id = "user.setgroups.no-gain-by-dropping",
        .claim =
            "An ordinary user cannot leave a group by way of a user namespace, and so not read what is kept from it.",
        .how = "A member of a group that a file of mode 0604 shuts out makes a user namespace, calls setgroups(2) and "
               "reads.",
        .source = "user_namespaces(7); CVE-2014-8989 (commit 9cc46516ddf4)",
        .since = {3, 19},
        .needs = {Need::many_ids},
        .check = group_kept,
        .control = group_dropped_by_root,
        .control_differs = "root took the group from the process beforehand",
    },
};

}  // namespace
}  // namespace nsproof
