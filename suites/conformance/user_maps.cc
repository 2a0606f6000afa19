// User namespaces: the form of uid_map and gid_map, and what they make of ids (user_namespaces(7)).
#include <cerrno>
#include <cstdint>
#include <vector>

#include "harness/sys/files.h"
#include "harness/sys/idmaps.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

using sys::MapFile;

Actor& unmapped_child(World& w) { return w.clone(w.outside(), CLONE_NEWUSER, "unmapped"); }

// A line a map: ids 0, 1, 2 ... of the child are the same ids outside, each an extent of its own.
std::string identity_lines(int extents) {
  std::string text;
  for (int id = 0; id < extents; ++id) text += say(id, " ", id, " 1\n");
  return text;
}

Observation judge_uid_map(World& w, std::string_view text) {
  const int pid = unmapped_child(w).pid();
  const Reply reply = sys::write_map(w.outside(), pid, MapFile::uid, text);
  return judge_mapping(w.outside(), pid, MapFile::uid, reply, {EINVAL});
}

enum class Maps { unwritten, written };

Observation maps_are_empty(World& w, Maps maps) {
  const int pid = unmapped_child(w).pid();
  if (maps == Maps::written) must(sys::map_ids(w.outside(), pid, "0 0 1"));
  const std::string users = must(sys::read_map(w.outside(), pid, MapFile::uid));
  const std::string groups = must(sys::read_map(w.outside(), pid, MapFile::gid));
  if (users.empty() && groups.empty()) return isolated("both maps are empty");
  if (users == "0 0 1" && groups == "0 0 1") return leaked("both maps have the line 0 0 1");
  return unknown(say("the maps are ", quoted(users), " and ", quoted(groups)));
}

Observation map_written(World& w, Maps before) {
  const int pid = unmapped_child(w).pid();
  if (before == Maps::written) must(sys::write_map(w.outside(), pid, MapFile::uid, "0 0 1"));
  const Reply reply = sys::write_map(w.outside(), pid, MapFile::uid, "0 0 1");
  return judge_mapping(w.outside(), pid, MapFile::uid, reply, {EPERM});
}

Observation malformed_refused(World& w) {
  // Counts of nothing, half a line, words, a fourth column, the id that means "none", ids beyond 32 bits.
  constexpr std::string_view kMalformed[] = {
      "0 0 0",          "0 0", "0", "root root 1", "0 0 1 1", "\n", "4294967295 0 1", "0 4294967295 1", "0 0 -1",
      "4294967290 0 10"};
  const int pid = unmapped_child(w).pid();
  for (const std::string_view text : kMalformed) {
    const Reply reply = sys::write_map(w.outside(), pid, MapFile::uid, text);
    const Observation seen = judge_refusal(reply, {EINVAL});
    if (seen.outcome != Outcome::isolated) return seen;
  }
  const std::string map = must(sys::read_map(w.outside(), pid, MapFile::uid));
  if (!map.empty()) return allowed(say("after refusals only, the map is ", quoted(map)));
  return refused("every malformed text is EINVAL and the map is still empty");
}

Observation offset_written(World& w, std::int64_t offset) {
  const int pid = unmapped_child(w).pid();
  const Reply reply = sys::write_map_at(w.outside(), pid, MapFile::uid, "0 0 1", offset);
  return judge_mapping(w.outside(), pid, MapFile::uid, reply, {EINVAL});
}

// Ids of a grandchild, of inside and of outside are to name the same owner. Ten extents, so that the kernel looks them
// up in its sorted arrays, in an order that is neither that of the ids inside nor of those outside.
constexpr Extent kExtents[] = {{0, 500, 1},    {40, 30, 3},   {10, 900, 5},  {100, 50, 20}, {70, 200, 2},
                               {1000, 300, 9}, {300, 700, 4}, {500, 10, 10}, {20, 400, 7},  {200, 600, 50}};
constexpr std::uint32_t kShift = 100000;  // IdMap::shifted()

struct Owner {
  std::uint32_t user;
  std::uint32_t group;
};

Owner owner_seen_by(Actor& actor) {
  const struct stat file = must(sys::stat(actor, "/tmp/owned"));
  return {file.st_uid, file.st_gid};
}

// `error` is added to what the maps say before it is compared with what the kernel does.
Observation ids_agree(World& w, std::uint32_t error) {
  Actor& grandchild = w.clone(w.inside(), CLONE_NEWUSER, "grandchild");
  std::string lines;
  for (const Extent& one : kExtents) lines += say(one.inside, " ", one.outside, " ", one.count, "\n");
  must(sys::map_ids(w.inside(), grandchild.pid(), lines));
  must(sys::make_file(w.outside(), "/tmp/owned", ""));
  for (const Extent& one : kExtents) {
    for (const std::uint32_t at : {0U, one.count - 1}) {
      const std::uint32_t there = one.inside + at;
      const std::uint32_t within = one.outside + at + error;
      const std::uint32_t here = kShift + within;
      must(sys::chown(w.outside(), "/tmp/owned", here - error, here - error));
      const Owner down = owner_seen_by(grandchild);
      must(sys::chown(grandchild, "/tmp/owned", there, there));
      const Owner middle = owner_seen_by(w.inside());
      const Owner up = owner_seen_by(w.outside());
      if (down.user != there || down.group != there || middle.user != within || middle.group != within ||
          up.user != here || up.group != here)
        return leaked(say("id ", there, " of the grandchild should be ", within, " inside and ", here,
                          " outside, but is ", middle.user, " and ", up.user, ", and back ", down.user));
    }
  }
  return isolated("both ends of all ten extents mean the same owner in three namespaces, downwards and upwards");
}

