// The options of `nsproof verify`.
#include <algorithm>
#include <memory>
#include <thread>

#include "harness/cli/options.h"
#include "harness/cli/report_wishes.h"
#include "harness/cli/usage.h"

namespace nsproof {
namespace {

void add_selector(CLI::App& app, Selector& selector) {
  add_arguments(app, "FILTER", selector.filters, "What to run; everything if there is none");
  add_repeated(app, "--not", "FILTER", selector.excluded, "Leave these out; may be given several times");
  add_read(app, "--ns", "TYPES", selector.namespaces, namespaces_named,
           "write one or more of mnt,pid,net,user,ipc,uts,cgroup,time; other areas are chosen by a filter",
           "Only what concerns these namespace types: pid,user");
  add_read(app, "--via", "WAYS", selector.ways, ways_named, "write one or more of clone3,unshare,setns,pidfd, or all",
           "How sandboxes are made: clone3 (the default), unshare, setns, pidfd, or all");
  add_switch(
      app, "--sweep", [&selector] { selector.mode = Mode::sweep; },
      "Run isolation claims in all 256 combinations of namespace types");
  add_read(app, "--shard", "I/N", selector.shard, shard_named, "write I/N with 1 <= I <= N",
           "The I-th of N parts of the work");
}

}  // namespace

void add_targets(CLI::App& app, TargetWishes& targets) {
  add_repeated(app, "--runtime", "NAMES", targets.runtimes,
               "Judge these runtimes instead of the kernel: runc,podman or all; `nsproof list --runtimes` shows them");
  add_repeated(app, "--target", "FILE", targets.files, "Judge the runtime that this target file describes");
  add_repeated(app, "--launch", "COMMAND", targets.launches,
               "Judge the sandbox of this command: 'tool --flags {rootfs} {probe}'");
  add_read(app, "--isolates", "TYPES", targets.isolates, namespaces_named,
           "write one or more of mnt,pid,net,user,ipc,uts,cgroup,time",
           "The namespaces that --launch promises; without it everything must be isolated");
  add_text(app, "--policy", "NAME", targets.policy,
           "What runtimes are expected to do: as-requested (the default), docker-default, podman-default, isolated");
}

void add_kernel(CLI::App& app, KernelWishes& kernel) {
  add_text(app, "--kernel", "IMAGE", kernel.image,
           "Judge this kernel, booted in a guest: a bzImage or vmlinux for x86-64, or linux.uml");
  add_text(app, "--modules", "DIR", kernel.modules, "The guest's modules: a directory like /lib/modules/VERSION");
  add_text(app, "--append", "WORDS", kernel.append, "More words for the guest's kernel command line");
  add_number(app, "--mem", "MIB", 64, 1'048'576, kernel.megabytes, "Memory of a guest (512)");
  add_number(app, "--smp", "N", 1, 256, kernel.processors, "Processors of a guest (1)");
  add_number(app, "--timeout", "SECONDS", 1, 86'400, kernel.seconds, "Time that one guest may take for all (900)");
  add_text(app, "--console", "FILE", kernel.console,
           "Keep what the guest's kernel writes to its console; further guests write FILE.2, FILE.3 ...");
}

Command add_verify(CLI::App& program, const std::string& command_line) {
  CLI::App& app = add_command(program, "verify", usage::kVerify, usage::kVerifyExamples);
  const auto options = std::make_shared<VerifyOptions>();
  options->jobs = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U));
  options->command_line = command_line;
  add_selector(app, options->selector);
  add_targets(app, options->targets);
  add_number(app, "--pid", "PID", 1, 1 << 22, options->targets.pid,
             "Judge the running container of this process, which is joined and not changed");
  add_text(
      app, "--via-command", "COMMAND", options->targets.via_command,
      "Judge where this command starts a probe: 'kubectl exec -i POD -- /nsprobe'; `nsproof probe FILE` writes it");
  add_kernel(app, options->kernel);
  add_number(app, "--jobs,-j", "N", 1, 1024, options->jobs,
             "How many worlds, or with --kernel guests, at a time; as a default one a CPU");
  add_number(app, "--repeat", "N", 1, 1'000'000, options->repeat,
             "Run everything N times and report the worst of each case");
  add_repeated(app, "--report", "FORMAT=FILE", options->reports,
               say("Write a report: ", format_names(), "; - is stdout"));
  add_repeated(app, "--expect", "FILE", options->expectations,
               "A file of expected failures; may be given several times");
  add_milliseconds(app, "--call-timeout", options->call_deadline, "Milliseconds for one system call (10000)");
  add_milliseconds(app, "--check-timeout", options->check_deadline, "Milliseconds for one check in one world (30000)");
  add_verbosity(app, options->verbosity);
  add_color(app, options->color);
  add_flag(app, "--allow-none", options->allow_none, "Exit 0, not 4, if nothing could be established");
  return {&app, [options] { return run_verify(*options); }};
}

}  // namespace nsproof
