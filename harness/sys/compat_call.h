// System calls by the table of 32-bit programs, which a 64-bit process reaches with one instruction (int 0x80 on
// x86-64): a filter that knows only the 64-bit numbers does not see them for what they are (seccomp(2), "arch").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

class CompatGate {
 public:
  // Maps the instruction into the actor's memory, where forks of the actor have it, too. Throws Broken.
  static CompatGate make(Actor& actor);

  // The number is that of the 32-bit table. Where the kernel has no such calls the actor dies of SIGSEGV.
  Reply call(Actor& actor, long number, std::string_view name, std::uint32_t first, std::uint32_t second,
             std::uint32_t third) const;
  // The same as a step, for a batch.
  [[nodiscard]] Step step_of(long number, std::string_view name, std::uint32_t first, std::uint32_t second,
                             std::uint32_t third) const;

 private:
  explicit CompatGate(std::uint64_t address) : address_(address) {}
  std::uint64_t address_;
};

// Whether this machine's processors have a 32-bit table that a 64-bit process can reach.
bool has_compat_gate();

}  // namespace nsproof::sys
