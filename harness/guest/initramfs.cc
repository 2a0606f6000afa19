#include "harness/guest/initramfs.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "harness/guest/cpio.h"
#include "harness/guest/image.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

// The file that lists the modules, a path a line.
constexpr const char* kModuleList = "/modules";

// The console's device number (Documentation/admin-guide/devices.txt).
constexpr unsigned kConsoleMajor = 5;
constexpr unsigned kConsoleMinor = 1;

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw std::system_error(errno, std::generic_category(), "writing the initramfs");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace

std::string base_archive(std::string_view program, const std::vector<Module>& modules) {
  Cpio archive;
  archive.directory("dev");
  archive.character_device("dev/console", 0600, kConsoleMajor, kConsoleMinor);
  archive.file("init", 0755, program);
  std::string list;
  for (const Module& module : modules) {
    archive.file(module.name + ".ko", 0644, module.contents);
    list += say("/", module.name, ".ko\n");
  }
  archive.file(kModuleList + 1, 0644, list);
  return archive.finish();
}

Fd make_initramfs(std::string_view base, const Plan& plan) {
  Fd file(::memfd_create("nsproof-initramfs", MFD_CLOEXEC));
  if (!file) throw std::system_error(errno, std::generic_category(), "memfd_create");
  Cpio archive;
  archive.file(kPlanPath + 1, 0644, text_of(plan));
  write_all(file.get(), base);
  write_all(file.get(), archive.finish());
  return file;
}

std::string own_program() {
  std::string program = host_file("/proc/self/exe");
  if (program.empty()) throw std::runtime_error("/proc/self/exe cannot be read, so nsproof cannot go into a guest");
  if (!is_static_program(program))
    throw std::runtime_error(
        "this nsproof is linked dynamically and cannot run in a guest that has no libraries; "
        "build it with -DNSPROOF_STATIC=ON");
  return program;
}

std::vector<std::string> modules_in_initramfs() { return lines_of(host_file(kModuleList)); }

}  // namespace nsproof::guest
