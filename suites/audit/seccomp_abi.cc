// The other tables of system calls that an x86-64 kernel has: that of 32-bit programs and x32. A filter that was made
// for one table does not know the numbers of the others (seccomp(2), "arch").
#include <sys/socket.h>
#include <sys/syscall.h>

#include "harness/support/text.h"
#include "suites/audit/seccomp_calls.h"

namespace nsproof::audit {
namespace {

// Numbers of arch/x86/entry/syscalls/syscall_32.tbl.
constexpr long kSocketCall = 102;
constexpr std::uint64_t kSocket = 1;  // SYS_SOCKET of <linux/net.h>
constexpr long kX32 = 0x4000'0000;    // __X32_SYSCALL_BIT
constexpr std::uint64_t kAlg = 38;
constexpr std::uint64_t kVsock = 40;

bool other_tables() { return sys::has_compat_gate(); }
Sight no_other_tables() { return not_applicable("this machine has one table of system calls"); }

Trial trial_x32(long number, std::string name) { return {name, {number, name, {}, Abi::x32}}; }

Sight look_at_i386(View& view) {
  if (!other_tables()) return no_other_tables();
  if (table_kills(view, Abi::i386)) return hardened("int 0x80: killed: getpid");
  const Outcome outcome = try_calls(view, {getpid_of(Abi::i386), trial_i386(3, "read"), trial_i386(5, "open"),
                                           trial_i386(120, "clone", {0x11}), trial_i386(700, "700")});
  return weak_if(!outcome.through.empty(), say("int 0x80: ", outcome.text()));
}

// Whether the kernel has the table at all shows a call that the filter lets through: getpid changes nothing.
Sight look_at_x32(View& view) {
  if (!other_tables()) return no_other_tables();
  if (table_kills(view, Abi::x32)) return hardened("x32: killed: getpid");
  const Outcome outcome = try_calls(view, {getpid_of(Abi::x32), trial_x32(0, "read"), trial_x32(165, "mount"),
                                           trial_x32(520, "execve"), trial_x32(700, "700")});
  const std::string seen = say("x32: ", outcome.text());
  if (outcome.through.empty()) return hardened(seen);
  if (outcome.through.front() != "getpid") return weak(seen);
  const Reply& reply =
      view.call("x32 getpid", [](Actor& actor) { return actor.call(SYS_getpid | kX32, "x32:getpid", {}); });
  if (reply.ok()) return weak(say(seen, "; the kernel answers"));
  return weak(seen, Severity::low,
              say("this kernel was built without the table: getpid gives ", errno_name(reply.error())));
}

// Calls that do the same in both tables.
struct Twin {
  std::string name;
  long native;
  long i386;
};

std::vector<Twin> twins() {
#if defined(__x86_64__)
  return {{"mount", SYS_mount, 21},
          {"umount2", SYS_umount2, 52},
          {"umount2", SYS_umount2, 22},
          {"pivot_root", SYS_pivot_root, 217},
          {"setns", SYS_setns, 346},
          {"ptrace", SYS_ptrace, 26},
          {"settimeofday", SYS_settimeofday, 79},
          {"settimeofday", SYS_settimeofday, 25},
          {"clock_settime", SYS_clock_settime, 264},
          {"clock_settime", SYS_clock_settime, 404},
          {"reboot", SYS_reboot, 88},
          {"init_module", SYS_init_module, 128},
          {"finit_module", SYS_finit_module, 350},
          {"kexec_load", SYS_kexec_load, 283},
          {"keyctl", SYS_keyctl, 288},
          {"add_key", SYS_add_key, 286},
          {"bpf", SYS_bpf, 357},
          {"perf_event_open", SYS_perf_event_open, 336},
          {"io_uring_setup", SYS_io_uring_setup, 425},
          {"userfaultfd", SYS_userfaultfd, 374},
          {"open_by_handle_at", SYS_open_by_handle_at, 342},
          {"process_vm_readv", SYS_process_vm_readv, 347},
          {"fsopen", SYS_fsopen, 430},
          {"move_mount", SYS_move_mount, 429},
          {"clone3", SYS_clone3, 435},
          {"swapon", SYS_swapon, 87},
          {"acct", SYS_acct, 51}};
#else
  return {};
#endif
}

std::string i386_name(const Twin& twin) {
  if (twin.i386 == 22) return "umount";
  if (twin.i386 == 25) return "stime";
  if (twin.i386 == 404) return "clock_settime64";
  return twin.name;
}

Sight look_for_way_around(View& view) {
  if (!other_tables()) return no_other_tables();
  if (table_kills(view, Abi::i386)) return hardened("a 32-bit call kills who makes it");
  std::vector<ReachCall> calls;
  for (const Twin& twin : twins()) {
    calls.push_back(trial(twin.native, twin.name).call);
    calls.push_back(trial_i386(twin.i386, i386_name(twin)).call);
  }
  const std::vector<Reached> answers = view.reach(calls);
  std::vector<std::string> around;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < answers.size(); i += 2) {
    if (answers[i].how == Reached::How::reached) continue;
    ++refused;
    if (answers[i + 1].how == Reached::How::reached) around.push_back(calls[i + 1].name);
  }
  if (refused == 0) return not_applicable("the filter refuses none of the calls that were compared");
  if (around.empty())
    return hardened(say("all ", refused, " that are refused as 64-bit calls are as 32-bit calls, too"));
  return weak(say("refused as 64-bit calls, and through as 32-bit calls: ", some_of(around, 12)));
}

// socketcall(2) has its arguments in memory, where no filter looks.
Sight look_at_socketcall(View& view) {
  if (!other_tables()) return no_other_tables();
  const Outcome families =
      try_calls(view, {labelled("socket(AF_ALG)", trial(SYS_socket, "socket", {kAlg, SOCK_SEQPACKET})),
                       labelled("socket(AF_VSOCK)", trial(SYS_socket, "socket", {kVsock, SOCK_STREAM}))});
  if (families.refused.empty()) return not_applicable(say("no family to get around is refused; ", families.text()));
  if (table_kills(view, Abi::i386)) return hardened(say(families.text(), "; a 32-bit call kills who makes it"));
  const Outcome hole =
      try_calls(view, {labelled("32-bit socketcall(SYS_SOCKET)", trial_i386(kSocketCall, "socketcall", {kSocket}))});
  return weak_if(!hole.through.empty(), say(families.text(), "; ", hole.text()));
}

constexpr const char* kOnlyNative = R"({"linux":{"seccomp":{"architectures":["SCMP_ARCH_X86_64"]}}})";

// A filter for another table, too. Without its refusals, which the 32-bit socketcall cannot express beside what is
// allowed; the default action refuses the same calls.
std::string with_table(std::string_view table, std::string_view without = "", std::string_view rules = "") {
  return say(R"({"linux":{"seccomp":{"+architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_)", table, R"("],"-syscalls":[)",
             kAllRefusals, without, R"(],"+syscalls":[)", rules, "]}}}");
}

const Rules rows = {
    {
        .id = "seccomp.i386.reachable",
        .title = "The seccomp filter lets 32-bit system calls through.",
        .severity = Severity::medium,
        .why = "A second table of calls with code of its own to translate arguments doubles what can be attacked, and "
               "filters of arguments often miss it.",
        .how = std::string(kTried),
        .references = {"seccomp(2)", "systemd.exec(5), SystemCallArchitectures=", "CVE-2016-4997", "CVE-2021-22555"},
        .fix = {.oci = kOnlyNative,
                .docker = R"(--security-opt seccomp=native.json, with "architectures": ["SCMP_ARCH_X86_64"])",
                .kubernetes = "securityContext: {seccompProfile: {type: Localhost, localhostProfile: native.json}}",
                .bwrap = "--seccomp 10 10<filter.bpf",
                .host = "boot with ia32_emulation=0 (Linux 6.7)"},
        .side = Side::inside,
        .look = look_at_i386,
        .spoil = {.config = with_table("X86", R"(,{"names":["socket"]})")},
    },
    {
        .id = "seccomp.x32.reachable",
        .title = "The seccomp filter lets x32 system calls through.",
        .severity = Severity::medium,
        .why = "The same calls by other numbers: a filter that compares numbers and forgets the bit of x32 refuses "
               "nothing to them.",
        .how = say(kTried, " If getpid comes through it is made: ENOSYS tells that the kernel has no such table."),
        .references = {"seccomp(2)", "systemd.exec(5), SystemCallArchitectures=", "CVE-2014-0038"},
        .fix = {.oci = kOnlyNative,
                .docker = R"(--security-opt seccomp=native.json, with "architectures": ["SCMP_ARCH_X86_64"])",
                .kubernetes = "securityContext: {seccompProfile: {type: Localhost, localhostProfile: native.json}}",
                .bwrap = "--seccomp 10 10<filter.bpf",
                .host = "boot without syscall.x32=y"},
        .side = Side::inside,
        .look = look_at_x32,
        .spoil = {.config = with_table("X32")},
    },
    {
        .id = "seccomp.i386.way-around",
        .title = "What the seccomp filter refuses to 64-bit calls it lets through as 32-bit calls.",
        .severity = Severity::high,
        .why = "The filter does not do what its profile says: one instruction is the way around it.",
        .how = say(kTried, " Calls that do the same in both tables are compared."),
        .references = {"seccomp(2)", "CVE-2009-0835"},
        .fix = {.oci = kOnlyNative,
                .docker = R"(--security-opt seccomp=native.json, with "architectures": ["SCMP_ARCH_X86_64"])",
                .kubernetes = "securityContext: {seccompProfile: {type: Localhost, localhostProfile: native.json}}",
                .bwrap = "--seccomp 10 10<filter.bpf"},
        .side = Side::inside,
        .look = look_for_way_around,
        .spoil = {.config = with_table("X86", R"(,{"names":["socket"]})", allowing_rule({"umount"})),
                  .also = {"seccomp.i386.reachable"}},
    },
    {
        .id = "seccomp.socketcall.hole",
        .title = "The seccomp filter refuses families of sockets, but not to the 32-bit socketcall.",
        .severity = Severity::medium,
        .why = "The family is in memory, where no filter can see it: AF_ALG and the others are as open as before. Only "
               "a security module, or a filter without 32-bit calls, closes it.",
        .how = std::string(kTried),
        .references = {"socketcall(2)", "https://github.com/moby/moby/commit/e66731a", "CVE-2026-31431"},
        .fix = {.oci = kOnlyNative,
                .docker = R"(--security-opt seccomp=native.json, with "architectures": ["SCMP_ARCH_X86_64"])",
                .kubernetes = "securityContext: {seccompProfile: {type: Localhost, localhostProfile: native.json}}",
                .bwrap = "--seccomp 10 10<filter.bpf",
                .host = "boot with ia32_emulation=0 (Linux 6.7)"},
        .side = Side::inside,
        .look = look_at_socketcall,
        .spoil = {.config = with_table("X86"), .also = {"seccomp.i386.reachable"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
