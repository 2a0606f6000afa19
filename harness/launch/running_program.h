// A foreign program that runs beside nsproof: its output is read as it comes, and it does not outlive this object, nor
// nsproof, nor the thread that started it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/support/fd.h"

namespace nsproof {

enum class Confinement {
  none,
  // In user, pid, ipc, net, uts and mount namespaces of its own, with an empty /dev/shm. For programs that make
  // processes which would outlive them.
  namespaces,
};

class RunningProgram {
 public:
  // arguments[0] is looked up in PATH unless it has a slash. `inherited`: descriptors that it gets under their own
  // numbers. Throws std::system_error if it cannot be started.
  RunningProgram(const std::vector<std::string>& arguments, const std::vector<int>& inherited,
                 Confinement confinement = Confinement::none);
  // The same with this descriptor as its standard input and output, so that output() has nothing to read.
  RunningProgram(const std::vector<std::string>& arguments, int channel);
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  // Ends it with SIGKILL and waits for it.
  ~RunningProgram();

  // The ends of its standard output and error; reading never blocks.
  [[nodiscard]] int output() const { return output_.get(); }
  [[nodiscard]] int errors() const { return errors_.get(); }
  // Readable when the program has ended (pidfd_open(2)).
  [[nodiscard]] int end() const { return end_.get(); }
  // Its status as of waitpid(2), once it has ended.
  std::optional<int> status();
  [[nodiscard]] int pid() const { return pid_; }

 private:
  void start(const std::vector<std::string>& arguments, const std::vector<int>& inherited, Confinement confinement,
             int in, int out);

  Fd output_;
  Fd errors_;
  Fd end_;
  int pid_ = 0;
  std::optional<int> status_;
};

// "exited with status 1", "was ended by signal 9"
std::string status_text(int status);

}  // namespace nsproof
