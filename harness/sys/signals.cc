#include "harness/sys/signals.h"

#include <sys/syscall.h>

#include <ctime>

namespace nsproof::sys {

Reply open_to_signals(Actor& actor) {
  constexpr std::uint64_t kNoSignal = 0;
  return actor.call(
      SYS_ppoll, "ppoll",
      {null(), num(0), record(raw(timespec{}), "{0 s}"), record(raw(kNoSignal), "[]"), num(sizeof kNoSignal)});
}

}  // namespace nsproof::sys
