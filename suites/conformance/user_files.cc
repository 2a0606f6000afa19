// User namespaces: root inside before the files of users that it has no number for (user_namespaces(7)).
#include <cerrno>

#include "harness/sys/files.h"
#include "harness/sys/idmaps.h"
#include "harness/sys/mounts.h"
#include "harness/sys/nsfs.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

constexpr const char* kFile = "/tmp/of-outside";

void make_outsides_file(World& w) { must(sys::make_file(w.outside(), kFile, "outside", 0600)); }

Observation foreign_file_read(World& w) {
  make_outsides_file(w);
  const sys::Got<std::string> got = sys::read_file(w.inside(), kFile);
  if (got.ok() && got.value != "outside") return unknown("inside reads what nobody wrote");
  return judge_refusal(got.reply, {EACCES});
}

Observation foreign_file_written(World& w) {
  make_outsides_file(w);
  const Reply reply = sys::write_file(w.inside(), kFile, "INSIDE!");
  const std::string now = must(sys::read_file(w.outside(), kFile));
  if (reply.error() == EACCES && now == "outside") return refused("inside gets EACCES and the file is as it was");
  if (now == "INSIDE!") return allowed("the file has what inside wrote");
  return unknown(say(reply.call, " = ", result_text(reply.value), ", and the file has ", quoted(now)));
}

Observation foreign_mode_changed(World& w) {
  make_outsides_file(w);
  const Reply reply = sys::chmod(w.inside(), kFile, 0666);
  const unsigned mode = must(sys::stat(w.outside(), kFile)).st_mode & 07777;
  if (reply.error() == EPERM && mode == 0600) return refused("chmod gets EPERM and the mode is still 0600");
  if (mode == 0666) return allowed("the mode is what inside made it");
  return unknown(say(reply.call, " = ", result_text(reply.value), ", and the mode is ", mode));
}

Observation foreign_file_taken(World& w) {
  make_outsides_file(w);
  must(sys::chown(w.outside(), kFile, 5, 5));
  const Reply reply = sys::chown(w.inside(), kFile, 0, 0);
  const std::uint32_t owner = must(sys::stat(w.outside(), kFile)).st_uid;
  if (reply.error() == EPERM && owner == 5) return refused("chown gets EPERM and the file still belongs to 5");
  if (reply.ok() && owner != 5) return allowed(say("the file belongs to ", owner, " now"));
  return unknown(say(reply.call, " = ", result_text(reply.value), ", and the owner is ", owner));
}

Observation file_given_to(World& w, std::int64_t id) {
  must(sys::make_file(w.inside(), "/tmp/of-inside", ""));
  return judge_refusal(sys::chown(w.inside(), "/tmp/of-inside", id, id), {EINVAL});
}

enum class Maps { unwritten, written };

// The tmpfs belongs to the new user namespace and stores owners in its numbers; there is none for an unmapped user.
Observation file_made_on_own_tmpfs(World& w, Maps maps) {
  Actor& child = w.clone(w.outside(), CLONE_NEWUSER | CLONE_NEWNS, "child");
  must(sys::mount(child, "tmpfs", "/mnt", "tmpfs"));
  if (maps == Maps::written) must(sys::map_ids(w.outside(), child.pid(), "0 0 1"));
  return judge_refusal(sys::make_file(child, "/mnt/file", ""), {EOVERFLOW});
}

// A file of outside's own 0, seen through a mount whose ids are those of a namespace with this map.
Observation file_written_through_mount(World& w, std::string_view map) {
  Actor& child = w.clone(w.outside(), CLONE_NEWUSER, "map-holder");
  must(sys::map_ids(w.outside(), child.pid(), map));
  const int ns = static_cast<int>(must(sys::open_ns(w.outside(), std::to_string(child.pid()), Ns::user)));
  must(sys::make_file(w.outside(), "/tmp/file", ""));
  constexpr unsigned kOpenTreeClone = 1;
  const int tree = static_cast<int>(must(sys::open_tree(w.outside(), AT_FDCWD, "/tmp", kOpenTreeClone | O_CLOEXEC)));
  must(sys::map_mount(w.outside(), tree, ns));
  return judge_refusal(sys::openat(w.outside(), tree, "file", O_WRONLY | O_CLOEXEC), {EACCES});
}

const Rows rows = {
    {
        .id = "user.file.foreign-unreadable",
        .claim = "Root inside cannot read a file that is private to a user without a mapping.",
        .how = "Outside makes a file of mode 0600; inside, root with its ids shifted, reads it.",
        .source = "user_namespaces(7), \"Accessing files\"; capabilities(7), CAP_DAC_OVERRIDE",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = foreign_file_read,
    },
    {
        .id = "user.file.foreign-unwritable",
        .claim = "Root inside cannot write to a file that is private to a user without a mapping.",
        .how = "Outside makes a file of mode 0600; inside, root with its ids shifted, writes to it; outside reads it.",
        .source = "user_namespaces(7), \"Accessing files\"; capabilities(7), CAP_DAC_OVERRIDE",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = foreign_file_written,
    },
    {
        .id = "user.file.foreign-mode-locked",
        .claim = "Root inside cannot change the mode of a file whose owner has no mapping.",
        .how = "Inside, root with its ids shifted, calls chmod(2) on a file of outside, which looks at the mode.",
        .source = "capabilities(7), CAP_FOWNER; CVE-2014-4014",
        .since = {3, 16},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = foreign_mode_changed,
    },
    {
        .id = "user.file.foreign-not-taken",
        .claim = "Root inside cannot make itself the owner of a file whose owner has no mapping.",
        .how = "Inside, root with its ids shifted, calls chown(2) on a file of user 5 of outside, which looks at the "
               "owner.",
        .source = "capabilities(7), CAP_CHOWN; CVE-2014-4014",
        .since = {3, 16},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = foreign_file_taken,
    },
    {
        .id = "user.file.unmapped-owner-refused",
        .claim = "A file cannot be given to an id that has no mapping: chown(2) is EINVAL.",
        .how = "Inside, with only 0 mapped, gives a file of its own to 1.",
        .source = "user_namespaces(7), \"Accessing files\"; chown(2)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return file_given_to(w, 1); },
        .control = [](World& w) { return file_given_to(w, 0); },
        .control_differs = "the id is 0, which is mapped",
    },
    {
        .id = "user.file.unmapped-creator-refused",
        .claim = "A user without a mapping cannot create a file on a file system of the namespace: EOVERFLOW.",
        .how =
            "A process in new user and mount namespaces mounts a tmpfs there and creates a file before there is a map.",
        .source = "commit 036d523641c6 (\"vfs: Don't create inodes with a uid or gid unknown to the vfs\")",
        .since = {4, 8},
        .check = [](World& w) { return file_made_on_own_tmpfs(w, Maps::unwritten); },
        .control = [](World& w) { return file_made_on_own_tmpfs(w, Maps::written); },
        .control_differs = "the maps are written before the file is created",
    },
    {
        .id = "user.file.unmapped-inode-read-only",
        .claim = "A file whose owner has no mapping cannot be opened for writing, not even by root: EACCES.",
        .how = "Outside opens a file of user 0 for writing through an id-mapped mount that has no mapping for 0.",
        .source = "inode_permission() in fs/namei.c, HAS_UNMAPPED_ID(); mount_setattr(2), \"ID-mapped mounts\"",
        .since = {6, 3},
        .check = [](World& w) { return file_written_through_mount(w, "5 0 1"); },
        .control = [](World& w) { return file_written_through_mount(w, "0 0 1"); },
        .control_differs = "the mount maps 0",
    },
};

}  // namespace
}  // namespace nsproof
