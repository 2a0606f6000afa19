#include "suites/audit/seccomp_sweep.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstring>

#include "harness/support/text.h"
#include "harness/sys/descriptors.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/sys/resources.h"
#include "harness/world/spawn.h"

namespace nsproof::audit {
namespace {

constexpr int kOurs = 3333;                  // no error of the kernel's: the answer to what came through
constexpr std::uint32_t kMark = 0x73776570;  // in the sixth argument of a call that is tried
constexpr long kX32 = 0x4000'0000;           // __X32_SYSCALL_BIT
constexpr std::size_t kAnswerSize = sizeof(std::int32_t);

// uretprobe and uprobe of x86-64 (Linux 6.11 and 6.18) pass every filter unseen, for the kernel itself puts them into
// programs; made by anybody else they end the process (kernel/seccomp.c, __secure_computing). They are left out.
constexpr long kUnfiltered = 335;
constexpr long kUnfilteredCount = 2;

#if defined(__x86_64__)
// void (long first, long end, std::int32_t* results, std::uint64_t mark)
constexpr std::string_view kCalls64(
    "\x53"              // push rbx
    "\x55"              // push rbp
    "\x41\x54"          // push r12
    "\x41\x55"          // push r13
    "\x48\x89\xfb"      // mov rbx,rdi
    "\x48\x89\xf5"      // mov rbp,rsi
    "\x49\x89\xd4"      // mov r12,rdx
    "\x49\x89\xcd"      // mov r13,rcx
    "\x48\x39\xeb"      // cmp rbx,rbp
    "\x73\x21"          // jae out
    "\x48\x89\xd8"      // mov rax,rbx
    "\x31\xff"          // xor edi,edi
    "\x31\xf6"          // xor esi,esi
    "\x31\xd2"          // xor edx,edx
    "\x45\x31\xd2"      // xor r10d,r10d
    "\x45\x31\xc0"      // xor r8d,r8d
    "\x4d\x89\xe9"      // mov r9,r13
    "\x0f\x05"          // syscall
    "\x41\x89\x04\x24"  // mov dword ptr [r12],eax
    "\x49\x83\xc4\x04"  // add r12,0x4
    "\x48\xff\xc3"      // inc rbx
    "\xeb\xda"          // jmp again
    "\x41\x5d"          // pop r13
    "\x41\x5c"          // pop r12
    "\x5d"              // pop rbp
    "\x5b"              // pop rbx
    "\xc3",             // ret
    63);

// void (long first, long end, std::int32_t* results)
constexpr std::string_view kCalls32(
    "\x53"              // push rbx
    "\x55"              // push rbp
    "\x41\x54"          // push r12
    "\x41\x55"          // push r13
    "\x41\x56"          // push r14
    "\x49\x89\xfe"      // mov r14,rdi
    "\x49\x89\xf5"      // mov r13,rsi
    "\x49\x89\xd4"      // mov r12,rdx
    "\x4d\x39\xee"      // cmp r14,r13
    "\x73\x1e"          // jae out
    "\x44\x89\xf0"      // mov eax,r14d
    "\x31\xdb"          // xor ebx,ebx
    "\x31\xc9"          // xor ecx,ecx
    "\x31\xd2"          // xor edx,edx
    "\x31\xf6"          // xor esi,esi
    "\x31\xff"          // xor edi,edi
    "\x31\xed"          // xor ebp,ebp
    "\xcd\x80"          // int 0x80
    "\x41\x89\x04\x24"  // mov dword ptr [r12],eax
    "\x49\x83\xc4\x04"  // add r12,0x4
    "\x49\xff\xc6"      // inc r14
    "\xeb\xdd"          // jmp again
    "\x41\x5e"          // pop r14
    "\x41\x5d"          // pop r13
    "\x41\x5c"          // pop r12
    "\x5d"              // pop rbp
    "\x5b"              // pop rbx
    "\xc3",             // ret
    61);

// void (int notifications, pollfd* both, seccomp_notif* room, seccomp_notif_resp* answer)
constexpr std::string_view kServe(
    "\x53"                  // push rbx
    "\x55"                  // push rbp
    "\x41\x54"              // push r12
    "\x41\x55"              // push r13
    "\x48\x89\xfb"          // mov rbx,rdi
    "\x48\x89\xf5"          // mov rbp,rsi
    "\x49\x89\xd4"          // mov r12,rdx
    "\x49\x89\xcd"          // mov r13,rcx
    "\xb8\x0f\x01\x00\x00"  // mov eax,0x10f
    "\x48\x89\xef"          // mov rdi,rbp
    "\xbe\x02\x00\x00\x00"  // mov esi,0x2
    "\x31\xd2"              // xor edx,edx
    "\x45\x31\xd2"          // xor r10d,r10d
    "\x45\x31\xc0"          // xor r8d,r8d
    "\x0f\x05"              // syscall
    "\xf6\x45\x06\x01"      // test byte ptr [rbp+0x6],0x1
    "\x74\x43"              // je out
    "\x4c\x89\xe7"          // mov rdi,r12
    "\x31\xc0"              // xor eax,eax
    "\xb9\x0a\x00\x00\x00"  // mov ecx,0xa
    "\xf3\x48\xab"          // rep stosq
    "\xb8\x10\x00\x00\x00"  // mov eax,0x10
    "\x48\x89\xdf"          // mov rdi,rbx
    "\xbe\x00\x21\x50\xc0"  // mov esi,0xc0502100
    "\x4c\x89\xe2"          // mov rdx,r12
    "\x0f\x05"              // syscall
    "\x48\x85\xc0"          // test rax,rax
    "\x75\x1f"              // jne out
    "\x49\x8b\x04\x24"      // mov rax,qword ptr [r12]
    "\x49\x89\x45\x00"      // mov qword ptr [r13],rax
    "\xb8\x10\x00\x00\x00"  // mov eax,0x10
    "\x48\x89\xdf"          // mov rdi,rbx
    "\xbe\x01\x21\x18\xc0"  // mov esi,0xc0182101
    "\x4c\x89\xea"          // mov rdx,r13
    "\x0f\x05"              // syscall
    "\x48\x85\xc0"          // test rax,rax
    "\x74\xa0"              // je again
    "\x41\x5d"              // pop r13
    "\x41\x5c"              // pop r12
    "\x5d"                  // pop rbp
    "\x5b"                  // pop rbx
    "\xc3",                 // ret
    121);

static_assert(SYS_ppoll == 271 && SYS_ioctl == 16 && sizeof(seccomp_notif) == 80);
static_assert(SECCOMP_IOCTL_NOTIF_RECV == 0xc0502100 && SECCOMP_IOCTL_NOTIF_SEND == 0xc0182101);
#else
constexpr std::string_view kCalls64;
constexpr std::string_view kCalls32;
constexpr std::string_view kServe;
#endif

// What both need, in pages that the caller inherits from its parent.
struct Pages {
  std::uint64_t at = 0;
  static constexpr std::uint64_t kCode32 = 256;
  static constexpr std::uint64_t kCodeServe = 512;
  static constexpr std::uint64_t kResults = 4096;
  static constexpr std::uint64_t kPolled = 8192;
  static constexpr std::uint64_t kRoom = kPolled + 64;
  static constexpr std::uint64_t kAnswer = kPolled + 192;
  static constexpr std::int64_t kSize = 12288;
};

Pages make_pages(Actor& actor) {
  const auto at = static_cast<std::uint64_t>(must(actor.call(
      SYS_mmap, "mmap",
      {null(), num(Pages::kSize), named(PROT_READ | PROT_WRITE | PROT_EXEC, "PROT_READ|PROT_WRITE|PROT_EXEC"),
       named(MAP_PRIVATE | MAP_ANONYMOUS, "MAP_PRIVATE|MAP_ANONYMOUS"), num(-1), num(0)})));
  must(sys::poke(actor, at, kCalls64));
  must(sys::poke(actor, at + Pages::kCode32, kCalls32));
  must(sys::poke(actor, at + Pages::kCodeServe, kServe));
  return {at};
}

std::vector<sock_filter> program() {
  const auto low = [](std::size_t at) { return static_cast<std::uint32_t>(at); };
  return {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low(offsetof(seccomp_data, arch))),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 3, 0),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low(offsetof(seccomp_data, args) + 5 * sizeof(std::uint64_t))),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMark, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
  };
}

