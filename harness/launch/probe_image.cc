// Puts the embedded probe into a sealed memfd.
#include "harness/launch/probe_image.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>

#include "harness/actor/transport.h"
#include "harness/support/text.h"

extern "C" const char nsproof_probe_begin[];
extern "C" const char nsproof_probe_end[];

namespace nsproof {

std::string_view probe_image() {
  return {nsproof_probe_begin, static_cast<std::size_t>(nsproof_probe_end - nsproof_probe_begin)};
}

Fd probe_memfd() {
  constexpr unsigned kExecutable = 0x10;  // MFD_EXEC, Linux 6.3: wanted where vm.memfd_noexec is 1
  Fd fd(::memfd_create("nsprobe", MFD_CLOEXEC | MFD_ALLOW_SEALING | kExecutable));
  if (!fd && errno == EINVAL) fd = Fd(::memfd_create("nsprobe", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) throw Broken(say("memfd_create: ", errno_name(errno)));
  const std::string_view image = probe_image();
  if (::write(fd.get(), image.data(), image.size()) != static_cast<ssize_t>(image.size()))
    throw Broken(say("writing the probe: ", errno_name(errno)));
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
    throw Broken(say("sealing the probe: ", errno_name(errno)));
  return fd;
}

}  // namespace nsproof
