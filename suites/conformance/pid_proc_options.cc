// PID namespaces: the mount options of procfs that hide more than the namespace does (proc(5)).
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/mounts.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

enum class Options { none, subset_pid, hidepid_noaccess, hidepid_invisible, hidepid_ptraceable };

std::string_view text_of(Options options) {
  switch (options) {
    case Options::subset_pid: return "subset=pid";
    // gid= names the group that is exempt; as a default that is group 0, which the observer belongs to.
    case Options::hidepid_noaccess: return "hidepid=1,gid=1";
    case Options::hidepid_invisible: return "hidepid=2,gid=1";
    case Options::hidepid_ptraceable: return "hidepid=4";
    case Options::none: break;
  }
  return "";
}

constexpr const char* kProc = "/mnt";

template <Options options>
void mount_proc(World& w) {
  must(sys::mount(w.outside(), "proc", kProc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, text_of(options)));
}

template <Options options>
Observation only_processes(World& w) {
  mount_proc<options>(w);
  must(sys::stat(w.outside(), say(kProc, "/self/status")));
  const auto file = sys::stat(w.outside(), say(kProc, "/meminfo"));
  if (file.ok()) return allowed("meminfo is there");
  if (file.error() == ENOENT) return refused("there is no meminfo, though there are processes");
  return unknown(say("meminfo: ", errno_name(file.error())));
}

// A process of the same user that has no capabilities may not trace one that has some (ptrace(2), "Ptrace access mode
// checking"), so its target is none of its business for hidepid.
Actor& powerless_observer(World& w) {
  Actor& observer = w.fork(w.outside(), "observer");
  must(sys::capset(observer, {}));
  return observer;
}

template <Options options>
Observation processes_hidden(World& w) {
  mount_proc<options>(w);
  Actor& observer = powerless_observer(w);
  const std::vector<std::string> seen = must(sys::list_directory(observer, kProc));
  const auto lists = [&](Actor& process) {
    return std::find(seen.begin(), seen.end(), say(must(sys::getpid(process)))) != seen.end();
  };
  if (!lists(observer)) return unknown("the observer does not even see itself");
  const auto entry = sys::stat(observer, say(kProc, "/", must(sys::getpid(w.outside()))));
  if (lists(w.outside()) && entry.ok()) return allowed("the observer sees the process that it may not trace");
  if (!lists(w.outside()) && entry.error() == ENOENT)
    return refused("the process that the observer may not trace is neither listed nor found");
  return unknown(say("listed: ", lists(w.outside()) ? "yes" : "no", ", looked for: ", errno_name(entry.error())));
}

template <Options options>
Observation contents_hidden(World& w) {
  mount_proc<options>(w);
  Actor& observer = powerless_observer(w);
  must(sys::read_file(observer, say(kProc, "/self/status")));
  const auto status = sys::read_file(observer, say(kProc, "/", must(sys::getpid(w.outside())), "/status"));
  if (status.ok()) return allowed("the observer reads the status of a process that it may not trace");
  if (status.error() == EPERM || status.error() == EACCES)
    return refused(say("the status of a process that the observer may not trace: ", errno_name(status.error())));
  return unknown(say("reading the status failed with ", errno_name(status.error())));
}

const Rows rows = {
    {
        .id = "pid.proc-subset.only-processes",
        .claim = "A procfs mounted with subset=pid has processes and nothing else.",
        .how = "Outside mounts a procfs with subset=pid and looks for meminfo in it.",
        .source = "proc(5), \"subset\"; commit 6814ef2d992a",
        .since = {5, 8},
        .check = only_processes<Options::subset_pid>,
        .control = only_processes<Options::none>,
        .control_differs = "the procfs is mounted without subset=pid",
    },
    {
        .id = "pid.hidepid.ptraceable-hides",
        .claim = "A procfs mounted with hidepid=4 shows only processes that the reader may trace.",
        .how = "Outside mounts a procfs with hidepid=4; a process without capabilities looks for outside in it.",
        .source = "proc.rst, \"hidepid=\"; commit 24a71ce5c47f",
        .since = {5, 8},
        .check = processes_hidden<Options::hidepid_ptraceable>,
        .control = processes_hidden<Options::none>,
        .control_differs = "the procfs is mounted without hidepid",
    },
    {
        .id = "pid.hidepid.invisible-hides",
        .claim = "A procfs mounted with hidepid=2 hides the processes of others.",
        .how = "Outside mounts a procfs with hidepid=2; a process without capabilities looks for outside in it.",
        .source = "proc(5), \"hidepid\"",
        .since = {3, 3},
        .needs = {Need::initial_root},
        .check = processes_hidden<Options::hidepid_invisible>,
        .control = processes_hidden<Options::none>,
        .control_differs = "the procfs is mounted without hidepid",
    },
    {
        .id = "pid.hidepid.noaccess-locks",
        .claim = "A procfs mounted with hidepid=1 keeps others out of the directories of processes.",
        .how = "Outside mounts a procfs with hidepid=1; a process without capabilities opens outside's status in it.",
        .source = "proc(5), \"hidepid\"",
        .since = {3, 3},
        .needs = {Need::initial_root},
        .check = contents_hidden<Options::hidepid_noaccess>,
        .control = contents_hidden<Options::none>,
        .control_differs = "the procfs is mounted without hidepid",
    },
};

}  // namespace
}  // namespace nsproof