enum class Reader { creator, ancestor };

Observation columns_seen_by(World& w, Reader reader) {
  Actor& child = w.clone(w.inside(), CLONE_NEWUSER, "child");
  must(sys::map_ids(w.inside(), child.pid(), "5 0 1"));
  Actor& grandchild = w.clone(child, CLONE_NEWUSER, "grandchild");
  must(sys::write_map(child, grandchild.pid(), MapFile::uid, "7 5 1"));
  Actor& who = reader == Reader::creator ? child : w.inside();
  const std::string map = must(sys::read_map(who, grandchild.pid(), MapFile::uid));
  if (map == "7 0 1") return isolated("the map that was written as 7 5 1 reads 7 0 1");
  if (map == "7 5 1") return leaked("the map reads as it was written, 7 5 1");
  return unknown(say("the map that was written as 7 5 1 reads ", quoted(map)));
}

const Rows rows = {
    {
        .id = "user.map.starts-empty",
        .claim = "The id maps of a new user namespace are empty until somebody writes them.",
        .how = "Outside clones a process into a new user namespace and reads its uid_map and gid_map.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"",
        .since = {3, 8},
        .check = [](World& w) { return maps_are_empty(w, Maps::unwritten); },
        .control = [](World& w) { return maps_are_empty(w, Maps::written); },
        .control_differs = "one line has been written to each map",
    },
    {
        .id = "user.map.written-once",
        .claim = "A uid_map can be written once: the second write fails with EPERM.",
        .how = "Outside writes the same line twice to the uid_map of a new user namespace.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"",
        .since = {3, 8},
        .check = [](World& w) { return map_written(w, Maps::written); },
        .control = [](World& w) { return map_written(w, Maps::unwritten); },
        .control_differs = "it is the first write",
    },
    {
        .id = "user.map.malformed-refused",
        .claim = "A map line with a zero count, a missing or surplus column, words, or an impossible id is EINVAL.",
        .how = "Outside writes ten malformed texts to the uid_map of a new user namespace; each must fail and the map "
               "stay empty.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"",
        .since = {3, 8},
        .check = malformed_refused,
        .control = [](World& w) { return judge_uid_map(w, "0 0 1"); },
        .control_differs = "the line is well formed",
    },
    {
        .id = "user.map.overlap-refused",
        .claim = "Two map lines that share an id, on either side, are EINVAL.",
        .how = "Outside writes two extents of two ids each that have one of them in common.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"",
        .since = {3, 9},
        .needs = {Need::many_ids},
        .check =
            [](World& w) {
              const Observation inner = judge_uid_map(w, "0 10 2\n1 20 2\n");
              return inner.outcome == Outcome::isolated ? judge_uid_map(w, "0 10 2\n5 11 2\n") : inner;
            },
        .control = [](World& w) { return judge_uid_map(w, "0 10 2\n2 12 2\n"); },
        .control_differs = "the extents touch without a common id",
    },
    {
        .id = "user.map.extents-limited",
        .claim = "A map holds at most 340 lines; one more is EINVAL.",
        .how = "Outside writes 341 lines of one id each in one write, less than a page.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"; commit 6397fac4915a",
        .since = {4, 15},
        .needs = {Need::many_ids},
        .check = [](World& w) { return judge_uid_map(w, identity_lines(341)); },
        .control = [](World& w) { return judge_uid_map(w, identity_lines(340)); },
        .control_differs = "there are 340 lines",
    },
    {
        .id = "user.map.offset-refused",
        .claim = "A map can only be written from its beginning: a write at another offset is EINVAL.",
        .how = "Outside seeks to offset 1 of a uid_map and writes a good line.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"",
        .since = {3, 8},
        .check = [](World& w) { return offset_written(w, 1); },
        .control = [](World& w) { return offset_written(w, 0); },
        .control_differs = "the offset is 0",
    },
    {
        .id = "user.map.many-extents-agree",
        .claim = "With many extents in a nested namespace an id means the same owner in both directions.",
        .how = "A file is given to both ends of ten extents, by outside and by a grandchild; three namespaces look at "
               "its owner.",
        .source = "user_namespaces(7); CVE-2018-18955 (commit d2f007dbe7e4)",
        .since = {4, 15},
        .sandbox = {.namespaces = Ns::user, .map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = [](World& w) { return ids_agree(w, 0); },
        .control = [](World& w) { return ids_agree(w, 1); },
        .control_differs =
            "what the kernel says is compared with a map whose outer ids are one higher than those written",
    },
    {
        .id = "user.map.columns-relative",
        .claim = "The outer column of a map is shown in the ids of the reader's own namespace.",
        .how = "A child with the id 5 maps 7 of a grandchild to it; inside, where 5 of the child is 0, reads the map.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return columns_seen_by(w, Reader::ancestor); },
        .control = [](World& w) { return columns_seen_by(w, Reader::creator); },
        .control_differs = "the reader is the child that wrote the map",
    },
};

}  // namespace
}  // namespace nsproof
