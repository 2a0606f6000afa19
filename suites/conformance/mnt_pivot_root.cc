// Mount namespaces: pivot_root(2), the way in which a container leaves the old tree behind for good.
#include <linux/capability.h>

#include "harness/catalogue/property.h"
#include "harness/sys/ids.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

constexpr std::string_view kNew = "/tmp/new";
constexpr std::string_view kOldMark = "tmp/old-mark";  // of the old tree

bool is_process(std::string_view name) { return name.find_first_not_of("0123456789") == std::string_view::npos; }

// The ways to the old tree that `actor` finds: up from its root and directory, through the roots and directories of
// every process that it sees, and in the list of its mounts.
std::vector<std::string> ways_back(Actor& actor) {
  std::vector<std::string> starts = {"..", "/..", "../../../.."};
  for (const std::string& name : must(sys::list_directory(actor, "/proc")))
    if (is_process(name) || name == "self")
      for (const char* link : {"/root", "/cwd", "/root/..", "/cwd/.."}) starts.push_back(say("/proc/", name, link));
  std::vector<std::string> found;
  for (const std::string& start : starts)
    if (reaches(actor, say(start, "/", kOldMark))) found.push_back(start);
  const auto mounts = must(sys::mountinfo(actor));
  const auto root = sys::mount_at(mounts, "/"), proc = sys::mount_at(mounts, "/proc");
  for (const sys::MountInfo& mount : mounts)
    if (mount.id != root->id && mount.id != proc->id) found.push_back(say("the mount at ", mount.target));
  return found;
}

enum class OldRoot { detached, left };

Observation leave_old_tree(World& w, OldRoot old) {
  must(sys::make_file(w.outside(), say("/", kOldMark), "old"));
  Actor& inside = w.inside();
  make_marked(inside, kNew);
  must(sys::mkdir(inside, say(kNew, "/proc")));
  must(sys::mount(inside, "proc", say(kNew, "/proc"), "proc"));
  must(sys::chdir(inside, kNew));
  must(sys::pivot_root(inside, ".", "."));
  if (old == OldRoot::detached) must(sys::umount(inside, ".", MNT_DETACH));
  if (!reaches(inside, "/mark")) return unknown("the new tree is not the root");
  const std::vector<std::string> found = ways_back(inside);
  if (found.empty()) return isolated("no path, no process and no mount leads to the old tree");
  return leaked(say("ways to the old tree: ", join(found, ", ")));
}

enum class Bystander { at_old_root, in_a_jail };

Observation bystander_moves(World& w, Bystander place) {
  Actor& inside = w.inside();
  make_marked(inside, kNew);
  must(sys::mkdir(inside, say(kNew, "/old")));
  must(sys::mkdir(inside, "/tmp/jail"));
  must(sys::make_file(inside, "/tmp/jail/jail-mark", "jail"));
  Actor& bystander = w.fork(inside, "bystander");
  if (place == Bystander::in_a_jail) must(sys::chroot(bystander, "/tmp/jail"));
  must(sys::chdir(bystander, "/"));
  must(sys::pivot_root(inside, kNew, say(kNew, "/old")));
  if (!reaches(inside, "/mark")) return unknown("the new tree is not the root of its maker");
  const bool moved = reaches(bystander, "/mark") && reaches(bystander, "mark");
  const bool stayed = reaches(bystander, "/jail-mark") && reaches(bystander, "jail-mark");
  if (moved && !stayed) return isolated("root and directory of the bystander are the new root");
  if (stayed && !moved) return leaked("root and directory of the bystander stayed where they were");
  return unknown("root and directory of the bystander are neither old nor new");
}

// One attempt: whether it takes effect shows in the file of the new tree.
struct Attempt {
  std::string_view new_root = "/tmp/new";
  std::string_view put_old = "/tmp/new/old";
  int error = 0;
  std::uint64_t type_of_parent = MS_PRIVATE;
  bool capable = true;
};

Observation pivot(World& w, const Attempt& attempt) {
  Actor& inside = w.inside();
  for (const char* directory : {"/tmp/new", "/tmp/plain", "/tmp/plain/old"}) must(sys::mkdir(inside, directory));
  must(sys::make_file(inside, "/tmp/file", "file"));
  mount_marked(inside, kNew);
  must(sys::mkdir(inside, "/tmp/new/old"));
  must(set_type(inside, "/tmp", attempt.type_of_parent));
  if (!attempt.capable) {
    sys::Capabilities less = must(sys::capget(inside));
    less.effective &= ~(1ULL << CAP_SYS_ADMIN);
    must(sys::capset(inside, less));
  }
  const Reply reply = sys::pivot_root(inside, attempt.new_root, attempt.put_old);
  return refusal(reply, {attempt.error}, reaches(inside, "/mark"), "pivot_root");
}