int install(Actor& actor) {
  // Whom the filter kills leaves no core file (seccomp(2), SECCOMP_RET_KILL_PROCESS).
  must(sys::prctl(actor, PR_SET_DUMPABLE, "PR_SET_DUMPABLE", 0));
  must(sys::prctl(actor, PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS", 1));
  const std::vector<sock_filter> filter = program();
  const sock_fprog header{static_cast<unsigned short>(filter.size()), nullptr};
  Arg pointer = record(raw(header), "");
  pointer.pointers = {
      {offsetof(sock_fprog, filter),
       record(std::string(reinterpret_cast<const char*>(filter.data()), filter.size() * sizeof(sock_filter)), "")}};
  return static_cast<int>(must(actor.call(
      SYS_seccomp, "seccomp", {num(SECCOMP_SET_MODE_FILTER), num(SECCOMP_FILTER_FLAG_NEW_LISTENER), pointer})));
}

Step function(std::uint64_t at, std::string_view name, std::vector<Arg> args) {
  Step made = step(static_cast<long>(at), name, std::move(args));
  made.kind = wire::Kind::function;
  return made;
}

// What is open in the parent, and its child; both go whatever happens.
class Sweep {
 public:
  explicit Sweep(Actor& parent) : parent_(parent), shown_(parent.transcript()) { parent_.set_transcript(unseen_); }
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

  ~Sweep() {
    const int pid = caller_ ? caller_->pid() : 0;
    caller_.reset();
    try {
      if (!parent_.busy()) clean(pid);
    } catch (const Broken&) {
      // The parent is gone, and with it everything that was its own.
    }
    parent_.set_transcript(shown_);
  }

  std::string run(Abi abi, long count);

 private:
  void clean(int pid) {
    if (pid != 0) {
      sys::kill(parent_, pid, SIGKILL);
      sys::wait4(parent_, pid);
    }
    for (const int fd : open_) sys::close(parent_, fd);
    if (pages_.at != 0) parent_.call(SYS_munmap, "munmap", {hex(pages_.at), num(Pages::kSize)});
  }

  Actor& parent_;
  Transcript& shown_;
  Transcript unseen_;
  Pages pages_;
  std::vector<int> open_;
  std::unique_ptr<Actor> caller_;
};

std::string Sweep::run(Abi abi, long count) {
  pages_ = make_pages(parent_);
  const sys::Pair results = must(sys::pipe(parent_));
  const sys::Pair sockets = must(sys::socket_pair(parent_));
  open_ = {results.first, sockets.first, sockets.second};
  caller_ = must_spawn(parent_, 0, "caller");
  // Whoever holds the writing end keeps the pipe open; the caller's death must show.
  must(sys::close(parent_, results.second));
  const int installed = install(*caller_);
  must(sys::send_descriptor(*caller_, sockets.second, installed));
  must(sys::close(*caller_, installed));
  const int notifications = must(sys::receive_descriptor(parent_, sockets.first));
  open_.push_back(notifications);
  const pollfd both[] = {{notifications, POLLIN, 0}, {results.first, POLLIN, 0}};
  must(sys::poke(parent_, pages_.at + Pages::kPolled, raw(both)));
  must(sys::poke(parent_, pages_.at + Pages::kAnswer, raw(seccomp_notif_resp{0, 0, -kOurs, 0})));

  const auto size = count * static_cast<long>(kAnswerSize);
  const long first = abi == Abi::x32 ? kX32 : 0;
  const std::uint64_t code = pages_.at + (abi == Abi::i386 ? Pages::kCode32 : 0);
  std::vector<Step> calls;
  const auto try_from = [&](long begin, long end) {
    const std::uint64_t results_at = pages_.at + Pages::kResults + static_cast<std::uint64_t>(begin) * kAnswerSize;
    calls.push_back(function(code, "try", {num(first + begin), num(first + end), hex(results_at), hex(kMark)}));
  };
  try_from(0, std::min(kUnfiltered, count));
  try_from(std::min(kUnfiltered + kUnfilteredCount, count), count);
  calls.push_back(step(SYS_write, "write", {num(results.second), hex(pages_.at + Pages::kResults), num(size)}));
  caller_->begin(std::move(calls));
  parent_.call(function(pages_.at + Pages::kCodeServe, "serve",
                        {num(notifications), hex(pages_.at + Pages::kPolled), hex(pages_.at + Pages::kRoom),
                         hex(pages_.at + Pages::kAnswer)}));
  const Reply read =
      parent_.call(SYS_read, "read", {num(results.first), out(static_cast<std::size_t>(size)), num(size)});
  if (read.value != size) throw Broken("the filter kills for some of the numbers");
  std::string answers;
  for (long number = 0; number < count; ++number) {
    std::int32_t answer = 0;
    std::memcpy(&answer,
                out_bytes(read, 0, static_cast<std::size_t>(size)).data() + number * static_cast<long>(kAnswerSize),
                sizeof answer);
    answers += answer == -kOurs ? 't' : 'r';
  }
  return answers;
}

// The same without machine code of our own.
std::string slow_sweep(Actor& parent, Abi abi, long count) {
  Transcript unseen;
  ReachProber prober(parent);
  std::vector<ReachCall> calls;
  for (long number = 0; number < count; ++number) calls.push_back({number, std::to_string(number), {}, abi});
  std::string answers;
  for (const Reached& one : prober.probe(calls, unseen)) answers += one.how == Reached::How::reached ? 't' : 'r';
  return answers;
}

}  // namespace

std::string sweep(Actor& parent, Abi abi, long count) {
  if (kCalls64.empty()) return slow_sweep(parent, abi, count);
  return Sweep(parent).run(abi, count);
}

}  // namespace nsproof::audit
