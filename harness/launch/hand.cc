#include "harness/launch/hand.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

#include "harness/sys/process.h"

namespace nsproof {

Hand::Hand(Transcript& transcript) : first_(start_first_probe(0)) {
  try {
    actor_ = std::make_unique<Actor>("hand", std::move(first_.transport), transcript);
    must(sys::prctl(*actor_, PR_SET_PDEATHSIG, "PR_SET_PDEATHSIG", SIGKILL));
  } catch (const Broken&) {
    end();
    throw;
  }
}

Hand::~Hand() { end(); }

void Hand::end() const {
  ::kill(first_.pid, SIGKILL);
  while (::waitpid(first_.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace nsproof