Observation good_pivot(World& w) { return pivot(w, {}); }

const Sandbox kOwnMounts = {.namespaces = Ns::mnt};
constexpr std::string_view kHow =
    "Inside prepares a new tmpfs with a file at /tmp/new and looks for that file in / after the attempt.";
constexpr std::string_view kManPage = "pivot_root(2)";
constexpr std::string_view kGood = "the same tree with pivot_root(\"/tmp/new\", \"/tmp/new/old\")";

const Rows rows = {
    {
        .id = "mnt.pivot-root.old-tree-unreachable",
        .claim = "After pivot_root(\".\", \".\") and a lazy unmount no path, process or mount leads to the old tree.",
        .how = "Inside changes to a new tmpfs in this way, then looks for a file of the old tree upwards from its root "
               "and "
               "directory and from those of every process that it sees, and for mounts that are not its own.",
        .source = "pivot_root(2), \"pivot_root(., .)\"",
        .since = {3, 8},
        .sandbox = {.namespaces = {Ns::mnt, Ns::pid}},
        .check = [](World& w) { return leave_old_tree(w, OldRoot::detached); },
        .control = [](World& w) { return leave_old_tree(w, OldRoot::left); },
        .control_differs = "the old tree is not unmounted",
    },
    {
        .id = "mnt.pivot-root.moves-other-processes",
        .claim = "pivot_root(2) moves every process whose root and directory were the old root to the new one.",
        .how =
            "A second process stands at the old root while inside changes it; then it looks for the new tree's file.",
        .source = kManPage,
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return bystander_moves(w, Bystander::at_old_root); },
        .control = [](World& w) { return bystander_moves(w, Bystander::in_a_jail); },
        .control_differs = "the second process is chrooted elsewhere",
    },
    {
        .id = "mnt.pivot-root.old-on-itself-refused",
        .claim = "pivot_root(2) refuses a place for the old root that is on the old root itself: EBUSY.",
        .how = kHow,
        .source = kManPage,
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return pivot(w, {.put_old = "/mnt", .error = EBUSY}); },
        .control = good_pivot,
        .control_differs = kGood,
    },
    {
        .id = "mnt.pivot-root.plain-directory-refused",
        .claim = "pivot_root(2) refuses a new root that is no mount point: EINVAL.",
        .how = kHow,
        .source = kManPage,
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check =
            [](World& w) { return pivot(w, {.new_root = "/tmp/plain", .put_old = "/tmp/plain/old", .error = EINVAL}); },
        .control = good_pivot,
        .control_differs = kGood,
    },
    {
        .id = "mnt.pivot-root.old-outside-refused",
        .claim = "pivot_root(2) refuses a place for the old root that is not under the new one: EINVAL.",
        .how = kHow,
        .source = kManPage,
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return pivot(w, {.put_old = "/tmp/plain", .error = EINVAL}); },
        .control = good_pivot,
        .control_differs = kGood,
    },
    {
        .id = "mnt.pivot-root.file-refused",
        .claim = "pivot_root(2) refuses a file in place of a directory: ENOTDIR.",
        .how = kHow,
        .source = kManPage,
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return pivot(w, {.put_old = "/tmp/file", .error = ENOTDIR}); },
        .control = good_pivot,
        .control_differs = kGood,
    },
    {
        .id = "mnt.pivot-root.shared-parent-refused",
        .claim = "pivot_root(2) refuses a new root whose parent mount is shared: EINVAL.",
        .how = kHow,
        .source = kManPage,
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return pivot(w, {.error = EINVAL, .type_of_parent = MS_SHARED}); },
        .control = good_pivot,
        .control_differs = "the parent mount is private",
    },
    {
        .id = "mnt.pivot-root.needs-capability",
        .claim = "pivot_root(2) needs CAP_SYS_ADMIN: EPERM without it.",
        .how = kHow,
        .source = kManPage,
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return pivot(w, {.error = EPERM, .capable = false}); },
        .control = good_pivot,
        .control_differs = "inside keeps the capability",
    },
};

}  // namespace
}  // namespace nsproof
