// Whether the container shares a terminal with whoever started it.
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/fd_tables.h"
#include "suites/audit/mnt_keys.h"

namespace nsproof::audit {
namespace {

// Unlike files, terminals come by the standard streams.
std::vector<Descriptor> terminals_open(View& view) {
  constexpr std::size_t kMost = 64;
  std::vector<Descriptor> all;
  for (const std::string& name : view.process_names("fd").value) {
    Descriptor one;
    one.link = view.process_link("fd/" + name).value;
    if (all.size() == kMost || !one.link.starts_with('/')) continue;
    one.number = static_cast<int>(std::strtol(name.c_str(), nullptr, 10));
    one.mount = parse_fdinfo(view.process_file("fdinfo/" + name).value).mount;
    all.push_back(std::move(one));
  }
  return all;
}

Sight look_at_terminal(View& view) {
  const sys::Got<std::string>& stat = view.process_file("stat");
  if (!stat.ok()) return unknown(say("/proc/PID/stat: ", errno_name(stat.error())));
  try {
    const unsigned device = terminal_in(stat.value);
    if (device == 0) return judge_terminal(device, {}, {}, {});
    return judge_terminal(device, view.names("/dev/pts").value, terminals_open(view), view.mounts());
  } catch (const std::invalid_argument& problem) {
    return unknown(problem.what());
  }
}

const Rules rows = {
    {
        .id = "tty.session.shared",
        .title = "The container shares its controlling terminal with processes of the host.",
        .severity = Severity::medium,
        .why = "What it pushes into the terminal with TIOCSTI, the shell outside reads as if it had been typed.",
        .how =
            "tty_nr of /proc/PID/stat, the names in the container's /dev/pts, and the mounts that the descriptors of "
            "the process are on.",
        .references = {"CVE-2017-5226", "CVE-2025-52565", "ioctl_tty(2): TIOCSTI", "setsid(2)"},
        .fix = {.oci = R"({"process":{"terminal":true}})",
                .docker = "-t for a terminal of its own",
                .kubernetes = "tty: false",
                .bwrap = "--new-session",
                .host = "sysctl -w dev.tty.legacy_tiocsti=0"},
        .look = look_at_terminal,
        .spoil = {.impossible =
                      "an OCI runtime starts every container in a session of its own, and gives it a terminal "
                      "of the container's devpts or none"},
    },
};

}  // namespace
}  // namespace nsproof::audit
