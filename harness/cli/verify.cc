// `nsproof verify`: runs properties and says which of them hold.
#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "harness/catalogue/expectations.h"
#include "harness/cli/commands.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/progress.h"
#include "harness/cli/report_wishes.h"
#include "harness/cli/rounds.h"
#include "harness/cli/run_text.h"
#include "harness/cli/verify_kernel.h"
#include "harness/cli/verify_targets.h"
#include "harness/host/facts.h"
#include "harness/runtime/target_runner.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

std::vector<ExpectationRule> rules_of(const std::vector<std::string>& files) {
  std::vector<ExpectationRule> rules;
  try {
    for (const std::string& file : files)
      for (ExpectationRule& rule : read_expectations(file)) rules.push_back(std::move(rule));
  } catch (const ExpectationError& error) {
    throw UsageError(error.what());
  }
  return rules;
}

std::string today() {
  using namespace std::chrono;
  const year_month_day day{floor<days>(system_clock::now())};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::uint64_t peak_kilobytes() {
  rusage usage{};
  return getrusage(RUSAGE_SELF, &usage) == 0 ? static_cast<std::uint64_t>(usage.ru_maxrss) : 0;
}

Selection selection_of(const VerifyOptions& options, const std::vector<Target>& targets) {
  if (options.targets.any() && (options.selector.mode == Mode::sweep || !options.selector.ways.empty()))
    throw UsageError("--via and --sweep are about the kernel's own ways; a runtime has one way",
                     "nsproof verify --runtime runc");
  if (options.selector.mode == Mode::sweep && options.selector.ways.size() > 1)
    throw UsageError("a sweep makes its sandboxes one way at a time", "nsproof verify --sweep --via unshare");
  Selection selection =
      options.targets.any()
          ? select_target_tasks(targets, options.selector, options.targets.attached() ? Manner::look : Manner::act)
          : select_tasks(catalogue(), options.selector);
  if (!selection.unknown.empty()) throw unknown_ids(selection.unknown);
  for (const Unmatched& idle : selection.idle) warn(say("no property matches ", idle.pattern));
  return selection;
}

int nothing_selected(const VerifyOptions& options) {
  warn("these filters leave nothing to run");
  if (options.selector.mode == Mode::sweep)
    warn("hint: only claims that a namespace type isolates can be swept; `nsproof list` shows which");
  else if (!options.selector.ways.empty())
    warn("hint: claims about the first process of a sandbox need --via clone3 or --via unshare");
  else if (options.selector.shard.count > 1)
    warn("hint: there are more shards than cases");
  return static_cast<int>(options.allow_none ? ExitStatus::good : ExitStatus::nothing_established);
}

// Where no bulkhead can be made nothing may run; every case says so.
std::vector<Case> all_unsupported(const std::vector<Task>& tasks, const std::string& missing) {
  std::vector<Case> cases;
  for (const Task& task : tasks) {
    Case one = task.target != nullptr ? case_of_target(task) : case_of(task);
    one.verdict = Verdict::unsupported;
    one.missing = missing;
    one.reason = one.missing;
    cases.push_back(std::move(one));
  }
  return cases;
}

void print_header(Console& console, const Environment& environment, const VerifyOptions& options, std::size_t cases) {
  std::string line = say("nsproof ", environment.tool_version, ", Linux ", environment.kernel_release, " ",
                         environment.machine, ", ", environment.user, ", ", counted(options.jobs, "job", "jobs"), ", ",
                         counted(static_cast<long>(cases), "case", "cases"));
  if (options.repeat > 1) line += say(", ", options.repeat, " rounds");
  console.print(console.paint(Style::strong, shown_line(line)));
}

std::vector<Need> needs_of(const std::vector<Task>& tasks) {
  std::set<Need> needs;
  for (const Task& task : tasks) needs.insert(task.property->needs.begin(), task.property->needs.end());
  return {needs.begin(), needs.end()};
}

RunOptions run_options(const VerifyOptions& options) {
  RunOptions run;
  run.jobs = options.jobs;
  run.call_deadline = options.call_deadline;
  run.check_deadline = options.check_deadline;
  if (options.selector.mode == Mode::sweep && options.verbosity != Verbosity::verbose)
    run.evidence = Evidence::of_deviations;
  return run;
}

// A sweep keeps of the cases that hold no more than their verdict; a report says of every case what it is about. The
// cases are in the order of the tasks, of which an interrupted run has done only some.
void complete_texts(std::vector<Case>& cases, const std::vector<Task>& tasks) {
  auto task = tasks.begin();
  for (Case& one : cases) {
    Case full = case_of(*task);
    while (full.id != one.id || full.variant != one.variant) full = case_of(*++task);
    if (!one.claim.empty()) continue;
    full.verdict = one.verdict;
    full.reason = std::move(one.reason);
    full.milliseconds = one.milliseconds;
    full.subject = std::move(one.subject);
    one = std::move(full);
  }
}

// Returns false if a report could not be written.
bool write_reports(const std::vector<ReportWish>& wishes, const Results& results) {
  bool written = true;
  for (const ReportWish& wish : wishes) {
    try {
      write_report(wish.format, wish.path, results);
    } catch (const std::exception& error) {
      warn(error.what());
      written = false;
    }
  }
  return written;
}

// A run of a few cases cannot answer to every rule of the file.
bool runs_everything(const Selector& selector) {
  return selector.mode == Mode::claims && selector.filters.empty() && selector.excluded.empty() &&
         selector.namespaces.empty() && selector.shard.count == 1;
}

// What a run is about, and where it tells of itself.
struct Work {
  const VerifyOptions& options;
  const std::vector<Task>& tasks;
  const std::vector<Target>& targets;
  Attached* attached;  // the sandbox that is judged, if it exists already
  const std::vector<ExpectationRule>& rules;
  std::string day;
  Console& console;
  const std::atomic<bool>& stop;
};

// On the running kernel, whose version it returns.
KernelVersion verify_here(const Work& work, Results& results) {
  const VerifyOptions& options = work.options;
  const HostReport host = examine_host(needs_of(work.tasks));
  results.environment = read_environment(options.command_line);
  if (options.verbosity != Verbosity::quiet)
    print_header(work.console, results.environment, options, work.tasks.size());
  if (!host.bulkhead.empty()) {
    results.cases = all_unsupported(work.tasks, say("bulkhead: ", host.bulkhead));
    if (!host.advice.empty()) warn(say("hint: ", shown_line(host.advice)));
    return host.facts.kernel;
  }
  if (const std::string why = options.targets.any() ? why_no_layer() : ""; !why.empty()) {
    results.cases = all_unsupported(work.tasks, say("layer for runtimes: ", why));
    warn("hint: run as root; the layer for runtimes needs more than a user namespace of one user gives");
    return host.facts.kernel;
  }
  const auto rounds = static_cast<std::size_t>(options.repeat);
  Progress progress(work.console, {work.tasks.size() * rounds, options.verbosity, options.selector.mode, work.rules,
                                   work.day, host.facts.kernel});
  const auto run = [&] {
    if (work.attached != nullptr)
      return run_attached_tasks(work.tasks, *work.attached, host.facts, policy_of(options.targets, work.targets),
                                run_options(options), progress, work.stop);
    if (options.targets.any())
      return run_target_tasks(work.tasks, host.facts, policy_of(options.targets, work.targets), run_options(options),
                              progress, work.stop);
    return run_tasks(work.tasks, host.facts, run_options(options), progress, work.stop);
  };
  if (rounds == 1) {
    results.cases = run();
  } else {
    Rounds all;
    for (std::size_t round = 0; round < rounds && !work.stop; ++round) all.add(run());
    results.cases = all.take_worst();
  }
  return host.facts.kernel;
}

}  // namespace

