// The parsers of ns_judge.h.
#include <algorithm>
#include <charconv>

#include "harness/support/text.h"
#include "suites/audit/ns_judge.h"

namespace nsproof::audit {
namespace {

template <class T>
T number(std::string_view word) {
  T value{};
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

}  // namespace

std::vector<std::string> interfaces_of(std::string_view net_dev) {
  std::vector<std::string> names;
  for (const std::string& line : lines_of(net_dev)) {
    // The two lines of headings have a bar; a name may have colons of its own, and what follows it is a number.
    const std::size_t colon = line.rfind(':');
    if (colon != std::string::npos && line.find('|') == std::string::npos) names.push_back(trim(line.substr(0, colon)));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<Listener> listeners_of(std::string_view net_tcp) {
  constexpr std::string_view kListen = "0A";  // TCP_LISTEN of tcp_states.h
  std::vector<Listener> listeners;
  for (const std::string& line : lines_of(net_tcp)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() > 9 && words[3] == kListen)
      listeners.push_back({words[1], number<std::uint32_t>(words[7]), number<std::uint64_t>(words[9])});
  }
  return listeners;
}

std::vector<IpcObject> ipc_objects_of(std::string_view table) {
  std::vector<IpcObject> objects;
  std::vector<std::string> heading;
  for (const std::string& line : lines_of(table)) {
    const std::vector<std::string> words = words_of(line);
    if (heading.empty()) {
      heading = words;
      continue;
    }
    IpcObject object;
    for (std::size_t i = 0; i < words.size() && i < heading.size(); ++i) {
      if (i == 1) object.id = words[i];
      if (heading[i] == "cuid") object.creator_uid = number<std::uint32_t>(words[i]);
      if (heading[i] == "cpid") object.creator_pid = number<int>(words[i]);
    }
    objects.push_back(std::move(object));
  }
  return objects;
}

bool in_foreign_cgroup(std::string_view cgroup) {
  const std::vector<std::string> lines = lines_of(cgroup);
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    const std::size_t path = line.rfind(':');
    return path != std::string::npos && (line.substr(path + 1).starts_with("/../") || line.substr(path + 1) == "/..");
  });
}

}  // namespace nsproof::audit
