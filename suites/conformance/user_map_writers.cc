// User namespaces: who may write which line to an id map (user_namespaces(7), "Defining user and group ID mappings").
#include <linux/capability.h>

#include <cerrno>

#include "harness/sys/files.h"
#include "harness/sys/idmaps.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

using sys::MapFile;

constexpr std::uint32_t kUser = 1000;

// The user makes a namespace and writes the map of its child.
Observation user_maps(World& w, std::string_view line) {
  Actor& user = ordinary_user(w, kUser);
  Actor& child = w.clone(user, CLONE_NEWUSER, "child");
  const Reply reply = sys::write_map(user, child.pid(), MapFile::uid, line);
  return judge_mapping(user, child.pid(), MapFile::uid, reply, {EPERM});
}

Observation others_id_refused(World& w) {
  const Observation other = user_maps(w, "0 1001 1");
  return other.outcome == Outcome::isolated ? user_maps(w, "0 1000 2") : other;
}

enum class Setgroups { untouched, denied };

Observation user_maps_group(World& w, Setgroups before) {
  Actor& user = ordinary_user(w, kUser);
  Actor& child = w.clone(user, CLONE_NEWUSER, "child");
  if (before == Setgroups::denied) must(sys::write_setgroups(user, child.pid(), "deny"));
  const Reply reply = sys::write_map(user, child.pid(), MapFile::gid, "0 1000 1");
  return judge_mapping(user, child.pid(), MapFile::gid, reply, {EPERM});
}

enum class Writer { parent, grandparent };

Observation map_written_from(World& w, Writer from) {
  Actor& nested = w.clone(w.inside(), CLONE_NEWUSER, "nested");
  Actor& writer = from == Writer::parent ? w.inside() : w.outside();
  const Reply reply = sys::write_map(writer, nested.pid(), MapFile::uid, "0 0 1");
  return judge_mapping(writer, nested.pid(), MapFile::uid, reply, {EPERM});
}

enum class Opener { privileged, unprivileged };

Observation map_opened_by(World& w, Opener opener) {
  Actor& creator = w.fork(w.outside(), "creator");
  Actor& child = w.clone(creator, CLONE_NEWUSER, "child");
  const sys::Capabilities all = must(sys::capget(creator));
  sys::Capabilities at_open = all;
  // Permitted stay, so that the very same process can be privileged again when it writes.
  if (opener == Opener::unprivileged) at_open.effective = 0;
  must(sys::capset(creator, at_open));
  const int fd = static_cast<int>(must(sys::open_map(creator, child.pid(), MapFile::uid)));
  must(sys::capset(creator, all));
  return judge_mapping(creator, child.pid(), MapFile::uid, sys::write(creator, fd, "0 1000 1"), {EPERM});
}

enum class Setfcap { withheld, held };

Observation parents_root_mapped(World& w, Setfcap setfcap) {
  Actor& creator = w.fork(w.outside(), "creator");
  Actor& child = w.clone(creator, CLONE_NEWUSER, "child");
  sys::Capabilities set = must(sys::capget(creator));
  if (setfcap == Setfcap::withheld) set.effective &= ~(1ULL << CAP_SETFCAP);
  must(sys::capset(creator, set));
  const Reply reply = sys::write_map(creator, child.pid(), MapFile::uid, "0 0 1");
  return judge_mapping(creator, child.pid(), MapFile::uid, reply, {EPERM});
}

enum class Write { first, second };

// The writer has no capability over the parent at all, and needs none.
Observation projects_mapped(World& w, Write which) {
  Actor& user = ordinary_user(w, kUser);
  Actor& child = w.clone(user, CLONE_NEWUSER, "child");
  if (which == Write::second) must(sys::write_map(user, child.pid(), MapFile::projid, "0 7 2"));
  const Reply reply = sys::write_map(user, child.pid(), MapFile::projid, "0 7 2");
  return judge_mapping(user, child.pid(), MapFile::projid, reply, {EPERM});
}

const Rows rows = {
    {
        .id = "user.map.unprivileged-own-id-only",
        .claim = "Without CAP_SETUID in the parent namespace a process can map its own user id and no other.",
        .how = "A process with uid 1000 and no capability makes a user namespace and maps 1001, or 1000 and 1001.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"",
        .since = {3, 8},
        .needs = {Need::many_ids},
        .check = others_id_refused,
        .control = [](World& w) { return user_maps(w, "0 1000 1"); },
        .control_differs = "the line maps the writer's own id alone",
    },
    {
        .id = "user.map.group-needs-setgroups-denied",
        .claim = "Without CAP_SETGID in the parent a gid_map can only be written after setgroups(2) has been denied.",
        .how = "A process with gid 1000 and no capability maps its own group id in a namespace that it made.",
        .source = "user_namespaces(7), \"The /proc/pid/setgroups file\"; CVE-2014-8989",
        .since = {3, 19},
        .needs = {Need::many_ids},
        .check = [](World& w) { return user_maps_group(w, Setgroups::untouched); },
        .control = [](World& w) { return user_maps_group(w, Setgroups::denied); },
        .control_differs = "\"deny\" has been written to /proc/PID/setgroups before",
    },
    {
        .id = "user.map.writer-is-parent-or-member",
        .claim = "A map can only be written from the namespace itself or its parent, not from further up.",
        .how = "Outside, with every capability, writes to the map of a namespace that was made inside.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return map_written_from(w, Writer::grandparent); },
        .control = [](World& w) { return map_written_from(w, Writer::parent); },
        .control_differs = "inside, the parent, writes",
    },
    {
        .id = "user.map.opener-must-be-privileged",
        .claim = "The right to map foreign ids is asked of the process that opened the map as well as of the writer.",
        .how = "A process opens a uid_map with no effective capability, takes them all again and maps a foreign id.",
        .source = "user_namespaces(7); CVE-2013-1959 (commit 6708075f104c)",
        .since = {3, 9},
        .needs = {Need::many_ids},
        .check = [](World& w) { return map_opened_by(w, Opener::unprivileged); },
        .control = [](World& w) { return map_opened_by(w, Opener::privileged); },
        .control_differs = "the capabilities are effective when the map is opened too",
    },
    {
        .id = "user.map.parents-root-needs-setfcap",
        .claim = "Mapping the root of the parent namespace needs CAP_SETFCAP there.",
        .how = "Root with every capability but CAP_SETFCAP maps its own id 0 in a namespace that it made.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"; commit db2e718a4798",
        .since = {5, 12},
        .check = [](World& w) { return parents_root_mapped(w, Setfcap::withheld); },
        .control = [](World& w) { return parents_root_mapped(w, Setfcap::held); },
        .control_differs = "the writer has CAP_SETFCAP as well",
    },
    {
        .id = "user.projid.map-written-once",
        .claim = "A projid_map needs no capability, and like the others it can be written only once.",
        .how = "A process with uid 1000 and no capability writes the projid_map of a namespace that it made, twice.",
        .source = "user_namespaces(7), \"Project ID mappings\"",
        .since = {3, 7},
        .needs = {Need::initial_root},
        .check = [](World& w) { return projects_mapped(w, Write::second); },
        .control = [](World& w) { return projects_mapped(w, Write::first); },
        .control_differs = "it is the first write",
    },
};

}  // namespace
}  // namespace nsproof
