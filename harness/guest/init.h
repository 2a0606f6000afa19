// nsproof as the first process of a guest: makes the guest look like a booted machine, runs the plan, sends the cases
// over the result line, and switches the guest off.
#pragma once

namespace nsproof::guest {

// Process 1, with the word for it on the kernel's command line and a plan in the root directory.
bool is_guest_init();

// Does everything and does not come back.
[[noreturn]] void run_guest_init();

}  // namespace nsproof::guest
