// Judges targets: every property that a runtime's sandbox can show, in that sandbox and, as its control, in a process
// that nothing isolates. Beside the runner of the kernel's own ways, and with the same cases as its result.
#pragma once

#include <atomic>
#include <span>
#include <vector>

#include "harness/runtime/attached.h"
#include "harness/runtime/policy.h"
#include "harness/runtime/target.h"
#include "harness/world/runner.h"

namespace nsproof {

// Everything that can be put to a target, in the order in which it is run: what shares a container first.
const std::vector<Property>& runtime_suite();

// The case of a task before it has run.
Case case_of_target(const Task& task);

// Why no layer for runtimes can be made here: an ordinary user's namespaces do not give enough. Empty if one can.
std::string why_no_layer();

// Call it before there are other threads. Throws Broken if no layer can be made at all.
std::vector<Case> run_target_tasks(std::span<const Task> tasks, const Facts& facts, const Policy& policy,
                                   const RunOptions& options, Observer& observer, const std::atomic<bool>& stop);

// The same for a sandbox that exists already, whose tasks have a target in name only.
std::vector<Case> run_attached_tasks(std::span<const Task> tasks, Attached& attached, const Facts& facts,
                                     const Policy& policy, const RunOptions& options, Observer& observer,
                                     const std::atomic<bool>& stop);

}  // namespace nsproof
