// Capabilities: what only root over the initial user namespace may do, because it concerns the whole machine
// (capabilities(7)). Every call is made so that nothing happens even where it is permitted.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>

#include "harness/sys/files.h"
#include "harness/sys/privileged.h"
#include "harness/sys/xattr.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

// `past_permission` is the errno for arguments that make no sense: the permission was there.
Observation judge_harmless(const Reply& reply, int past_permission) {
  if (reply.error() == EPERM) return refused(say(reply.call, " gets EPERM"));
  if (reply.error() == past_permission)
    return allowed(say(reply.call, " passes the permission check and gets ", errno_name(past_permission)));
  return unknown(say(reply.call, " = ", result_text(reply.value)));
}

Observation clock_set(World& w) { return judge_harmless(sys::adjtimex_impossible_tick(w.inside()), EINVAL); }
Observation log_level_set(World& w) { return judge_harmless(sys::syslog_no_console_level(w.inside()), EINVAL); }
Observation swap_added(World& w) { return judge_harmless(sys::swapon_missing_file(w.inside()), ENOENT); }

Observation device_made(World& w) {
  const Reply reply = sys::mknod(w.inside(), "/tmp/null", S_IFCHR | 0600, makedev(1, 3));
  const bool there = sys::stat(w.outside(), "/tmp/null").ok();
  if (reply.error() == EPERM && !there) return refused("mknod gets EPERM and there is no device");
  if (reply.ok() && there) return allowed("the device is there");
  return unknown(
      say(reply.call, " = ", result_text(reply.value), there ? ", and it is there" : ", and it is not there"));
}

Observation priority_raised(World& w) {
  const Reply reply = sys::raise_own_priority(w.inside());
  // The raw call returns 20 minus the nice value (getpriority(2)).
  const std::int64_t nice = 20 - must(sys::getpriority(w.inside(), 0));
  if (reply.error() == EACCES && nice >= 0) return refused(say("setpriority gets EACCES and the nice value is ", nice));
  if (reply.ok() && nice == -1) return allowed("the nice value is -1");
  return unknown(say(reply.call, " = ", result_text(reply.value), ", and the nice value is ", nice));
}

Observation trusted_attribute_set(World& w) {
  must(sys::make_file(w.inside(), "/tmp/of-inside", ""));
  const Reply reply = sys::setxattr(w.inside(), "/tmp/of-inside", "trusted.nsproof", "1");
  const sys::Got<std::string> stored = sys::getxattr(w.outside(), "/tmp/of-inside", "trusted.nsproof");
  if (reply.error() == EPERM && stored.error() == ENODATA) return refused("setxattr gets EPERM and nothing is stored");
  if (reply.ok() && stored.ok() && stored.value == "1") return allowed("the attribute is stored");
  return unknown(say(reply.call, " = ", result_text(reply.value), "; outside: ", result_text(stored.reply.value)));
}

Observation file_capability_given(World& w) {
  constexpr std::uint64_t kNetRaw = 1ULL << 13;
  must(sys::make_file(w.inside(), "/tmp/program", "", 0700));
  must(sys::set_file_capability(w.inside(), "/tmp/program", kNetRaw));
  const sys::FileCapability stored = must(sys::file_capability(w.outside(), "/tmp/program"));
  const std::uint32_t root = w.sandbox().map.extents.at(0).outside;
  const std::string text = say("it is stored as version ", stored.version, " with root id ", stored.root_id);
  if (stored.permitted != kNetRaw) return unknown(say(text, " and another capability"));
  if (stored.version == 3 && stored.root_id == root) return isolated(text);
  if (stored.version == 2) return leaked("it is stored as version 2, which counts everywhere");
  return unknown(text);
}

Property machine_refused(Id id, std::string_view claim, std::string_view how, std::string_view source, Check check) {
  return {
      .id = id,
      .claim = claim,
      .how = how,
      .source = source,
      .since = {3, 8},
      .isolated_by = Ns::user,
      .needs = {Need::initial_root},
      .check = check,
  };
}

const Rows rows = {
    machine_refused("cap.machine.clock-kept", "Root inside cannot tune the clock of the machine.",
                    "Inside calls adjtimex(2) with an impossible tick: EPERM, or EINVAL for who may.",
                    "capabilities(7), CAP_SYS_TIME; adjtimex(2)", clock_set),
    machine_refused("cap.machine.log-level-kept", "Root inside cannot set the console log level of the kernel.",
                    "Inside calls syslog(2) for it without a level: EPERM, or EINVAL for who may.",
                    "capabilities(7), CAP_SYSLOG; syslog(2)", log_level_set),
    machine_refused("cap.machine.swap-kept", "Root inside cannot add swap space.",
                    "Inside calls swapon(2) with a file that does not exist: EPERM, or ENOENT for who may.",
                    "capabilities(7), CAP_SYS_ADMIN; swapon(2)", swap_added),
    machine_refused("cap.machine.no-devices", "Root inside cannot make device nodes.",
                    "Inside calls mknod(2) for the null device on a tmpfs of outside, which looks for it.",
                    "capabilities(7), CAP_MKNOD; mknod(2)", device_made),
    machine_refused("cap.machine.priority-kept", "Root inside cannot raise its priority over other processes.",
                    "Inside gives itself a nice value of -1 and reads its priority.",
                    "capabilities(7), CAP_SYS_NICE; setpriority(2)", priority_raised),
    machine_refused("cap.machine.trusted-attributes-closed", "Root inside cannot set attributes of the trusted class.",
                    "Inside sets a trusted attribute on a file of its own, and outside looks for it.",
                    "xattr(7), \"Trusted extended attributes\"", trusted_attribute_set),
    {
        .id = "cap.file.bound-to-root-id",
        .claim = "Capabilities that root inside gives to a file count only where its own user is root.",
        .how =
            "Inside, root with its ids shifted, gives a file capabilities; outside reads version 3 with the root id.",
        .source = "capabilities(7), \"Namespaced file capabilities\"; commit 8db6c34f1dbc",
        .since = {4, 14},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = file_capability_given,
    },
};

}  // namespace
}  // namespace nsproof
