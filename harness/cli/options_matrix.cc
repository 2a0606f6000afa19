// The options of `nsproof matrix`, which is a run of `nsproof verify` over several runtimes that is shown as one table.
#include <algorithm>
#include <memory>
#include <optional>
#include <thread>

#include "harness/cli/options.h"
#include "harness/cli/report_wishes.h"
#include "harness/cli/usage.h"

namespace nsproof {

Command add_matrix(CLI::App& program, const std::string& command_line) {
  CLI::App& app = add_command(program, "matrix", usage::kMatrix, usage::kMatrixExamples);
  const auto options = std::make_shared<VerifyOptions>();
  options->jobs = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U));
  options->command_line = command_line;
  options->matrix = TableFormat::text;
  add_arguments(app, "FILTER", options->selector.filters, "Which properties; all if there is none");
  add_repeated(app, "--not", "FILTER", options->selector.excluded, "Leave these out; may be given several times");
  add_targets(app, options->targets);
  add_read(app, "--format", "FORMAT", options->matrix, table_format_named, "write text, markdown or json",
           "Of the table on standard output: text, markdown or json");
  add_repeated(app, "--report", "FORMAT=FILE", options->reports, say("Write a report of the run: ", format_names()));
  add_repeated(app, "--expect", "FILE", options->expectations, "A file of expected failures");
  add_number(app, "--jobs,-j", "N", 1, 1024, options->jobs, "How many sandboxes at a time; as a default one a CPU");
  add_verbosity(app, options->verbosity);
  add_color(app, options->color);
  return {&app, [options] {
            if (!options->targets.any()) options->targets.runtimes = {"all"};
            return run_verify(*options);
          }};
}

}  // namespace nsproof
