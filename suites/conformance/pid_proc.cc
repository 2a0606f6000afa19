// PID namespaces: what a procfs shows and to whom (proc(5), pid_namespaces(7)).
//
// The procfs under test is mounted by a visitor: a process in the pid namespace of inside, else like outside. So the
// rows need neither a mount namespace nor privileges inside.
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/sys/locks.h"
#include "harness/sys/mounts.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

constexpr const char* kProc = "/mnt";

Actor& visitor_with_proc(World& w) {
  Actor& visitor = join_pid_namespace(w, w.inside(), "visitor");
  must(sys::mount(visitor, "proc", kProc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC));
  return visitor;
}

bool is_number(const std::string& name) { return name.find_first_not_of("0123456789") == std::string::npos; }

std::vector<std::string> processes_in(Actor& reader) {
  std::vector<std::string> names = must(sys::list_directory(reader, kProc));
  std::erase_if(names, [](const std::string& name) { return !is_number(name); });
  std::sort(names.begin(), names.end());
  return names;
}

Observation judge_list(std::initializer_list<Actor*> known_members, Actor& reader) {
  std::vector<std::string> members;
  for (Actor* member : known_members) members.push_back(say(must(sys::getpid(*member))));
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  const std::vector<std::string> seen = processes_in(reader);
  const std::string text = say("lists ", join(seen, " "), "; the members are ", join(members, " "));
  if (seen == members) return isolated(text);
  if (std::includes(seen.begin(), seen.end(), members.begin(), members.end())) return leaked(text);
  return unknown(text);
}

enum class Reader { member, outside };

template <Reader reader>
Observation lists_members_only(World& w) {
  Actor& visitor = visitor_with_proc(w);
  return judge_list({&w.init(), &w.inside(), &visitor}, reader == Reader::member ? visitor : w.outside());
}

Observation lists_chosen_namespace(World& w) {
  const std::string choice = say("pidns=/proc/", w.inside().pid(), "/ns/pid");
  must(sys::mount(w.outside(), "proc", kProc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, choice));
  return judge_list({&w.init(), &w.inside()}, w.outside());
}

Observation self_needs_a_number(World& w) {
  const std::string self = say(kProc, "/self");
  Actor& visitor = visitor_with_proc(w);
  if (must(sys::readlink(visitor, self)) != say(must(sys::getpid(visitor))))
    return unknown("/proc/self is wrong even for a member");
  const auto seen = sys::readlink(w.outside(), self);
  if (seen.ok()) return leaked(say("outside is ", seen.value, " in the procfs of the sandbox"));
  if (seen.error() == ENOENT) return isolated("/proc/self leads nowhere for outside, which has no number there");
  return unknown(say("reading the link failed with ", errno_name(seen.error())));
}

// A locked file, as the inode that /proc/locks has in "1: POSIX  ADVISORY  WRITE 4 00:2d:17 0 EOF".
std::string locked_file(Actor& actor, const std::string& path) {
  const auto fd = static_cast<int>(must(sys::open(actor, path, O_RDWR | O_CREAT | O_CLOEXEC)));
  must(sys::lock_file(actor, fd));
  return say(":", must(sys::fstat(actor, fd)).st_ino, " 0 EOF");
}

Observation locks_of_members_only(World& w) {
  const std::string outer = locked_file(w.outside(), "/tmp/locked");
  Actor& visitor = visitor_with_proc(w);
  const std::string inner = locked_file(visitor, "/tmp/locked-inside");
  const std::string locks = must(sys::read_file(visitor, say(kProc, "/locks")));
  if (locks.find(inner) == std::string::npos) return unknown("the lock of a member is not listed");
  if (locks.find(outer) != std::string::npos) return leaked("the lock of outside is listed among those of the sandbox");
  return isolated("of two locks that of the member is listed, outside's is not");
}

