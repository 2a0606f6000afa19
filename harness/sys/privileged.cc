#include "harness/sys/privileged.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timex.h>

namespace nsproof::sys {

Reply adjtimex_impossible_tick(Actor& actor) {
  timex request{};
  request.modes = ADJ_TICK;
  return actor.call(SYS_adjtimex, "adjtimex", {record(raw(request), "{modes=ADJ_TICK, tick=0}")});
}

Reply syslog_no_console_level(Actor& actor) {
  constexpr int kConsoleLevel = 8;
  return actor.call(SYS_syslog, "syslog", {named(kConsoleLevel, "SYSLOG_ACTION_CONSOLE_LEVEL"), null(), num(0)});
}

Reply swapon_missing_file(Actor& actor) {
  return actor.call(SYS_swapon, "swapon", {path("/nsproof-no-such-file"), num(0)});
}

Reply reboot_without_magic(Actor& actor) { return actor.call(SYS_reboot, "reboot", {num(0), num(0), num(0), null()}); }

Reply raise_own_priority(Actor& actor) {
  return actor.call(SYS_setpriority, "setpriority", {named(PRIO_PROCESS, "PRIO_PROCESS"), num(0), num(-1)});
}

}  // namespace nsproof::sys
