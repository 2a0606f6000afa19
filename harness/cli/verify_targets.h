// The part of `nsproof verify` that is about runtimes: which targets are meant, what is put to them, what is known of
// them.
#pragma once

#include <memory>
#include <vector>

#include "harness/catalogue/expectations.h"
#include "harness/cli/commands.h"
#include "harness/runtime/attached.h"
#include "harness/runtime/policy.h"
#include "harness/runtime/target.h"

namespace nsproof {

// The targets of --runtime, --target and --launch, in this order. "all" is every built-in one that is installed here.
// Throws UsageError.
std::vector<Target> targets_of(const TargetWishes& wishes);

// The sandbox of --pid or --via-command; null if neither is wished for. Throws UsageError.
std::unique_ptr<Attached> attached_of(const TargetWishes& wishes);

// The policy of --policy; a command of which nothing is known is judged by "isolated".
const Policy& policy_of(const TargetWishes& wishes, const std::vector<Target>& targets);

// Every property that can be put to a runtime, for every target; only those whose actors look and change nothing if
// that is the manner. The tasks point into `targets`.
Selection select_target_tasks(const std::vector<Target>& targets, const Selector& selector, Manner manner);

// The leaks that are known of a target are expected failures of it.
std::vector<ExpectationRule> known_leaks(const std::vector<Target>& targets);

// The programs of a target that are not in PATH here.
std::vector<std::string> missing_programs(const Target& target);

}  // namespace nsproof
