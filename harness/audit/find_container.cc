#include "harness/audit/find_container.h"

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <vector>

#include "harness/launch/program.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

std::optional<int> positive(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

// "12345"
std::optional<int> plain(const std::string& output) { return positive(trim(output)); }

// {"pid": 12345, "status": "running"}: state of the OCI runtime specification.
std::optional<int> state(const std::string& output) {
  const auto read = nlohmann::json::parse(output, nullptr, false);
  if (!read.is_object() || read.value("status", "") == "stopped") return std::nullopt;
  const auto pid = read.find("pid");
  if (pid == read.end() || !pid->is_number_integer() || pid->get<int>() <= 0) return std::nullopt;
  return pid->get<int>();
}

struct Engine {
  const char* name;
  std::vector<std::string> command;  // the container's name follows
  std::optional<int> (*read)(const std::string& output);
};

const std::vector<Engine>& engines() {
  static const std::vector<Engine> all = {
      {"podman", {"podman", "container", "inspect", "--format", "{{.State.Pid}}"}, plain},
      {"docker", {"docker", "container", "inspect", "--format", "{{.State.Pid}}"}, plain},
      {"runc", {"runc", "state"}, state},
      {"crun", {"crun", "state"}, state},
      {"lxc", {"lxc-info", "--pid", "--no-humanize", "--name"}, plain},
      {"systemd-nspawn", {"machinectl", "show", "--property=Leader", "--value"}, plain},
  };
  return all;
}

}  // namespace

int process_of_container(const std::string& name) {
  if (name.empty() || name.starts_with('-')) throw NoContainer(say("no container is called ", nsproof::quoted(name)));
  std::map<int, std::string> found;
  std::vector<std::string> asked;
  for (const Engine& engine : engines()) {
    std::vector<std::string> words = engine.command;
    words.push_back(name);
    ProgramOptions options;
    options.deadline = std::chrono::milliseconds{10'000};
    try {
      const ProgramResult answer = run_program(words, options);
      asked.emplace_back(engine.name);
      if (!answer.exited_with(0)) continue;
      if (const std::optional<int> pid = engine.read(answer.output)) found.emplace(*pid, engine.name);
    } catch (const std::system_error&) {
      continue;  // it is not installed
    }
  }
  if (found.size() == 1) return found.begin()->first;
  if (found.empty())
    throw NoContainer(asked.empty()
                          ? "no container engine is installed; --pid takes a process"
                          : say("no running container is called ", nsproof::quoted(name), " by ", join(asked, ", ")));
  std::vector<std::string> all;
  for (const auto& [pid, engine] : found) all.push_back(say(engine, ": ", pid));
  throw NoContainer(
      say("several containers are called ", nsproof::quoted(name), " (", join(all, ", "), "); --pid chooses one"));
}

}  // namespace nsproof::audit
