// What the container's process starts with: its environment and its working directory.
#include <sys/syscall.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

std::vector<std::string> environment_of(Actor& actor) {
  std::vector<std::string> variables = split(must(sys::read_file(actor, "/proc/self/environ")), '\0');
  std::erase(variables, "");
  return variables;
}

// Those of `some` that are not in `others`, in short.
std::vector<std::string> missing_from(const std::vector<std::string>& others, const std::vector<std::string>& some) {
  std::vector<std::string> missing;
  for (const std::string& one : some)
    if (std::find(others.begin(), others.end(), one) == others.end()) missing.push_back(quoted(one));
  return missing;
}

Observation asked_are_there(World& w) {
  const std::vector<std::string>& asked = *w.contract().environment;
  const std::vector<std::string> missing = missing_from(environment_of(w.inside()), asked);
  if (!missing.empty()) return leaked(say("not there: ", join(missing, ", ")));
  return isolated(say("all ", asked.size(), " are there"));
}

Observation nothing_else_is_there(World& w) {
  const std::vector<std::string> seen = environment_of(w.inside());
  const std::vector<std::string> unasked = missing_from(*w.contract().environment, seen);
  if (!unasked.empty()) return leaked(say("not asked for: ", join(unasked, ", ")));
  return isolated(say("there are ", seen.size(), ", all asked for"));
}

sys::Got<std::string> getcwd(Actor& actor) {
  constexpr std::size_t kMost = 4096;
  return sys::call_for_bytes(actor, step(SYS_getcwd, "getcwd", {out(kMost), num(kMost)}));
}

Observation directory_as_asked(World& w) {
  const std::string seen = must(getcwd(w.inside())).c_str();  // the terminator is one of its bytes
  return seen == *w.contract().directory ? isolated(say("it is ", seen)) : leaked(say("it is ", seen));
}

Observation directory_after_change(World& w) {
  must(sys::chdir(w.inside(), *w.contract().directory == "/" ? "/tmp" : "/"));
  return directory_as_asked(w);
}

std::optional<std::string> asked_for_environment(const Contract& contract) {
  if (!contract.environment) return std::nullopt;
  return contract.environment->empty() ? "no variables" : join(*contract.environment, " ");
}

std::optional<std::string> asked_for_variables(const Contract& contract) {
  if (!contract.environment || contract.environment->empty()) return std::nullopt;
  return asked_for_environment(contract);
}

std::optional<std::string> asked_for_directory(const Contract& contract) { return contract.directory; }

const RuntimeRows rows = {
    {
        .id = "env.variables.asked-are-there",
        .claim = "Every variable that was asked for is in the container's environment, with its value.",
        .how = "Inside reads /proc/self/environ.",
        .source = "OCI runtime-spec config.md, process.env; environ(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = asked_are_there,
        .asked = asked_for_variables,
    },
    {
        .id = "env.variables.no-others",
        .claim = "No variable is in the container's environment but those that were asked for.",
        .how = "Inside reads /proc/self/environ.",
        .source = "OCI runtime-spec config.md, process.env; environ(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = nothing_else_is_there,
        .asked = asked_for_environment,
    },
    {
        .id = "env.directory.as-asked",
        .claim = "The container's process starts in the working directory that was asked for.",
        .how = "Inside asks where it is (getcwd(2)).",
        .source = "OCI runtime-spec config.md, process.cwd; CVE-2024-21626",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = directory_as_asked,
        .control = directory_after_change,
        .control_differs = "the process has gone to another directory",
        .asked = asked_for_directory,
    },
};

}  // namespace
}  // namespace nsproof
