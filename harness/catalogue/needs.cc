#include "harness/catalogue/needs.h"

#include <charconv>
#include <vector>

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
    {"net-core-files", "values in /proc/sys/net/core of a new network namespace, which unprivileged users once lacked"},
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

KernelVersion kernel_version(std::string_view release, std::string_view names) {
  KernelVersion best = kernel_version(release);
  for (const std::string& word : words_of(names)) {
    const KernelVersion named = kernel_version(word);
    if (named.major == best.major && named.minor == best.minor && named > best) best = named;
  }
  return best;
}

std::optional<KernelVersion> kernel_named(std::string_view text) {
  // What follows the numbers of a release name begins with a dash or a plus sign.
  const std::string numbers(text.substr(0, text.find_first_of("-+")));
  const std::vector<std::string> parts = split(numbers, '.');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  for (const std::string& part : parts)
    if (part.empty() || part.size() > 6 || part.find_first_not_of("0123456789") != std::string::npos)
      return std::nullopt;
  return kernel_version(numbers);
}

std::string text_of(KernelVersion version) {
  return version.patch == 0 ? say(version.major, ".", version.minor)
                            : say(version.major, ".", version.minor, ".", version.patch);
}

std::optional<std::string> missing_types(NsSet wanted, const Facts& facts) {
  const NsSet absent = wanted.without(facts.namespaces);
  if (absent.empty()) return std::nullopt;
  for (const auto& [type, reason] : facts.no_namespaces)
    if (absent.has(type)) return reason;
  return say("this kernel has no ", text_of(absent), " namespaces");
}

}  // namespace nsproof
