// What a kernel says of its own faults: warnings, oopses and panics in its log, and the flags with which it taints
// itself. The classification is pure, for the guest's log and for the console that the host sees.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/guest/message.h"
#include "harness/support/fd.h"

namespace nsproof::guest {

// Whether this line of a kernel log begins a complaint: WARNING, BUG, Oops, UBSAN, a stall, a panic.
bool is_complaint(std::string_view line);

// From the first complaint on, at most `lines` of them; empty if there is none.
std::string complaint_in(const std::vector<std::string>& log, std::size_t lines);

// "died, warned": flags of /proc/sys/kernel/tainted (Documentation/admin-guide/tainted-kernels.rst) in words.
std::string taint_text(std::uint64_t flags);

// One record of /dev/kmsg (Documentation/ABI/testing/dev-kmsg) as a line, if the kernel itself wrote it; what a process
// wrote into the log is none of the kernel's words.
std::string kernel_line(std::string_view record);

// Watches the log and the taint of the kernel that this runs on.
class KernelLog {
 public:
  // Begins at the end of the log.
  KernelLog();
  // What is new since the last call.
  Trouble news();

 private:
  std::vector<std::string> new_lines();

  Fd log_;
  std::uint64_t taint_ = 0;
};

}  // namespace nsproof::guest
