#include "harness/sys/harmless_calls.h"

#include <linux/sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <vector>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

constexpr std::uint64_t kNone = ~std::uint64_t{0};          // neither a descriptor nor an address
constexpr std::uint64_t kNobody = 0x7fffffff;               // no process
constexpr std::uint64_t kUnknown = 99;                      // no command, no clock
constexpr std::uint64_t kImpossibleChild = CLONE_SIGHAND;   // EINVAL without CLONE_VM (clone(2))
constexpr std::uint64_t kImpossibleUnshare = CLONE_PTRACE;  // EINVAL: not for unshare(2)
constexpr std::uint64_t kImpossibleType = 15;               // EINVAL: no type of a socket (socket(2))
constexpr std::uint64_t kSomePersona = 0x0008;              // PER_LINUX32, of the caller only

// Linux 6.8; the same number on every machine.
constexpr long kLsmGetSelfAttr = 459;

constexpr HarmlessCall kCalls[] = {
    // What every program needs.
    {"read", SYS_read, 3, {kNone, kNone, 1}},
    {"write", SYS_write, 3, {kNone, kNone, 1}},
    {"close", SYS_close, 1, {kNone}},
    {"fstat", SYS_fstat, 2, {kNone, kNone}},
    {"openat", SYS_openat, 3, {kNone, kNone, 0}},
    {"lseek", SYS_lseek, 3, {kNone, 0, 0}},
    {"ioctl", SYS_ioctl, 3, {kNone, 0, 0}},
    {"dup", SYS_dup, 1, {kNone}},
    {"fcntl", SYS_fcntl, 3, {kNone, 1, 0}},
    {"execve", SYS_execve, 3, {kNone, 0, 0}},
    {"wait4", SYS_wait4, 4, {kNobody, 0, 1, 0}},
    {"kill", SYS_kill, 2, {kNobody, 0}},
    {"connect", SYS_connect, 3, {kNone, kNone, 1}},
    {"setsockopt", SYS_setsockopt, 5, {kNone, 0, 0, 0, 0}},
    {"mq_open", SYS_mq_open, 4, {kNone, 0, 0, 0}},
    {"shmget", SYS_shmget, 3, {1, 0, 0x8000}},
    {"setpriority", SYS_setpriority, 3, {kUnknown, 0, 0}},
    // Mounts and namespaces.
    {"mount", SYS_mount, 5, {kNone, kNone, kNone, 0, 0}},
    {"umount2", SYS_umount2, 2, {kNone, 0xffffff00}},
    {"pivot_root", SYS_pivot_root, 2, {kNone, kNone}},
    {"chroot", SYS_chroot, 1, {kNone}},
    {"setns", SYS_setns, 2, {kNone, 0}},
    {"open_tree", SYS_open_tree, 3, {kNone, kNone, 2}},
    {"move_mount", SYS_move_mount, 5, {kNone, kNone, kNone, kNone, 0xffffff00}},
    {"fsopen", SYS_fsopen, 2, {kNone, 0}},
    {"fsconfig", SYS_fsconfig, 5, {kNone, kUnknown, 0, 0, 0}},
    {"fsmount", SYS_fsmount, 3, {kNone, 0, 0}},
    {"fspick", SYS_fspick, 3, {kNone, kNone, 0xffffff00}},
    {"mount_setattr", SYS_mount_setattr, 5, {kNone, kNone, 0xffffff00, kNone, 0}},
    // The machine as a whole.
    {"acct", SYS_acct, 1, {kNone}},
    {"adjtimex", SYS_adjtimex, 1, {kNone}},
    {"clock_adjtime", SYS_clock_adjtime, 2, {kUnknown, kNone}},
    {"clock_settime", SYS_clock_settime, 2, {kUnknown, kNone}},
    {"settimeofday", SYS_settimeofday, 2, {kNone, kNone}},
    {"delete_module", SYS_delete_module, 2, {kNone, 0}},
    {"finit_module", SYS_finit_module, 3, {kNone, kNone, 0}},
    {"init_module", SYS_init_module, 3, {kNone, 0, kNone}},
    {"quotactl", SYS_quotactl, 4, {kUnknown << 8, kNone, 0, kNone}},
    {"reboot", SYS_reboot, 4, {0, 0, 0, 0}},
    {"sethostname", SYS_sethostname, 2, {kNone, kNone}},
    {"setdomainname", SYS_setdomainname, 2, {kNone, kNone}},
    {"swapon", SYS_swapon, 2, {kNone, 0xff000000}},
    {"swapoff", SYS_swapoff, 1, {kNone}},
    {"syslog", SYS_syslog, 3, {kUnknown, 0, 0}},
#if defined(__x86_64__)
    {"ioperm", SYS_ioperm, 3, {0, 0, 0}},
    {"iopl", SYS_iopl, 1, {kUnknown}},
    {"ustat", SYS_ustat, 2, {kNone, kNone}},
    {"sysfs", SYS_sysfs, 1, {kUnknown}},
#endif
    // What few filters name.
    {"io_pgetevents", SYS_io_pgetevents, 6, {kNone, 0, 0, kNone, 0, 0}},
    {"lsm_get_self_attr", kLsmGetSelfAttr, 4, {kUnknown, kNone, kNone, 0xff000000}},
    // Other processes and their memory.
    {"kcmp", SYS_kcmp, 5, {kNobody, kNobody, kUnknown, 0, 0}},
    {"migrate_pages", SYS_migrate_pages, 4, {kNobody, 0, 0, 0}},
    {"move_pages", SYS_move_pages, 6, {kNobody, 0, 0, 0, 0, 0}},
    {"pidfd_getfd", SYS_pidfd_getfd, 3, {kNone, kNone, 0}},
    {"process_madvise", SYS_process_madvise, 5, {kNone, kNone, 0, 0, 0}},
    {"process_vm_readv", SYS_process_vm_readv, 6, {kNobody, 0, 0, 0, 0, 1}},
    {"process_vm_writev", SYS_process_vm_writev, 6, {kNobody, 0, 0, 0, 0, 1}},
    {"ptrace", SYS_ptrace, 4, {0x4206, kNobody, 0, 0}},  // PTRACE_SEIZE
    {"userfaultfd", SYS_userfaultfd, 1, {0xff000000}},
    {"vmsplice", SYS_vmsplice, 4, {kNone, kNone, 1, 0}},
    {"name_to_handle_at", SYS_name_to_handle_at, 5, {kNone, kNone, kNone, kNone, 0xff000000}},
    {"open_by_handle_at", SYS_open_by_handle_at, 3, {kNone, kNone, 0}},
    {"set_mempolicy", SYS_set_mempolicy, 3, {kUnknown, 0, 0}},
    {"mbind", SYS_mbind, 6, {1, 0, kUnknown, 0, 0, 0}},
    // What has been a way out more than once.
    {"bpf", SYS_bpf, 3, {kUnknown, kNone, 0}},
    {"fanotify_init", SYS_fanotify_init, 2, {0xff000000, 0}},
    {"fanotify_mark", SYS_fanotify_mark, 5, {kNone, 0, 0, kNone, kNone}},
    {"perf_event_open", SYS_perf_event_open, 5, {kNone, 0, 0, kNone, 0}},
    {"add_key", SYS_add_key, 5, {kNone, kNone, 0, 0, 0}},
    {"keyctl", SYS_keyctl, 1, {kUnknown}},
    {"request_key", SYS_request_key, 4, {kNone, kNone, 0, 0}},
    {"io_uring_setup", SYS_io_uring_setup, 2, {0, kNone}},
    {"io_uring_enter", SYS_io_uring_enter, 6, {kNone, 0, 0, 0, 0, 0}},
    {"io_uring_register", SYS_io_uring_register, 4, {kNone, kUnknown, 0, 0}},
    {"clone3", SYS_clone3, 2, {kNone, 0}},
    // By their arguments.
    {"clone", SYS_clone, 5, {kImpossibleChild, 0, 0, 0, 0}},
    {"clone", SYS_clone, 5, {kImpossibleChild | CLONE_NEWNS, 0, 0, 0, 0}},
    {"clone", SYS_clone, 5, {kImpossibleChild | CLONE_NEWCGROUP, 0, 0, 0, 0}},
    {"clone", SYS_clone, 5, {kImpossibleChild | CLONE_NEWUTS, 0, 0, 0, 0}},
    {"clone", SYS_clone, 5, {kImpossibleChild | CLONE_NEWIPC, 0, 0, 0, 0}},
    {"clone", SYS_clone, 5, {kImpossibleChild | CLONE_NEWUSER, 0, 0, 0, 0}},
    {"clone", SYS_clone, 5, {kImpossibleChild | CLONE_NEWPID, 0, 0, 0, 0}},
    {"clone", SYS_clone, 5, {kImpossibleChild | CLONE_NEWNET, 0, 0, 0, 0}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare | CLONE_NEWNS}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare | CLONE_NEWCGROUP}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare | CLONE_NEWUTS}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare | CLONE_NEWIPC}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare | CLONE_NEWUSER}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare | CLONE_NEWPID}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare | CLONE_NEWNET}},
    {"unshare", SYS_unshare, 1, {kImpossibleUnshare | CLONE_NEWTIME}},
    {"socket", SYS_socket, 3, {AF_UNIX, kImpossibleType, 0}},
    {"socket", SYS_socket, 3, {AF_INET, kImpossibleType, 0}},
    {"socket", SYS_socket, 3, {AF_INET6, kImpossibleType, 0}},
    {"socket", SYS_socket, 3, {AF_NETLINK, kImpossibleType, 0}},
    {"socket", SYS_socket, 3, {AF_PACKET, kImpossibleType, 0}},
    {"socket", SYS_socket, 3, {AF_BLUETOOTH, kImpossibleType, 0}},
    {"socket", SYS_socket, 3, {AF_ALG, kImpossibleType, 0}},
    {"socket", SYS_socket, 3, {AF_VSOCK, kImpossibleType, 0}},
    {"personality", SYS_personality, 1, {0xffffffff}},
    {"personality", SYS_personality, 1, {kSomePersona}},
};

}  // namespace

std::span<const HarmlessCall> harmless_calls() { return kCalls; }

Reply make_call(Actor& actor, const HarmlessCall& call) {
  std::vector<Arg> arguments;
  for (unsigned i = 0; i < call.count; ++i)
    arguments.push_back(call.arguments[i] < 256 ? num(static_cast<std::int64_t>(call.arguments[i]))
                                                : hex(call.arguments[i]));
  return actor.call(call.number, call.name, std::move(arguments));
}

std::string text_of(const HarmlessCall& call) {
  return call.count == 0 ? std::string(call.name) : say(call.name, "(", hex(call.arguments[0]).text, ")");
}

}  // namespace nsproof::sys
