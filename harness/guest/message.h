// What a guest tells in its frames: that it is up, which task it begins, the case of each, and that all is done.
// Bodies are decoded with every bound checked; what they say is judged by the session (session.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/result.h"
#include "harness/guest/bytes.h"

namespace nsproof::guest {

struct Hello {
  Environment environment;  // of the guest
  std::string bulkhead;     // why none can be made there; empty if it can
  std::string advice;
  std::vector<std::string> notes;  // what did not work on the way: a module that was not accepted, say
};

// What the kernel said of itself while a task ran, beside what the check saw.
struct Trouble {
  std::string taint;  // flags of /proc/sys/kernel/tainted that came up, in words
  std::string words;  // from the first complaint in the kernel's log on
  [[nodiscard]] bool any() const { return !taint.empty() || !words.empty(); }
};

struct Began {
  std::uint32_t task = 0;  // its index in the guest's plan
};

// Of the case only what the run found out is sent: verdict, reason, missing, both runs and the time.
struct Finished {
  std::uint32_t task = 0;
  Case found;
  Trouble trouble;
};

struct End {
  std::uint32_t finished = 0;  // how many cases were sent
  Trouble trouble;             // after the last of them
};

std::string encode(const Hello& hello);
std::string encode(const Began& began);
std::string encode(const Finished& finished);
std::string encode(const End& end);

// Throw Corrupt.
Hello hello_of(std::string_view body);
Began began_of(std::string_view body);
Finished finished_of(std::string_view body);
End end_of(std::string_view body);

}  // namespace nsproof::guest
