#include "harness/cli/verify_kernel.h"

#include <fmt/core.h>

#include <memory>
#include <optional>

#include "harness/cli/progress.h"
#include "harness/cli/rounds.h"
#include "harness/guest/image.h"
#include "harness/guest/run.h"
#include "harness/host/facts.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

guest::GuestRun guest_run(const VerifyOptions& options, const RunOptions& run) {
  const KernelWishes& wishes = options.kernel;
  guest::GuestRun wish;
  try {
    wish.options = {wishes.image, guest::examine_image(wishes.image), wishes.append, wishes.megabytes,
                    wishes.processors};
    if (!wishes.modules.empty()) wish.modules = guest::read_modules(wishes.modules);
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
  wish.run = run;
  wish.deadline = std::chrono::seconds(wishes.seconds);
  wish.console_file = wishes.console;
  return wish;
}

std::string shell_word(const std::string& word) {
  if (word.find_first_of(" \t\n'\"\\$`*?[]{}()<>|&;#~!") == std::string::npos) return word;
  return say("'", join(split(word, '\''), "'\\''"), "'");
}

// The command that runs a case alone must run it on this kernel.
std::string reproduce(const std::string& here, const KernelWishes& wishes) {
  constexpr std::string_view kCommand = "nsproof verify";
  if (!here.starts_with(kCommand)) return here;
  std::string command = say(kCommand, " --kernel ", shell_word(wishes.image));
  if (!wishes.modules.empty()) command += say(" --modules ", shell_word(wishes.modules));
  if (!wishes.append.empty()) command += say(" --append ", shell_word(wishes.append));
  return command + here.substr(kCommand.size());
}

// Shows what guests tell as a local run would. Nothing is known of the kernel before the first guest is up.
class GuestProgress : public guest::GuestObserver {
 public:
  GuestProgress(Console& console, const VerifyOptions& options, Progress::Plan plan, int guests)
      : console_(console), options_(options), plan_(std::move(plan)), guests_(guests) {
    if (plan_.verbosity != Verbosity::quiet) console_.status(shown_line(say("booting ", options_.kernel.image)));
  }

  void booted(const guest::Hello& hello, guest::Machine machine, double seconds) override {
    plan_.kernel = kernel_version(hello.environment.kernel_release);
    if (plan_.verbosity != Verbosity::quiet) {
      console_.clear_status();
      console_.print(console_.paint(
          Style::strong, shown_line(say("nsproof ", hello.environment.tool_version, ", Linux ",
                                        hello.environment.kernel_release, " ", hello.environment.machine, ", ",
                                        hello.environment.user, ", ", counted(guests_, "guest", "guests"), " (",
                                        guest::text_of(machine), ", up after ", fmt::format("{:.1f}", seconds), " s), ",
                                        counted(static_cast<long>(plan_.cases), "case", "cases")))));
    }
    if (!hello.advice.empty()) noted(say("hint: ", hello.advice));
  }
  void noted(const std::string& text) override {
    console_.clear_status();
    warn(shown_line(text));
  }
  void began(const Task& task) override { progress().began(task); }
  void finished(const Case& one) override { progress().finished(one); }

 private:
  Progress& progress() {
    if (!progress_) progress_.emplace(console_, plan_);
    return *progress_;
  }

  Console& console_;
  const VerifyOptions& options_;
  Progress::Plan plan_;
  int guests_;
  std::optional<Progress> progress_;
};

// What is known of a guest that never came up.
Environment unknown_environment(const KernelWishes& wishes) {
  Environment environment;
  environment.kernel_release = say("unknown (", wishes.image, ")");
  return environment;
}

// What the host knows better than a guest whose clock may be wrong.
void complete(Environment& environment, const std::string& command_line) {
  const Environment here = read_environment(command_line);
  environment.tool_version = here.tool_version;
  environment.command_line = here.command_line;
  environment.started = here.started;
}

std::vector<Case> worst_of_rounds(std::vector<std::optional<Case>> cases, std::size_t tasks) {
  Rounds rounds;
  for (std::size_t first = 0; first < cases.size(); first += tasks) {
    std::vector<Case> round;
    for (std::size_t i = first; i < first + tasks; ++i)
      if (cases[i]) round.push_back(*std::move(cases[i]));
    rounds.add(std::move(round));
  }
  return rounds.take_worst();
}

}  // namespace

void check_kernel_wishes(const VerifyOptions& options) {
  if (options.kernel.image.empty()) {
    if (!options.kernel.append.empty() || !options.kernel.modules.empty() || !options.kernel.console.empty())
      throw UsageError("--append, --modules and --console are about a guest", "give its kernel with --kernel IMAGE");
    return;
  }
  if (options.targets.any()) throw UsageError("--kernel and a runtime exclude each other: a guest has no runtimes");
  guest_run(options, {});
}

KernelVersion verify_kernel(const VerifyOptions& options, const RunOptions& run, const std::vector<Task>& tasks,
                            const std::vector<ExpectationRule>& rules, const std::string& today, Console& console,
                            const std::atomic<bool>& stop, Results& results) {
  std::vector<Task> all;
  for (int round = 0; round < options.repeat; ++round) all.insert(all.end(), tasks.begin(), tasks.end());
  results.environment = unknown_environment(options.kernel);
  complete(results.environment, options.command_line);
  GuestProgress progress(console, options,
                         {all.size(), options.verbosity, options.selector.mode, rules, today, KernelVersion{}},
                         guest::guests_for(all.size(), run.jobs));
  guest::GuestResults found = guest::run_in_guests(all, guest_run(options, run), progress, stop);
  console.clear_status();
  if (found.hello) {
    const std::string started = results.environment.started;
    results.environment = found.hello->environment;
    complete(results.environment, options.command_line);
    results.environment.started = started;
  }
  results.cases = worst_of_rounds(std::move(found.cases), tasks.size());
  for (Case& one : results.cases) one.reproduce = reproduce(one.reproduce, options.kernel);
  return kernel_version(found.hello ? results.environment.kernel_release : "");
}

}  // namespace nsproof
