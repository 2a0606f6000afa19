// Reading /proc/PID/stat (proc(5)), and a sleep that outlasts every check.
#include "suites/runtime/life_support.h"

#include <sys/syscall.h>
#include <time.h>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/patience.h"

namespace nsproof {

std::vector<std::string> stat_fields(std::string_view text) {
  // The name is in parentheses and may hold anything, parentheses too.
  const std::size_t end = text.rfind(')');
  return end == std::string_view::npos ? std::vector<std::string>{} : words_of(text.substr(end + 1));
}

std::vector<LayerProcess> layer_processes(Actor& actor) {
  std::vector<LayerProcess> all;
  for (const std::string& entry : must(sys::list_directory(actor, "/proc"))) {
    if (entry.find_first_not_of("0123456789") != std::string::npos) continue;
    const sys::Got<std::string> stat = sys::read_file(actor, say("/proc/", entry, "/stat"));
    if (!stat.ok()) continue;  // it has ended meanwhile
    const std::vector<std::string> fields = stat_fields(stat.value);
    const std::size_t open = stat.value.find('(');
    const std::size_t close = stat.value.rfind(')');
    if (fields.empty() || open == std::string::npos) continue;
    all.push_back({std::stoi(entry), fields[0][0], stat.value.substr(open + 1, close - open - 1)});
  }
  return all;
}

bool is_alive(Actor& actor, int pid) {
  const sys::Got<std::string> stat = sys::read_file(actor, say("/proc/", pid, "/stat"));
  const std::vector<std::string> fields = stat.ok() ? stat_fields(stat.value) : std::vector<std::string>{};
  return !fields.empty() && fields[0] != "Z" && fields[0] != "X";
}

void sleep_on(Actor& actor) {
  const timespec minutes{120, 0};
  actor.begin(SYS_clock_nanosleep, "clock_nanosleep",
              {named(CLOCK_MONOTONIC, "CLOCK_MONOTONIC"), num(0), record(raw(minutes), "{tv_sec=120}"), null()});
}

void sleep_on(Actor& actor, Actor& watcher, int pid) {
  sleep_on(actor);
  // Some runtimes copy what goes to their payload's standard input, so the call may be on its way for a while. The file
  // begins with the number of the call that the process is in (proc(5)).
  const std::string call = say(SYS_clock_nanosleep, " ");
  const bool asleep =
      eventually([&] { return must(sys::read_file(watcher, say("/proc/", pid, "/syscall"))).starts_with(call); });
  if (!asleep) throw Broken("the payload does not fall asleep");
}

}  // namespace nsproof
