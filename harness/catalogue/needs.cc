#include "harness/catalogue/needs.h"

#include <charconv>

#include "harness/support/text.h"

namespace nsproof {
namespace {

struct Row {
  std::string_view name;
  std::string_view description;
};

// In the order of enum Need.
constexpr Row kRows[] = {
    {"initial-root", "root over the initial user namespace"},
    {"many-ids", "the right to map more ids than the caller's own (CAP_SETUID in the parent user namespace)"},
    {"all-namespaces", "all eight namespace types in this kernel"},
    {"cgroup2", "a writable cgroup2 hierarchy"},
    {"veth", "veth devices"},
    {"nf-tables", "nf_tables in this kernel"},
    {"mqueue", "POSIX message queues and the mqueue file system"},
    {"sysvipc", "System V IPC"},
    {"ipv6", "IPv6"},
};

}  // namespace

std::string_view name_of(Need need) { return kRows[static_cast<unsigned>(need)].name; }
std::string_view description_of(Need need) { return kRows[static_cast<unsigned>(need)].description; }

KernelVersion kernel_version(std::string_view release) {
  int numbers[3] = {0, 0, 0};
  const char* at = release.data();
  const char* end = at + release.size();
  for (int& number : numbers) {
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc{}) break;
    at = next;
    if (at == end || *at != '.') break;
    ++at;
  }
  return {numbers[0], numbers[1], numbers[2]};
}

std::string text_of(KernelVersion version) {
  return version.patch == 0 ? say(version.major, ".", version.minor)
                            : say(version.major, ".", version.minor, ".", version.patch);
}

}  // namespace nsproof
