#include "reports/record_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "harness/support/fd.h"
#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/json.h"

namespace nsproof {
namespace {

constexpr std::size_t kComplaintLimit = 400;  // bytes; a parser's complaint may quote the whole file

std::string bytes_from(int descriptor, std::size_t limit) {
  std::string bytes;
  struct stat place {};
  if (fstat(descriptor, &place) == 0 && S_ISREG(place.st_mode) && place.st_size > 0 &&
      static_cast<std::uint64_t>(place.st_size) <= limit)
    bytes.reserve(static_cast<std::size_t>(place.st_size) + 1);
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t got = read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::runtime_error(say("cannot be read: ", errno_name(errno)));
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > limit) throw std::runtime_error(say("is larger than ", limit, " bytes"));
  }
}

}  // namespace

std::string read_whole(const std::string& path, std::size_t limit) {
  if (path == "-") return bytes_from(STDIN_FILENO, limit);
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file) throw std::runtime_error(say("cannot be opened: ", errno_name(errno)));
  return bytes_from(file.get(), limit);
}

Results read_record(const std::string& path, std::size_t limit) {
  try {
    return read_json(read_whole(path, limit));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(
        say(shown_line(path == "-" ? "standard input" : path), ": ", shown_line(error.what(), kComplaintLimit)));
  }
}

}  // namespace nsproof
