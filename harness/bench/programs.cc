#include "harness/bench/programs.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "harness/actor/actor.h"
#include "harness/bench/clock.h"
#include "harness/support/text.h"

extern "C" const char nsproof_static_program_begin[];
extern "C" const char nsproof_static_program_end[];

namespace nsproof::bench {
namespace {

#if defined(__x86_64__)
constexpr unsigned char kExit[] = {0xb8, 0xe7, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05};  // exit_group(0)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned char kExit[] = {0xc8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 0x01, 0, 0, 0xd4};
constexpr Elf64_Half kMachine = EM_AARCH64;
#endif

constexpr Elf64_Addr kLoadAddress = 0x400000;

struct ExitImage {
  Elf64_Ehdr header;
  Elf64_Phdr segment;
  unsigned char code[sizeof kExit];
};

ExitImage exit_image() {
  ExitImage image{};
  Elf64_Ehdr& header = image.header;
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_EXEC;
  header.e_machine = kMachine;
  header.e_version = EV_CURRENT;
  header.e_entry = kLoadAddress + offsetof(ExitImage, code);
  header.e_phoff = offsetof(ExitImage, segment);
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 1;
  Elf64_Phdr& segment = image.segment;
  segment.p_type = PT_LOAD;
  segment.p_flags = PF_R | PF_X;
  segment.p_vaddr = kLoadAddress;
  segment.p_paddr = kLoadAddress;
  segment.p_filesz = sizeof(ExitImage);
  segment.p_memsz = sizeof(ExitImage);
  segment.p_align = 4096;
  std::memcpy(image.code, kExit, sizeof kExit);
  return image;
}

Fd memfd_of(const char* name, std::string_view bytes) {
  constexpr unsigned kExecutable = 0x10;  // MFD_EXEC, Linux 6.3
  Fd fd(::memfd_create(name, MFD_CLOEXEC | kExecutable));
  if (!fd && errno == EINVAL) fd = Fd(::memfd_create(name, MFD_CLOEXEC));
  if (!fd) throw Broken(say("memfd_create: ", errno_name(errno)));
  if (::write(fd.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    throw Broken(say("writing a program: ", errno_name(errno)));
  // A file that is open for writing cannot be executed (execve(2), ETXTBSY), so it is opened anew.
  Fd again(::open(say("/proc/self/fd/", fd.get()).c_str(), O_RDONLY | O_CLOEXEC));
  if (!again) throw Broken(say("opening a program anew: ", errno_name(errno)));
  return again;
}

struct Start {
  int fd;
  const char* path;
  const char* const* arguments;
  int null;
  volatile int error;
};

void execute(void* place) {
  Start& start = *static_cast<Start*>(place);
  static const char* const kEnvironment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", nullptr};
  for (int fd = 0; fd < 3; ++fd) ::syscall(SYS_dup3, start.null, fd, 0);
  const int flags = start.fd >= 0 ? AT_EMPTY_PATH : 0;
  ::syscall(SYS_execveat, start.fd >= 0 ? start.fd : AT_FDCWD, start.path, start.arguments, kEnvironment, flags);
  start.error = errno;
  raw_exit(127);
}

}  // namespace

Fd exit_program() {
  const ExitImage image = exit_image();
  return memfd_of("nsproof-exit", {reinterpret_cast<const char*>(&image), sizeof image});
}

Fd static_program() {
  return memfd_of("nsproof-static",
                  {nsproof_static_program_begin,
                   static_cast<std::size_t>(nsproof_static_program_end - nsproof_static_program_begin)});
}

int timed_program(const Program& program, std::uint64_t flags, CloneTimes& times) {
  static const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  std::vector<const char*> arguments;
  for (const std::string& argument : program.arguments) arguments.push_back(argument.c_str());
  arguments.push_back(nullptr);
  Start start{program.fd, program.fd >= 0 ? "" : program.path.c_str(), arguments.data(), null.get(), 0};
  rusage usage{};
  int status = 0;
  const std::int64_t cpu = nanoseconds_on(CLOCK_THREAD_CPUTIME_ID);
  times.called = now_ns();
  const long pid = raw_clone(flags, CloneStyle::vfork, execute, &start);
  if (pid < 0) return static_cast<int>(-pid);
  times.returned = now_ns();
  while (::wait4(static_cast<pid_t>(pid), &status, 0, &usage) < 0 && errno == EINTR) {
  }
  times.reaped = now_ns();
  times.child_began = times.returned;
  times.cpu = nanoseconds_on(CLOCK_THREAD_CPUTIME_ID) - cpu +
              (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000'000LL +
              (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1'000LL;
  if (start.error != 0) return start.error;
  return status == 0 ? 0 : EPROTO;
}

}  // namespace nsproof::bench
