// UTS namespaces: the same names as files, /proc/sys/kernel/hostname and domainname (proc(5)).
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/uts.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

struct Mirror {
  std::string_view file;
  Reply (*set)(Actor&, std::string_view);
  std::string sys::Uts::*field;
};

constexpr std::string_view kHostFile = "/proc/sys/kernel/hostname";
constexpr std::string_view kRelease = "/proc/sys/kernel/osrelease";

constexpr Mirror kHost = {kHostFile, sys::sethostname, &sys::Uts::nodename};
constexpr Mirror kDomain = {"/proc/sys/kernel/domainname", sys::setdomainname, &sys::Uts::domainname};

template <const Mirror& mirror>
Observation reads_own(World& w) {
  must(mirror.set(w.outside(), "before"));
  w.inside();
  must(mirror.set(w.outside(), "after"));
  const std::string seen = trim(must(sys::read_file(w.inside(), mirror.file)));
  if (seen == "before") return isolated(say(mirror.file, " inside has the name of its own namespace"));
  if (seen == "after") return leaked(say(mirror.file, " inside has the name that was set outside"));
  return unknown(say(mirror.file, " inside has a name that nobody set: ", quoted(seen)));
}

// The writer needs no capability: the file's mode lets the machine's root write the names of whichever namespace it is
// in, also from a user namespace that does not own it (proc_do_uts_string() in kernel/utsname_sysctl.c).
template <const Mirror& mirror>
Observation writes_own(World& w) {
  must(mirror.set(w.outside(), "before"));
  must(sys::write_file(w.inside(), mirror.file, "after\n"));
  if (must(sys::uname(w.inside())).*mirror.field != "after")
    return unknown(say("what inside wrote to ", mirror.file, " is not its own name now"));
  const std::string seen = must(sys::uname(w.outside())).*mirror.field;
  if (seen == "before") return isolated(say("a write to ", mirror.file, " inside did not change the name outside"));
  if (seen == "after") return leaked(say("a write to ", mirror.file, " inside changed the name outside"));
  return unknown(say("outside has a name that nobody set: ", quoted(seen)));
}

enum class Changed { polled_name, other_file };

// Only one direction can be shown. The kernel counts changes for all UTS namespaces together (hostname_poll in
// kernel/utsname_sysctl.c), so that a waiter is also woken by a change that it cannot see.
template <Changed what>
Observation poll_notices(World& w) {
  const std::string_view file = what == Changed::polled_name ? kHostFile : "/proc/sys/kernel/ostype";
  const int fd = static_cast<int>(must(sys::open(w.inside(), file, O_RDONLY | O_CLOEXEC)));
  must(sys::read(w.inside(), fd));
  must(sys::sethostname(w.inside(), "changed"));
  if (must(sys::poll_change(w.inside(), fd, Milliseconds{0})) == 0)
    return leaked(say("poll of ", file, " saw no change"));
  if (must(sys::uname(w.inside())).nodename != "changed")
    return unknown("poll saw a change of a name that is the same");
  return isolated(say("poll of ", file, " saw the change"));
}

template <const std::string_view& file>
Observation opens_for_writing(World& w) {
  const Reply reply = sys::open(w.inside(), file, O_WRONLY | O_CLOEXEC);
  if (reply.ok()) return allowed(say(file, " can be opened for writing"));
  if (reply.error() == EACCES || reply.error() == EPERM)
    return refused(say(file, " cannot be opened for writing: ", errno_name(reply.error())));
  return unknown(say("opening ", file, " failed with ", errno_name(reply.error())));
}

const Rows rows = {
    {
        .id = "uts.sysctl.hostname-reads-own",
        .claim = "kernel.hostname shows the host name of the reader's UTS namespace.",
        .how = "Outside sets another host name after it has made the sandbox; inside reads /proc/sys/kernel/hostname.",
        .source = "uts_namespaces(7), proc_sys_kernel(5)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .check = reads_own<kHost>,
    },
    {
        .id = "uts.sysctl.domainname-reads-own",
        .claim = "kernel.domainname shows the domain name of the reader's UTS namespace.",
        .how =
            "Outside sets another domain name after it has made the sandbox; inside reads /proc/sys/kernel/domainname.",
        .source = "uts_namespaces(7), proc_sys_kernel(5)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .reach = Reach::any_alone,
        .check = reads_own<kDomain>,
    },
    {
        .id = "uts.sysctl.hostname-writes-own",
        .claim = "A write to kernel.hostname changes the host name of the writer's UTS namespace only.",
        .how = "Inside, which is the machine's root by its user id, writes /proc/sys/kernel/hostname; outside looks "
               "with uname(2).",
        .source = "uts_namespaces(7), proc_sys_kernel(5)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .needs = {Need::initial_root},
        .check = writes_own<kHost>,
    },
    {
        .id = "uts.sysctl.domainname-writes-own",
        .claim = "A write to kernel.domainname changes the domain name of the writer's UTS namespace only.",
        .how = "Inside, which is the machine's root by its user id, writes /proc/sys/kernel/domainname; outside looks "
               "with uname(2).",
        .source = "uts_namespaces(7), proc_sys_kernel(5)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .needs = {Need::initial_root},
        .check = writes_own<kDomain>,
    },
    {
        .id = "uts.sysctl.poll-notices-change",
        .claim = "A poll of kernel.hostname notices a change of the host name in the waiter's UTS namespace.",
        .how = "Inside opens and reads /proc/sys/kernel/hostname, sets its host name and asks ppoll(2) for POLLPRI.",
        .source = "commit f1ecf06854a6",
        .since = {3, 3},
        .sandbox = {.namespaces = Ns::uts},
        .check = poll_notices<Changed::polled_name>,
        .control = poll_notices<Changed::other_file>,
        .control_differs = "the poll is of kernel.ostype, which a change of the host name does not touch",
    },
    {
        .id = "uts.sysctl.release-read-only",
        .claim = "The kernel release of a UTS namespace cannot be written, not even by root.",
        .how = "Inside opens /proc/sys/kernel/osrelease for writing.",
        .source = "uts_namespaces(7), proc_sys_kernel(5)",
        .since = {2, 6, 19},
        .sandbox = {.namespaces = Ns::uts},
        .needs = {Need::initial_root},
        .check = opens_for_writing<kRelease>,
        .control = opens_for_writing<kHostFile>,
        .control_differs = "the file is /proc/sys/kernel/hostname",
    },
};

}  // namespace
}  // namespace nsproof
