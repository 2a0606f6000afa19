// What a guest is to do: the tasks and their deadlines, as a text file in its initramfs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/world/runner.h"

namespace nsproof::guest {

// Where the plan lies in the guest.
inline constexpr const char* kPlanPath = "/plan";

struct Plan {
  std::vector<Task> tasks;
  RunOptions options;  // without the jobs: a guest runs one task at a time, so that what the kernel says has one cause
};

std::string text_of(const Plan& plan);

// Throws std::runtime_error on anything that text_of() does not write, and on a property that is not in the catalogue.
Plan plan_of(std::string_view text);

}  // namespace nsproof::guest
