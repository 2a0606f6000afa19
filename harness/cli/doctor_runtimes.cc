#include "harness/cli/doctor_runtimes.h"

#include <memory>
#include <system_error>

#include "harness/cli/verify_targets.h"
#include "harness/launch/program.h"
#include "harness/runtime/container.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

// The first line that has a digit in it: lxc-execute prints a bare number, others a sentence.
std::string version_of(const Target& target) {
  if (target.version.empty()) return "";
  try {
    ProgramOptions options;
    options.deadline = std::chrono::seconds(5);
    const ProgramResult result = run_program(target.version, options);
    for (const std::string& line : lines_of(result.output + "\n" + result.errors)) {
      const std::size_t digit = line.find_first_of("0123456789");
      if (digit != std::string::npos) return line.substr(digit, line.find_first_of(" ,)", digit) - digit);
    }
  } catch (const std::system_error&) {
    // It is in PATH and cannot be executed; the trial says why.
  }
  return "";
}

// What usually stands in the way, by what the runtime said.
std::string advice_for(std::string_view failure) {
  struct Advice {
    std::string_view when;
    std::string_view what;
  };
  static constexpr Advice kAdvice[] = {
      {"cgroups in hybrid mode",
       "mount only one version of cgroups, or give it --cgroup-manager=disabled on version 2"},
      {"setrlimit", "it raises a limit, which needs CAP_SYS_RESOURCE; name limits that are low enough (--ulimit)"},
      {"rlimit", "it raises a limit, which needs CAP_SYS_RESOURCE; name limits that are low enough (--ulimit)"},
      {"newuidmap", "install uidmap, and give the user a range in /etc/subuid and /etc/subgid"},
      {"subuid", "give the user a range in /etc/subuid and /etc/subgid"},
      {"CLONE_NEWUSER", "allow user namespaces: user.max_user_namespaces, kernel.unprivileged_userns_clone, AppArmor"},
      {"user namespace", "allow user namespaces: user.max_user_namespaces, kernel.unprivileged_userns_clone, AppArmor"},
      {"cgroup", "see that a cgroup of its own can be made: run as root, or in a delegated cgroup"},
  };
  for (const Advice& one : kAdvice)
    if (failure.find(one.when) != std::string_view::npos) return std::string(one.what);
  return "";
}

// Starts its sandbox once. Empty if the probe in it said hello.
std::string obstacle(const Target& target, Keeper& keeper, CgroupForest* forest) {
  try {
    ForeignLayer layer(keeper, forest);
    furnish(layer);
    Transcript unseen;
    Container container(layer, target, "trial", unseen);
    return "";
  } catch (const Broken& broken) {
    return broken.what();
  }
}

std::unique_ptr<CgroupForest> forest_or_null() {
  try {
    return std::make_unique<CgroupForest>();
  } catch (const Broken&) {
    return nullptr;
  }
}

}  // namespace

void print_runtimes(Console& console) {
  console.print("");
  console.print(console.paint(Style::strong, "runtimes"));
  const auto width = static_cast<std::size_t>(console.columns());
  const std::unique_ptr<CgroupForest> forest = forest_or_null();
  std::unique_ptr<Keeper> keeper;
  try {
    keeper = std::make_unique<Keeper>(View::machine);
  } catch (const Broken& broken) {
    console.print(labelled("", say("no layer can be made for them: ", shown_line(broken.what())), width));
    return;
  }
  const auto line = [&](Style style, std::string_view word, const Target& target, std::string_view more) {
    console.print(say("  ", console.paint(style, padded(word, 8)), padded(target.name, 18), more));
  };
  for (const Target& target : builtin_targets()) {
    if (target.needs.programs.empty()) continue;
    const std::vector<std::string> missing = missing_programs(target);
    if (!missing.empty()) {
      line(Style::faint, "absent", target, say("apt-get install ", target.needs.package));
      continue;
    }
    const std::string failure = obstacle(target, *keeper, forest.get());
    if (failure.empty()) {
      line(Style::good, "works", target, say(padded(version_of(target), 10), "  ", target.title));
      continue;
    }
    line(Style::bad, "fails", target, version_of(target));
    console.print(labelled("", shown_line(failure), width));
    const std::string advice = advice_for(failure);
    if (!advice.empty()) console.print(labelled("", say("hint: ", advice), width));
  }
}

}  // namespace nsproof
