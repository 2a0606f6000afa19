// `nsproof verify --kernel IMAGE`: the same tasks, run in guests that boot that kernel, and told of as if it were
// local.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/catalogue/expectations.h"
#include "harness/cli/commands.h"
#include "harness/cli/console.h"

namespace nsproof {

// Throws UsageError for wishes that a guest cannot fulfil: an image that is none, a directory without modules.
void check_kernel_wishes(const VerifyOptions& options);

// Fills in the environment, which is the guest's, and the cases. Returns the version of the kernel. `run` is without
// regard to guests; `today` is for the expectations.
KernelVersion verify_kernel(const VerifyOptions& options, const RunOptions& run, const std::vector<Task>& tasks,
                            const std::vector<ExpectationRule>& rules, const std::string& today, Console& console,
                            const std::atomic<bool>& stop, Results& results);

}  // namespace nsproof