Observation fdinfo_hides_outside(World& w) {
  Actor& stranger = w.fork(w.outside(), "stranger");
  const auto pidfd = must(sys::pidfd_open(w.outside(), stranger.pid()));
  Actor& visitor = visitor_with_proc(w);
  for (const std::string& line : lines_of(must(sys::read_file(visitor, say(kProc, "/self/fdinfo/", pidfd))))) {
    if (!line.starts_with("Pid:")) continue;
    const std::string pid = trim(std::string_view(line).substr(4));
    if (pid == "0") return isolated("fdinfo of an inherited pidfd has 0 for a process outside");
    if (pid == say(stranger.pid())) return leaked(say("fdinfo of an inherited pidfd tells outside's number ", pid));
    return unknown(say("fdinfo tells process ", pid));
  }
  return unknown("fdinfo of a pidfd has no Pid line");
}

// The last field of /proc/loadavg is the number given last.
Observation last_number_is_own(World& w) {
  Actor& member = w.fork(w.inside(), "member");
  Actor& stranger = w.fork(w.outside(), "stranger");
  const std::vector<std::string> fields = words_of(must(sys::read_file(w.inside(), "/proc/loadavg")));
  if (fields.size() != 5) return unknown("/proc/loadavg has not five fields");
  if (fields[4] == say(stranger.pid())) return leaked(say("inside is told the newest number outside, ", fields[4]));
  if (fields[4] == say(member.pid())) return isolated(say("the newest number is the sandbox's own ", fields[4]));
  return unknown(say("the newest number is said to be ", fields[4]));
}

const Rows rows = {
    {
        .id = "pid.proc.members-only",
        .claim = "A procfs mounted inside lists the processes of its pid namespace and no other.",
        .how = "A member mounts a procfs and lists it; the numbers must be those of the members.",
        .source = "pid_namespaces(7), \"/proc and PID namespaces\"",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .check = lists_members_only<Reader::member>,
    },
    {
        .id = "pid.proc.view-fixed-at-mount",
        .claim = "A procfs shows the pid namespace of whoever mounted it, to every reader.",
        .how = "A member mounts a procfs; outside lists it and must see the members and nobody else.",
        .source = "pid_namespaces(7), \"/proc and PID namespaces\"",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .check = lists_members_only<Reader::outside>,
    },
    {
        .id = "pid.proc.pidns-chosen-at-mount",
        .claim = "A procfs mounted with pidns= shows the pid namespace that was named.",
        .how = "Outside mounts a procfs for the pid namespace of inside and must see the members and nobody else.",
        .source = "proc.rst, \"pidns=\"",
        .since = {6, 18},
        .isolated_by = Ns::pid,
        .check = lists_chosen_namespace,
    },
    {
        .id = "pid.proc.self-needs-a-number",
        .claim = "/proc/self leads nowhere for a process that has no number in that procfs.",
        .how = "A member mounts a procfs; outside reads the link self in it.",
        .source = "pid_namespaces(7), proc_self_get_link() in fs/proc/self.c",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .check = self_needs_a_number,
    },
    {
        .id = "pid.proc.locks-of-members",
        .claim = "/proc/locks of a sandbox's procfs leaves out the locks of processes outside.",
        .how = "Outside and a member lock a file each; the member reads locks in a procfs that it mounted.",
        .source = "proc(5), commit d67fd44f697d",
        .since = {4, 8},
        .isolated_by = Ns::pid,
        .check = locks_of_members_only,
    },
    {
        .id = "pid.proc.fdinfo-hides-outside",
        .claim = "The description of a pidfd has 0 for a process that has no number in that procfs.",
        .how = "A member that inherited a pidfd of a process outside reads its fdinfo in a procfs that it mounted.",
        .source = "proc(5), commit 3d6d8da48d0b",
        .since = {5, 4},
        .isolated_by = Ns::pid,
        .check = fdinfo_hides_outside,
    },
    {
        .id = "pid.loadavg.last-number-own",
        .claim = "The newest process number in /proc/loadavg is that of the reader's pid namespace.",
        .how = "Inside and outside fork; inside reads the last field of /proc/loadavg.",
        .source = "proc(5)",
        .since = {2, 6, 26},
        .isolated_by = Ns::pid,
        .reach = Reach::any_alone,
        .check = last_number_is_own,
    },
};

}  // namespace
}  // namespace nsproof