int run_verify(const VerifyOptions& options) {
  const std::vector<ReportWish> wishes = report_wishes(options.reports);
  std::vector<ExpectationRule> rules = rules_of(options.expectations);
  const std::vector<Target> targets = targets_of(options.targets);
  for (ExpectationRule& rule : known_leaks(targets)) rules.push_back(std::move(rule));
  check_kernel_wishes(options);
  const Selection selection = selection_of(options, targets);
  if (selection.tasks.empty()) return nothing_selected(options);

  // A report on standard output must have it for itself.
  const bool to_stderr = std::any_of(wishes.begin(), wishes.end(), [](const auto& wish) { return wish.path == "-"; });
  Console console(to_stderr ? stderr : stdout, options.color);
  const auto start = std::chrono::steady_clock::now();
  const Interrupt interrupt;
  Results results;
  const std::unique_ptr<Attached> attached = attached_of(options.targets);
  const Work work{options, selection.tasks, targets, attached.get(), rules, today(), console, interrupt.stop()};
  const KernelVersion kernel = options.kernel.image.empty()
                                   ? verify_here(work, results)
                                   : verify_kernel(options, run_options(options), selection.tasks, rules, work.day,
                                                   console, interrupt.stop(), results);
  results.partial = interrupt.stop();
  results.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  results.peak_kilobytes = peak_kilobytes();

  const auto warnings = apply_expectations(results.cases, rules, work.day, kernel);
  if (!results.partial && runs_everything(options.selector))
    for (const std::string& warning : warnings) warn(shown_line(warning));
  if (options.matrix)
    print_table(console, matrix_of(results), *options.matrix);
  else
    print_evidence(console, results, options.verbosity);
  print_end(console, results, options.verbosity);
  const bool shown = console.flush();
  if (!shown) warn("the output could not be written completely");
  if (!wishes.empty() && options.selector.mode == Mode::sweep) complete_texts(results.cases, selection.tasks);
  const bool written = write_reports(wishes, results);

  if (results.partial) return 128 + interrupt.signal();
  const ExitStatus status = exit_status(count(results.cases));
  if (status == ExitStatus::violated) return static_cast<int>(status);
  if (!shown || !written) return static_cast<int>(ExitStatus::cannot_judge);
  if (status == ExitStatus::nothing_established && options.allow_none) return static_cast<int>(ExitStatus::good);
  return static_cast<int>(status);
}

}  // namespace nsproof
