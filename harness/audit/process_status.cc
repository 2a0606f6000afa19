#include "harness/audit/process_status.h"

#include <charconv>

#include "harness/runtime/oci_config.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

template <class T>
T number(std::string_view word, int base = 10) {
  T value{};
  std::from_chars(word.data(), word.data() + word.size(), value, base);
  return value;
}

template <class T>
std::vector<T> numbers(const std::vector<std::string>& words) {
  std::vector<T> all;
  for (const std::string& word : words) all.push_back(number<T>(word));
  return all;
}

}  // namespace

Status parse_status(std::string_view text) {
  Status status;
  for (const std::string& line : lines_of(text)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string_view field = std::string_view(line).substr(0, colon);
    const std::string rest = trim(std::string_view(line).substr(colon + 1));
    const auto set = [&] { return number<std::uint64_t>(rest, 16); };
    if (field == "Name") status.name = rest;
    if (field == "Uid") status.uids = numbers<std::uint32_t>(words_of(rest));
    if (field == "Gid") status.gids = numbers<std::uint32_t>(words_of(rest));
    if (field == "Groups") status.groups = numbers<std::uint32_t>(words_of(rest));
    if (field == "NSpid") status.pids = numbers<int>(words_of(rest));
    if (field == "CapInh") status.capabilities.inheritable = set();
    if (field == "CapPrm") status.capabilities.permitted = set();
    if (field == "CapEff") status.capabilities.effective = set();
    if (field == "CapBnd") status.capabilities.bounding = set();
    if (field == "CapAmb") status.capabilities.ambient = set();
    if (field == "NoNewPrivs") status.no_new_privs = rest == "1";
    if (field == "Seccomp") status.seccomp_mode = number<int>(rest);
    if (field == "Seccomp_filters") status.seccomp_filters = number<int>(rest);
    if (field == "TracerPid") status.tracer = number<int>(rest);
    if (field == "Kthread") status.kernel_thread = rest == "1";
  }
  return status;
}

std::string capability_name(unsigned capability) {
  const std::optional<std::string_view> known = capability_called(capability);
  return known ? std::string(*known) : say("CAP_", capability);
}

std::string capability_names(std::uint64_t set) {
  std::vector<std::string> names;
  for (unsigned bit = 0; bit < 64; ++bit)
    if ((set >> bit & 1) != 0) names.push_back(capability_name(bit));
  return names.empty() ? "none" : join(names, " ");
}

}  // namespace nsproof::audit
