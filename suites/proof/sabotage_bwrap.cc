// Faults of a command line: bubblewrap with everything that it offers, and one word wrong.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/support/text.h"
#include "suites/proof/sabotage.h"

namespace nsproof {
namespace {

std::size_t position(const Target& target, std::string_view word) {
  const auto found = std::find(target.command.begin(), target.command.end(), word);
  if (found == target.command.end()) throw std::logic_error(say("the command has no ", word));
  return static_cast<std::size_t>(found - target.command.begin());
}

void leave_out(Target& target, std::string_view word, int words = 1) {
  const auto at = target.command.begin() + static_cast<std::ptrdiff_t>(position(target, word));
  target.command.erase(at, at + words);
}

void insert(Target& target, std::string_view before, std::vector<std::string> words) {
  const auto at = target.command.begin() + static_cast<std::ptrdiff_t>(position(target, before));
  target.command.insert(at, words.begin(), words.end());
}

// --unshare-all less one.
void share(Target& target, std::string_view type) {
  std::vector<std::string> rest;
  for (const char* one : {"user", "ipc", "pid", "net", "uts", "cgroup"})
    if (type != one) rest.push_back(say("--unshare-", one));
  insert(target, "--unshare-all", rest);
  leave_out(target, "--unshare-all");
}

// The same command behind a shell that does something of its own.
void wrap(Target& target, std::string_view script) {
  target.command.insert(target.command.begin(), {"sh", "-c", std::string(script), "sh"});
}

}  // namespace

const std::vector<Fault>& faults_of_bwrap() {
  static const std::vector<Fault> faults = {
      {.name = "shares net",
       .base = "bwrap-hard",
       .command = [](Target& t) { share(t, "net"); },
       .turns = {"net", "life.net-link"}},
      {.name = "shares ipc",
       .base = "bwrap-hard",
       .command = [](Target& t) { share(t, "ipc"); },
       .turns = {"ipc", "life.ipc-link"}},
      {.name = "shares pid",
       .base = "bwrap-hard",
       .command = [](Target& t) { share(t, "pid"); },
       .turns = {"pid", "life.pid-link", "life.daemon.ends-with-payload"}},
      {.name = "shares cgroup",
       .base = "bwrap-hard",
       .command = [](Target& t) { share(t, "cgroup"); },
       .turns = {"cgroup.path.hidden", "life.cgroup-link"}},
      {.name = "shares user",
       .base = "bwrap-hard",
       .command = [](Target& t) { share(t, "user"); },
       .turns = {"cred.capabilities.bounding-as-asked", "key.user", "life.user-link"}},
      {.name = "keeps the environment",
       .base = "bwrap-hard",
       .command = [](Target& t) { leave_out(t, "--clearenv"); },
       .turns = {"env.inherited.hidden", "env.variables.no-others"}},
      {.name = "keeps capabilities",
       .base = "bwrap-hard",
       .command = [](Target& t) { leave_out(t, "--cap-drop", 2); },
       .turns = {"cred.capabilities.bounding-as-asked", "cred.capabilities.effective-as-asked",
                 "cred.capabilities.permitted-as-asked", "cred.capabilities.withheld-acts-refused"}},
      {.name = "another hostname",
       .base = "bwrap-hard",
       .command = [](Target& t) { t.command[position(t, "sandbox")] = "other"; },
       .turns = {"name.hostname.as-asked"}},
      {.name = "a writable root",
       .base = "bwrap-hard",
       .command = [](Target& t) { t.command[position(t, "--ro-bind")] = "--bind"; },
       .turns = {"root.readonly"}},
      {.name = "outlives its launcher",
       .base = "bwrap-hard",
       .command = [](Target& t) { leave_out(t, "--die-with-parent"); },
       .turns = {"life.daemon.ends-with-payload", "life.payload.ends-with-launcher"}},
      {.name = "the host's root inside",
       .base = "bwrap-hard",
       .command =
           [](Target& t) {
             insert(t, "--proc", {"--bind", "/", "/home"});
           },
       .turns = {"cgroup.place.cannot-be-left", "root.mounts.host-hidden"}},
      {.name = "the host's /dev",
       .base = "bwrap-hard",
       .command =
           [](Target& t) {
             insert(t, "--dev", {"--dev-bind", "/dev", "/dev"});
             leave_out(t, "--dev", 2);
           },
       .turns = {"dev.host.node-hidden", "dev.others.none-open", "mount.devpts.new-instance", "root.mounts.host-hidden",
                 "root.shm", "tty.host.out-of-reach"}},
      {.name = "the host's /tmp",
       .base = "bwrap-hard",
       .command =
           [](Target& t) {
             insert(t, "--tmpfs", {"--bind", "/tmp", "/tmp"});
             leave_out(t, "--tmpfs", 2);
           },
       .turns = {"root.mounts.host-hidden", "root.tmp"}},
      {.name = "leaves a process behind",
       .base = "bwrap-hard",
       .command = [](Target& t) { wrap(t, "setsid sleep 60 <&- >&- 2>&- & exec \"$@\""); },
       .turns = {"left.processes"}},
      {.name = "leaves a mount behind",
       .base = "bwrap-hard",
       .command = [](Target& t) { wrap(t, "mount -t tmpfs left /mnt; exec \"$@\""); },
       .turns = {"left.mounts"}},
      {.name = "leaves a link behind",
       .base = "bwrap-hard",
       .command = [](Target& t) { wrap(t, "ip link add left type veth peer name right; exec \"$@\""); },
       .turns = {"left.links"}},
      {.name = "leaves a file behind",
       .base = "bwrap-hard",
       .command = [](Target& t) { wrap(t, "echo > /run/left; exec \"$@\""); },
       .turns = {"left.files"}},
      {.name = "leaves an object behind",
       .base = "bwrap-hard",
       .command =
           [](Target& t) {
             wrap(t,
                  "for i in 0 1 2 3 4 5 6 7; do ipcmk -Q; done >&2; for i in 0 1 2 3 4 5 6; do ipcrm -q $i; done >&2; "
                  "exec \"$@\"");
           },
       .turns = {"left.ipc"}},
      {.name = "leaves a setting behind",
       .base = "bwrap-hard",
       .command = [](Target& t) { wrap(t, "echo 1 > /proc/sys/net/ipv4/ip_forward; exec \"$@\""); },
       .turns = {"left.settings"}},
      {.name = "lies about the end",
       .base = "bwrap-hard",
       .command = [](Target& t) { wrap(t, "\"$@\"; exit 0"); },
       .turns = {"life.exit-status", "life.failed-start", "life.killed-payload"}},
  };
  return faults;
}

Target spoilt(const Fault& fault) {
  Target target = *builtin_target(fault.base);
  target.name = say(target.name, " with a fault");
  if (fault.command != nullptr) fault.command(target);
  if (fault.config != nullptr) {
    nlohmann::json config = nlohmann::json::parse(target.config);
    fault.config(config);
    target.config = config.dump();
  }
  return target;
}

}  // namespace nsproof
