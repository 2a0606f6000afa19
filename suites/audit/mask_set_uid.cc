// Set-uid programs and file capabilities in the container's image, and whether they still count there.
#include "suites/audit/mask_set_uid.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <utility>

#include "harness/actor/unseen.h"
#include "harness/audit/look.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kMostNames = 8192;  // of one directory
constexpr std::size_t kEnough = 100;      // files that give privileges
constexpr std::size_t kShown = 5;
constexpr Milliseconds kReserve{500};  // of the rule's time, for what comes after the walk

Step stat_of(const std::string& file) {
  Step made = step(SYS_newfstatat, "newfstatat",
                   {named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"), path(file), out(sizeof(struct stat)),
                    named(AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW")});
  made.plumbing = true;
  return made;
}

// Only whether it is there: its size.
Step capability_of(const std::string& file) {
  Step made = step(SYS_lgetxattr, "lgetxattr", {path(file), str("security.capability"), null(), num(0)});
  made.plumbing = true;
  return made;
}

struct Directory {
  std::string path;
  std::size_t depth = 0;
};

// The replies to one call for each path, as many in a frame as there may be.
std::vector<Reply> ask_each(Actor& actor, const std::vector<std::string>& paths, Step (*step_of)(const std::string&)) {
  std::vector<Reply> replies;
  std::vector<Step> steps;
  for (const std::string& one : paths) {
    steps.push_back(step_of(one));
    if (steps.size() < wire::kMaxCalls && replies.size() + steps.size() < paths.size()) continue;
    for (Reply& reply : actor.batch(std::exchange(steps, {}))) replies.push_back(std::move(reply));
  }
  return replies;
}

std::string bits_of(mode_t mode) {
  if ((mode & S_ISUID) != 0) return "set-uid";
  // Without group execution S_ISGID was mandatory locking once, and gives nothing (inode(7)).
  return (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) ? "set-gid" : "";
}

// Looks at the files of one directory and adds its directories to those that are still to be visited.
void visit(Actor& actor, const Directory& directory, const std::vector<std::string>& names, dev_t device,
           const WalkLimits& limits, std::deque<Directory>& ahead, Walk& walk) {
  std::vector<std::string> paths;
  for (const std::string& name : names) paths.push_back(say(directory.path == "/" ? "" : directory.path, "/", name));
  const std::vector<Reply> replies = ask_each(actor, paths, stat_of);
  std::vector<std::string> programs;
  walk.entries += paths.size();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!replies.at(i).ok()) continue;  // gone in the meantime
    const auto seen = out_as<struct stat>(replies[i]);
    // Other mounts are not the image's.
    if (S_ISDIR(seen.st_mode) && seen.st_dev == device) {
      if (directory.depth < limits.depth)
        ahead.push_back({paths[i], directory.depth + 1});
      else
        walk.complete = false;
    }
    if (!S_ISREG(seen.st_mode)) continue;
    if (const std::string bits = bits_of(seen.st_mode); !bits.empty())
      walk.found.push_back({paths[i], bits});
    else if ((seen.st_mode & 0111) != 0)
      programs.push_back(paths[i]);
  }
  const std::vector<Reply> capable = ask_each(actor, programs, capability_of);
  for (std::size_t i = 0; i < programs.size(); ++i)
    if (capable.at(i).value > 0) walk.found.push_back({programs[i], "file capabilities"});
}

std::string text_of(const Walk& walk) {
  std::vector<std::string> shown;
  for (const PrivilegedFile& one : walk.found)
    if (shown.size() < kShown) shown.push_back(say(quoted(one.path), " (", one.how, ")"));
  const std::size_t more = walk.found.size() - shown.size();
  return say(join(shown, ", "), more > 0 ? say(" and ", more, more == 1 ? " other" : " others") : "");
}

// As one text, which the view keeps: words that end with the one byte that no path has.
std::string packed(const Walk& walk) {
  std::string text = say(walk.entries, '\0', walk.complete ? "all" : "some", '\0');
  for (const PrivilegedFile& one : walk.found) text += say(one.path, '\0', one.how, '\0');
  return text;
}

Walk unpacked(std::string_view text) {
  const std::vector<std::string> words = split(text, '\0');
  Walk walk;
  walk.entries = std::stoul(words.at(0));
  walk.complete = words.at(1) == "all";
  for (std::size_t i = 2; i + 1 < words.size(); i += 2) walk.found.push_back({words[i], words[i + 1]});
  return walk;
}

Sight set_uid_files(View& view) {
  const sys::Got<sys::FileSystem>& root = view.file_system("/");
  if (root.ok() && (root.value.flags & ST_NOSUID) != 0) return hardened("the root directory is mounted nosuid");
  const Walk walk = unpacked(view.ask("files that give privileges",
                                      [](Actor& actor) {
                                        return sys::Got<std::string>{{}, packed(find_privileged_files(actor, "/", {}))};
                                      })
                                 .value);
  for (std::size_t i = 0; i < std::min(walk.found.size(), kShown); ++i) view.stat(walk.found[i].path);
  if (!walk.found.empty()) {
    const std::string observed = say(text_of(walk), walk.complete ? "" : "; not everything was looked at");
    if (view.status().no_new_privs)
      return weak(observed, Severity::low, "no_new_privs keeps them from giving anything");
    return weak(observed);
  }
  if (!walk.complete) return unknown(say("none among ", walk.entries, " files, but not everything could be looked at"));
  return hardened(say("none among ", walk.entries, " files of the root's file system"));
}

const Rules rows = {
    {
        .id = "fs.set-uid.present",
        .title = "The container's root directory has programs that give privileges to who runs them.",
        .severity = Severity::medium,
        .why = "An ordinary user in the container becomes its root with the first fault of such a program.",
        .how = "A walk through the root directory's own file system finds regular files with the set-uid or set-gid "
               "bit or with file capabilities, and it is not mounted nosuid.",
        .references = {"CIS Docker 4.8", "inode(7)", "capabilities(7): file capabilities"},
        .fix = {.docker = "--security-opt no-new-privileges; in the image: RUN find / -xdev -perm /6000 -type f -exec "
                          "chmod a-s {} +",
                .kubernetes = "securityContext: {allowPrivilegeEscalation: false}",
                .bwrap = "nothing to do: bwrap sets no_new_privs, and its mounts are nosuid"},
        .look = set_uid_files,
        .spoil = {.prepare = {"mkdir -p {rootfs}/opt/nsproof; : > {rootfs}/opt/nsproof/set-uid; "
                              "chmod 4755 {rootfs}/opt/nsproof/set-uid"}},
    },
};

}  // namespace

