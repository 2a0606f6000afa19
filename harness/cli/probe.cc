// `nsproof probe`: writes the probe to a file, for places where somebody else starts it (verify --via-command).
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "harness/cli/commands.h"
#include "harness/launch/probe_image.h"
#include "harness/support/fd.h"
#include "harness/support/text.h"

namespace nsproof {

int run_probe(const std::string& path) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755));
  const std::string_view image = probe_image();
  if (!file || ::write(file.get(), image.data(), image.size()) != static_cast<ssize_t>(image.size()))
    throw UsageError(say("cannot write ", path, ": ", errno_name(errno)));
  return static_cast<int>(ExitStatus::good);
}

}  // namespace nsproof
