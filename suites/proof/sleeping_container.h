// A container for tests that look at what runs already: unshare(1) makes it, and all of it ends with this object.
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "harness/launch/running_program.h"
#include "harness/world/patience.h"

namespace nsproof {

inline std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class SleepingContainer {
 public:
  // The words after unshare(1) and --kill-child; they must come to a sleep(1) as its first process.
  explicit SleepingContainer(std::vector<std::string> words) : unshare_(command(std::move(words)), std::vector<int>{}) {
    const std::string own = "/proc/" + std::to_string(unshare_.pid());
    const std::string children = own + "/task/" + std::to_string(unshare_.pid()) + "/children";
    eventually(
        [&] {
          pid_ = std::atoi(text_of(children).c_str());
          const std::string status = text_of("/proc/" + std::to_string(pid_) + "/status");
          return pid_ != 0 && status.starts_with("Name:\tsleep\n") && status.find("State:\tS") != std::string::npos;
        },
        Milliseconds{20'000});
  }
  // 0 if it could not be made.
  [[nodiscard]] int pid() const { return pid_; }

 private:
  static std::vector<std::string> command(std::vector<std::string> words) {
    words.insert(words.begin(), {"unshare", "--kill-child"});
    return words;
  }

  RunningProgram unshare_;
  int pid_ = 0;
};

}  // namespace nsproof
