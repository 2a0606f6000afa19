// The whole contents of a guest: nsproof itself as /init, the plan, and kernel modules if there are any; made in
// memory.
#pragma once

#include <string>
#include <vector>

#include "harness/guest/modules.h"
#include "harness/guest/plan.h"
#include "harness/support/fd.h"

namespace nsproof::guest {

// The archive without a plan, which all guests of a run share. `program` is the text of an executable file.
std::string base_archive(std::string_view program, const std::vector<Module>& modules);

// A memory file with the archive and behind it one with the plan (the kernel unpacks both). Throws std::system_error.
Fd make_initramfs(std::string_view base, const Plan& plan);

// The running nsproof as bytes. Throws std::runtime_error if it is not static, for then it cannot run in a guest.
std::string own_program();

// In the guest: the modules that the archive has, by their paths, in the order of loading.
std::vector<std::string> modules_in_initramfs();

}  // namespace nsproof::guest
