// A container made by hand, with nothing but the system calls that it needs: the floor that runtimes are measured
// against.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "harness/bench/bench_bulkhead.h"
#include "harness/bench/case.h"
#include "harness/bench/clock.h"
#include "harness/bench/programs.h"
#include "harness/support/fd.h"
#include "harness/support/text.h"
#include "suites/bench/sets.h"

namespace nsproof::bench {
namespace {

struct Recipe {
  const char* root;
  int program;  // descriptor of what to execute
  volatile int error;
};

// In a child that shares our memory: raw calls and the recipe, nothing else. The root is made private first, so that no
// mount of ours can come out.
void become_container(void* place) {
  Recipe& recipe = *static_cast<Recipe*>(place);
  static const char* const kArguments[] = {"exit", nullptr};
  const auto call = [](auto... arguments) { return ::syscall(arguments...) >= 0; };
  if (call(SYS_mount, "", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) &&
      call(SYS_mount, recipe.root, recipe.root, nullptr, MS_BIND, nullptr) && call(SYS_chdir, recipe.root) &&
      call(SYS_mount, "proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) &&
      call(SYS_pivot_root, ".", ".") && call(SYS_umount2, ".", MNT_DETACH) && call(SYS_chdir, "/") &&
      call(SYS_sethostname, "container", 9))
    ::syscall(SYS_execveat, recipe.program, "", kArguments, kArguments + 1, AT_EMPTY_PATH);
  recipe.error = errno;
  raw_exit(127);
}

int make_container(std::uint64_t flags, const std::string& root, int program, double* values) {
  Recipe recipe{root.c_str(), program, 0};
  const std::int64_t start = now_ns();
  const long pid = raw_clone(flags, CloneStyle::vfork, become_container, &recipe);
  if (pid < 0) return static_cast<int>(-pid);
  const std::int64_t executed = now_ns();
  const int status = reap(pid);
  values[0] = us_of(executed - start);
  values[1] = us_of(now_ns() - executed);
  values[2] = us_of(now_ns() - start);
  if (recipe.error != 0) return recipe.error;
  return status == 0 ? 0 : EPROTO;
}

CaseSpec container(const char* name, NsSet set) {
  CaseSpec one;
  one.id = std::string("container/") + name;
  one.title = say("a container by hand: ", text_of(set), ", pivot_root, procfs, host name, execve");
  one.floor = "floor/spawn_nolibc";
  one.head = "total";
  one.gate = "return";
  one.set = text_of(set);
  one.phases = {{"return", "until its program has been executed"},
                {"exit", "from there until it is reaped"},
                {"total", "until it is reaped"}};
  one.settle_ns = settle_for(set);
  one.every = 2;
  one.prepare = [set](const Place&) {
    const auto program = std::make_shared<Fd>(exit_program());
    const std::string root = say(kScratch, "/container");
    ::mkdir(root.c_str(), 0755);
    ::mkdir((root + "/proc").c_str(), 0555);
    const std::uint64_t flags = clone_flags(set);
    return [program, root, flags](double* values) { return make_container(flags, root, program->get(), values); };
  };
  return one;
}

std::vector<CaseSpec> containers() {
  const NsSet six{Ns::mnt, Ns::pid, Ns::net, Ns::ipc, Ns::uts, Ns::cgroup};
  return {container("raw", six), container("raw_no_net", six.without(Ns::net))};
}

const FamilyRow row = {{"container", "A container by hand", 14, containers, nullptr}};

}  // namespace
}  // namespace nsproof::bench
