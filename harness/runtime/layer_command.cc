#include "harness/runtime/layer_command.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "harness/runtime/container.h"
#include "harness/support/text.h"
#include "harness/sys/execute.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/process.h"
#include "harness/sys/sockets.h"
#include "harness/world/spawn.h"

namespace nsproof {
namespace {

constexpr const char* kSearched[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"};

std::vector<std::string> environment_of(const LayerCommand& command) {
  std::vector<std::string> all = command.environment;
  const bool user = command.run_as == RunAs::user;
  all.push_back(say("PATH=", join({std::begin(kSearched), std::end(kSearched)}, ":")));
  all.push_back(say("HOME=", user ? kLayerUserHome : "/root"));
  all.push_back(say("USER=", user ? "user" : "root"));
  if (user) all.push_back(say("XDG_RUNTIME_DIR=/run/user/", kLayerUser));
  all.push_back("TERM=dumb");
  if (command.planting == Planting::everything) all.push_back(say(kPlantedVariable, "=a secret of the host"));
  return all;
}

// A session keyring of its own with a secret in it (keyctl(2), session-keyring(7)); not every kernel has keys.
void plant_key(Actor& actor) {
  const Reply joined =
      actor.call(SYS_keyctl, "keyctl", {named(KEYCTL_JOIN_SESSION_KEYRING, "KEYCTL_JOIN_SESSION_KEYRING"), null()});
  if (!joined.ok()) return;
  must(actor.call(SYS_add_key, "add_key",
                  {str("user"), str(kPlantedKey), bytes("secret"), num(6),
                   named(static_cast<std::uint64_t>(KEY_SPEC_SESSION_KEYRING), "KEY_SPEC_SESSION_KEYRING")}));
  // Whoever has the key in a keyring may read it; the default leaves the user out (keyrings(7)).
}

void plant_descriptor(Actor& actor) {
  const int file = static_cast<int>(must(sys::open(actor, kPlantedFile, O_RDONLY)));
  must(sys::dup3(actor, file, kPlantedDescriptor));
  must(sys::close(actor, file));
}

void become_user(Actor& actor) {
  // Runtimes hand their standard streams to the user of the container, and may do so only with their own (fchown(2)).
  must(actor.call(SYS_fchown, "fchown", {num(0), num(kLayerUser), num(kLayerUser)}));
  must(sys::setresgid(actor, kLayerUser, kLayerUser, kLayerUser));
  must(sys::setresuid(actor, kLayerUser, kLayerUser, kLayerUser));
  // A change of ids makes a process undumpable, and its files in /proc root's (proc(5)).
  must(sys::prctl(actor, PR_SET_DUMPABLE, "PR_SET_DUMPABLE", 1));
  must(sys::chdir(actor, kLayerUserHome));
}

}  // namespace

std::string shell_line(const std::vector<std::string>& words) {
  std::vector<std::string> shown;
  for (const std::string& word : words) {
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\$`*?[]{}()<>|&;#~!") == std::string::npos;
    shown.push_back(plain ? word : say("'", join(split(word, '\''), "'\\''"), "'"));
  }
  return join(shown, " ");
}

std::string find_program(Actor& warden, const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  for (const char* directory : kSearched) {
    const std::string path = say(directory, "/", name);
    if (sys::access(warden, path, X_OK).ok()) return path;
  }
  throw Broken(say(name, " is not installed"));
}

std::unique_ptr<Actor> prepare_process(Actor& warden, const LayerCommand& command, const std::string& name) {
  std::unique_ptr<Actor> process = must_spawn(warden, 0, name);
  if (command.planting == Planting::everything) {
    plant_key(*process);
    plant_descriptor(*process);
    must(sys::setgroups(*process, {kPlantedGroup}));
  } else {
    must(sys::setgroups(*process, {}));
  }
  const int errors = static_cast<int>(must(sys::open(*process, command.errors, O_WRONLY | O_CREAT | O_APPEND, 0644)));
  if (errors != 2) {
    must(sys::dup3(*process, errors, 2));
    must(sys::close(*process, errors));
  }
  must(sys::setsid(*process));
  if (command.run_as == RunAs::user) become_user(*process);
  return process;
}

Step execve_step(const std::string& program, const LayerCommand& command) {
  std::vector<std::string> shown;
  for (const std::string& word : command.words) shown.push_back(quoted(word, 200));
  const std::vector<std::string> environment = environment_of(command);
  return step(SYS_execve, "execve",
              {path(program), sys::string_vector(command.words, say("[", join(shown, ", "), "]")),
               sys::string_vector(environment, say("[", environment.size(), " variables]"))});
}

int run_to_end(Actor& warden, const LayerCommand& command) {
  const std::string program = find_program(warden, command.words.at(0));
  const std::unique_ptr<Actor> process = prepare_process(warden, command, "tool");
  const auto null = must(sys::open(*process, "/dev/null", O_RDWR));
  // The channel is on 0 and 1. It goes in the frame that executes the program, so nothing of that frame is answered; if
  // execve fails after all, the last step says so by its exit status.
  std::vector<Step> steps;
  steps.push_back(step(SYS_dup3, "dup3", {num(null), num(0), num(0)}));
  steps.push_back(step(SYS_dup3, "dup3", {num(2), num(1), num(0)}));
  steps.push_back(execve_step(program, command));
  steps.push_back(step(SYS_exit_group, "exit_group", {num(127)}));
  process->begin(std::move(steps));
  const std::optional<int> status = wait_for_end(warden, process->pid(), call_deadline());
  if (!status) throw Broken(say(shell_line(command.words), " does not end"));
  return *status;
}

std::optional<int> wait_for_end(Actor& warden, int pid, Milliseconds patience) {
  const int end = static_cast<int>(must(sys::pidfd_open(warden, pid)));
  // The call itself has a deadline, which is not to be missed for waiting.
  must(sys::poll(warden, end, POLLIN, std::min(patience, call_deadline() * 3 / 4)));
  must(sys::close(warden, end));
  const sys::Waited waited = must(sys::wait4(warden, pid, WNOHANG));
  return waited.pid == pid ? std::optional(waited.status) : std::nullopt;
}

}  // namespace nsproof
