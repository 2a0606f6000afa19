#include "harness/cli/verify_targets.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/runtime/target_runner.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

bool in_path(const std::string& program) {
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  for (const std::string& directory : split(say(path != nullptr ? path : "", ":/usr/sbin:/sbin"), ':'))
    if (!directory.empty() && ::access(say(directory, "/", program).c_str(), X_OK) == 0) return true;
  return false;
}

// The control of everybody is no target of its own.
bool is_target(const Target& target) { return !target.needs.programs.empty(); }

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const Target& target : builtin_targets())
    if (is_target(target)) names.push_back(target.name);
  return names;
}

void add_named(const std::string& name, std::vector<Target>& targets) {
  if (name == "all") {
    for (const Target& target : builtin_targets())
      if (is_target(target) && missing_programs(target).empty()) targets.push_back(target);
    return;
  }
  const Target* target = builtin_target(name);
  if (target == nullptr) {
    const std::vector<std::string> near = nearest_to(name, target_names());
    throw UsageError(say("no runtime is called ", name), near.empty() ? "`nsproof list --runtimes` shows all"
                                                                      : say("did you mean ", join(near, " or "), "?"));
  }
  const std::vector<std::string> missing = missing_programs(*target);
  if (!missing.empty())
    throw UsageError(say(join(missing, ", "), " is not installed"), say("apt-get install ", target->needs.package));
  targets.push_back(*target);
}

// A pattern may name a target behind its @, as a case is called in a report.
bool chosen(const std::vector<Pattern>& patterns, std::string_view id, const Target& target) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& pattern) { return matches(pattern, id, target.name); });
}

std::vector<Pattern> patterns_of(const std::vector<std::string>& texts) {
  std::vector<Pattern> patterns;
  for (const std::string& text : texts) patterns.push_back(pattern_of(text));
  return patterns;
}

bool touches(const Property& property, NsSet types) {
  if (property.isolated_by && types.has(*property.isolated_by)) return true;
  const std::optional<Ns> area = ns_named(area_of(property));
  return area && types.has(*area);
}

// A target in name only: how the sandbox was made is not known, nor what was asked of it.
Target attached_target(const TargetWishes& wishes) {
  if (wishes.pid != 0 && !wishes.via_command.empty())
    throw TargetError("--pid and --via-command contradict each other");
  Target target;
  target.name = wishes.pid != 0 ? say("pid-", wishes.pid) : "via-command";
  target.title = wishes.pid != 0 ? say("the container of process ", wishes.pid) : wishes.via_command;
  target.where = "--launch";
  target.option = wishes.pid != 0 ? say("--pid ", wishes.pid) : say("--via-command '", wishes.via_command, "'");
  target.requested.namespaces = wishes.isolates;
  return target;
}

}  // namespace

std::vector<std::string> missing_programs(const Target& target) {
  std::vector<std::string> missing;
  for (const std::string& program : target.needs.programs)
    if (!in_path(program)) missing.push_back(program);
  return missing;
}

std::vector<Target> targets_of(const TargetWishes& wishes) {
  std::vector<Target> targets;
  for (const std::string& list : wishes.runtimes)
    for (const std::string& name : split(list, ',')) add_named(name, targets);
  try {
    for (const std::string& file : wishes.files) targets.push_back(read_target(file));
    for (const std::string& command : wishes.launches) {
      targets.push_back(target_of_command(command));
      targets.back().requested.namespaces = wishes.isolates;
      if (wishes.launches.size() > 1) targets.back().name += say("-", &command - wishes.launches.data() + 1);
    }
    if (wishes.attached()) targets.push_back(attached_target(wishes));
  } catch (const TargetError& error) {
    throw UsageError(error.what());
  }
  if (wishes.attached() && targets.size() > 1)
    throw UsageError("--pid and --via-command judge one sandbox, by itself", "nsproof verify --pid PID");
  return targets;
}

std::unique_ptr<Attached> attached_of(const TargetWishes& wishes) {
  try {
    if (wishes.pid != 0) return attach_to_process(wishes.pid);
    if (!wishes.via_command.empty()) return attach_by_command(words_of_command(wishes.via_command));
  } catch (const TargetError& error) {
    throw UsageError(error.what());
  }
  return nullptr;
}

const Policy& policy_of(const TargetWishes& wishes, const std::vector<Target>& targets) {
  const bool unknown = std::any_of(targets.begin(), targets.end(), [](const Target& one) {
    return one.where == "--launch" && one.requested.namespaces.empty();
  });
  const std::string name = !wishes.policy.empty() ? wishes.policy : unknown ? "isolated" : "as-requested";
  const Policy* policy = policy_named(name);
  if (policy != nullptr) return *policy;
  std::vector<std::string> names;
  for (const Policy& one : policies()) names.emplace_back(one.name);
  throw UsageError(say("no policy is called ", name), say("write one of ", join(names, ", ")));
}

Selection select_target_tasks(const std::vector<Target>& targets, const Selector& selector, Manner manner) {
  const bool looks_only = manner == Manner::look;
  const std::vector<Property>& rows = runtime_suite();
  const RowSelection named = select_rows(rows, selector.filters);
  Selection selection{{}, named.unknown, named.idle};
  const std::vector<Pattern> wanted = patterns_of(selector.filters);
  const std::vector<Pattern> excluded = patterns_of(selector.excluded);
  int index = 0;
  for (const Target& target : targets)
    for (const Property& row : rows) {
      if (!wanted.empty() && !chosen(wanted, row.id, target)) continue;
      if (chosen(excluded, row.id, target)) continue;
      if (looks_only && row.manner == Manner::act) continue;
      if (!selector.namespaces.empty() && !touches(row, selector.namespaces)) continue;
      if (index++ % selector.shard.count != selector.shard.index - 1) continue;
      selection.tasks.push_back({&row, Way::clone3, std::nullopt, &target});
    }
  return selection;
}

std::vector<ExpectationRule> known_leaks(const std::vector<Target>& targets) {
  // The root of a version 2 hierarchy has this file (cgroups(7)); side by side with version 1 it is mounted elsewhere.
  const std::string cgroups = ::access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0 ? "v2" : "v1";
  std::vector<ExpectationRule> rules;
  for (const Target& target : targets)
    for (const KnownLeak& leak : target.known) {
      if (!leak.cgroups.empty() && leak.cgroups != cgroups) continue;
      for (const std::string& id : leak.ids) {
        ExpectationRule rule;
        rule.pattern = {id, target.name};
        rule.reason = leak.reason;
        rule.url = leak.url;
        rule.where = target.where;
        rules.push_back(std::move(rule));
      }
    }
  return rules;
}

}  // namespace nsproof
