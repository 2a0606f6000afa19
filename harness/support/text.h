// Small text helpers that checks and reports share. None of them allocates more than its result.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace nsproof {

inline void append_to(std::string& text, std::string_view part) { text += part; }
inline void append_to(std::string& text, char part) { text += part; }
template <std::integral T>
requires(!std::same_as<T, char>) void append_to(std::string& text, T part) { text += std::to_string(part); }

// say("inside sees ", 3, " processes"): the way reasons and descriptions are put together.
template <class... Parts>
std::string say(const Parts&... parts) {
  std::string text;
  (append_to(text, parts), ...);
  return text;
}

std::vector<std::string> split(std::string_view text, char separator);
std::vector<std::string> lines_of(std::string_view text);
std::vector<std::string> words_of(std::string_view text);
std::string trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// A string as C source would have it, in double quotes, at most `limit` bytes of it (strace(1) style).
std::string quoted(std::string_view bytes, std::size_t limit = 64);

// Shell-style * and ? over whole strings (fnmatch(3) without brackets).
bool glob_match(std::string_view pattern, std::string_view text);

// "EPERM" for 1; "errno 999" for a number that has no name (errno(3)).
std::string errno_name(int error);

}  // namespace nsproof
