// Numbers as the names that strace(1) would print: signals, and flag words of the calls we make.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nsproof::sys {

struct FlagName {
  std::uint64_t flag;
  std::string_view name;
};

// "MS_REC|MS_PRIVATE"; bits without a name in hexadecimal; "0" for none.
std::string flags_text(std::uint64_t flags, std::span<const FlagName> names);

std::string signal_text(int signal);                // "SIGKILL"
std::string open_flags_text(std::uint64_t flags);   // open(2)
std::string mount_flags_text(std::uint64_t flags);  // mount(2)
std::string clone_flags_text(std::uint64_t flags);  // clone(2), without the exit signal

}  // namespace nsproof::sys
