#include "suites/audit/seccomp_terminal.h"

#include <asm/ioctls.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#include <charconv>

#include "harness/support/text.h"
#include "suites/audit/seccomp_calls.h"

namespace nsproof::audit {
namespace {

constexpr std::uint64_t kTiocLinux = 0x541c;  // TIOCLINUX: pastes into a virtual console (ioctl_console(2))

std::optional<long> number(const std::string& word) {
  long value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Session> session_in(std::string_view stat) {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  // state, parent, process group, session, terminal
  const std::vector<std::string> fields = words_of(stat.substr(name_end + 1));
  if (fields.size() < 5) return std::nullopt;
  const std::optional<long> leader = number(fields[3]);
  const std::optional<long> terminal = number(fields[4]);
  if (!leader || !terminal) return std::nullopt;
  return Session{*leader, *terminal};
}

Sight judge_terminal(const TerminalFacts& facts) {
  if (facts.session.terminal == 0) return hardened("the process has no controlling terminal");
  const std::string seen = say("the controlling terminal is device ", facts.session.terminal >> 8 & 0xfff, ":",
                               facts.session.terminal & 0xff);
  if (facts.session.leader != 0 && !facts.leader_inside)
    return unknown(say(seen, "; the leader of its session, process ", facts.session.leader, ", cannot be looked at"));
  if (facts.session.leader != 0 && *facts.leader_inside)
    return hardened(say(seen, ", and the leader of its session is in the container"));
  const std::string outside = say(seen, ", and the leader of its session is outside");
  if (facts.through.empty()) return hardened(say(outside, "; the filter refuses TIOCSTI and TIOCLINUX"));
  const std::string through = say(outside, "; through the filter: ", join(facts.through, ", "));
  if (facts.legacy && *facts.legacy == 0 && !facts.host_admin)
    return hardened(say(through, "; but dev.tty.legacy_tiocsti is 0: the kernel refuses it"));
  return weak(say(through, facts.legacy ? say("; dev.tty.legacy_tiocsti is ", *facts.legacy) : ""));
}

namespace {

// Whether the leader has the same mount namespace as the audited process.
std::optional<bool> is_inside(View& view, long leader) {
  const sys::Got<std::string>& theirs = view.link(say("/proc/", leader, "/ns/mnt"));
  const sys::Got<std::string>& ours = view.process_link("ns/mnt");
  if (!theirs.ok() || !ours.ok()) return std::nullopt;
  return theirs.value == ours.value;
}

Sight look_at_terminal(View& view) {
  const sys::Got<std::string>& stat = view.process_file("stat");
  if (!stat.ok()) return unknown(say("/proc/PID/stat: ", errno_name(stat.error())));
  const std::optional<Session> session = session_in(stat.value);
  if (!session) return unknown(say("/proc/PID/stat is ", quoted(stat.value)));
  TerminalFacts facts;
  facts.session = *session;
  if (session->terminal != 0) {
    if (session->leader != 0) facts.leader_inside = is_inside(view, session->leader);
    facts.through = try_calls(view, {labelled("TIOCSTI", trial(SYS_ioctl, "ioctl", {0, TIOCSTI})),
                                     labelled("TIOCLINUX", trial(SYS_ioctl, "ioctl", {0, kTiocLinux}))})
                        .through;
    facts.legacy = number_in(view, "/proc/sys/dev/tty/legacy_tiocsti");
    facts.host_admin = holds_outside(view, CAP_SYS_ADMIN);
  }
  return judge_terminal(facts);
}

const Rules rows = {{
    .id = "seccomp.terminal.injectable",
    .title = "The container can type into a terminal that belongs to a session outside.",
    .severity = Severity::high,
    .why = "What is typed there is executed by the shell outside, with the rights of whoever started the container.",
    .how = "The controlling terminal and session of /proc/PID/stat, whether the filter lets ioctl with TIOCSTI and "
           "TIOCLINUX through, and dev.tty.legacy_tiocsti. Nothing is typed.",
    .references = {"TIOCSTI(2const)", "ioctl_tty(2)", "CVE-2017-5226", "CVE-2023-28339"},
    .fix = {.oci = R"({"process":{"terminal":true}})",
            .docker = "--tty, which makes a terminal of the container's own",
            .kubernetes = "tty: true, which makes a terminal of the container's own",
            .bwrap = "--new-session",
            .host = "sysctl -w dev.tty.legacy_tiocsti=0"},
    .side = Side::inside,
    .look = look_at_terminal,
    .spoil = {.impossible = "an OCI runtime always begins a session of its own; the unit tests judge what such a machine would say"},
}};

}  // namespace
}  // namespace nsproof::audit