Walk find_privileged_files(Actor& actor, const std::string& root, const WalkLimits& limits) {
  const Unseen crowd(actor);  // evidence of thousands of files that are nothing special would bury the rest
  Walk walk;
  const sys::Got<struct stat> top = look_at(actor, root, Links::followed);
  if (!top.ok()) {
    walk.complete = false;
    return walk;
  }
  std::deque<Directory> ahead = {{root, 0}};
  while (!ahead.empty()) {
    const Directory directory = ahead.front();
    ahead.pop_front();
    if (walk.entries >= limits.entries || walk.found.size() >= kEnough || call_deadline() < kReserve) {
      walk.complete = false;
      break;
    }
    const std::size_t room = std::min(kMostNames, limits.entries - walk.entries);
    const sys::Got<std::vector<std::string>> names = list_cautiously(actor, directory.path, room);
    if (names.value.size() >= room) walk.complete = false;
    // What lies in a directory that may not even be searched can be executed by nobody here.
    const bool locked = names.error() == EACCES && may_access(actor, directory.path, X_OK).error() == EACCES;
    if (!names.ok() && !locked && names.error() != ENOENT) walk.complete = false;
    visit(actor, directory, names.value, top.value.st_dev, limits, ahead, walk);
  }
  return walk;
}

}  // namespace nsproof::audit
