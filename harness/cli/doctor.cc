// `nsproof doctor`: what this machine lets us test, why not the rest, and what to do about it.
#include <unistd.h>

#include <algorithm>
#include <map>

#include "harness/cli/commands.h"
#include "harness/cli/doctor_runtimes.h"
#include "harness/host/facts.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

// A kernel without a type has no file for it (namespaces(7)).
NsSet types_in_kernel() {
  NsSet types;
  for (const Ns type : kAllNamespaces)
    if (access(say("/proc/self/ns/", name_of(type)).c_str(), F_OK) == 0) types = types.with(type);
  return types;
}

std::string namespaces_text(NsSet types) {
  const NsSet missing = NsSet::all().without(types);
  return missing.empty() ? "all eight types" : say(text_of(types), "; this kernel has no ", text_of(missing));
}

void print_needs(Console& console, const Facts& facts) {
  console.print("");
  console.print(console.paint(Style::strong, "needs of properties"));
  for (const Need need : kAllNeeds) {
    const auto missing = facts.missing.find(need);
    const bool met = missing == facts.missing.end();
    const std::string word = console.paint(met ? Style::good : Style::doubt, padded(met ? "ok" : "missing", 8));
    console.print(say("  ", word, padded(name_of(need), 16), description_of(need)));
    if (!met) console.print(say("  ", padded("", 24), shown_line(missing->second)));
  }
}

void print_rows(Console& console, const Facts& facts) {
  std::map<std::string, long> obstacles;
  long testable = 0;
  for (const Property& row : catalogue()) {
    if (const auto why = unmet_need(row, facts))
      ++obstacles[*why];
    else
      ++testable;
  }
  console.print("");
  console.print(say(testable, " of ", counted(static_cast<long>(catalogue().size()), "property", "properties"),
                    " can be tested here"));
  for (const auto& [why, number] : obstacles) console.print(say("  ", number, " cannot: ", shown_line(why)));
}

}  // namespace

int run_doctor(const DoctorOptions& options) {
  const HostReport host = examine_host();
  const Environment environment = read_environment("nsproof doctor");
  Console console(stdout, options.color);
  const auto width = static_cast<std::size_t>(console.columns());
  const auto add = [&](std::string_view label, std::string_view text) {
    console.print(labelled(label, shown_line(text), width));
  };
  console.print(console.paint(Style::strong, say("nsproof ", environment.tool_version)));
  add("kernel", say("Linux ", environment.kernel_release, " ", environment.machine));
  add("user", say(environment.user, ", effective capabilities ", environment.capabilities));
  add("namespaces", namespaces_text(types_in_kernel()));
  add("cgroups", environment.cgroup_mode);
  add("LSMs", environment.security_modules.empty() ? "none" : environment.security_modules);
  add("bulkhead", host.bulkhead.empty() ? "can be made" : say("cannot be made: ", host.bulkhead));
  if (host.bulkhead.empty()) {
    print_needs(console, host.facts);
    print_rows(console, host.facts);
    print_runtimes(console);
  }
  if (!host.advice.empty()) {
    console.print("");
    add("advice", host.advice);
  }
  if (!console.flush()) {
    warn("the output could not be written completely");
    return static_cast<int>(ExitStatus::cannot_judge);
  }
  return static_cast<int>(host.bulkhead.empty() ? ExitStatus::good : ExitStatus::nothing_established);
}

}  // namespace nsproof
