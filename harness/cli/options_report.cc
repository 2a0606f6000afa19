// The options of `nsproof report`.
#include <memory>
#include <optional>

#include "harness/cli/options.h"
#include "harness/cli/report_wishes.h"
#include "harness/cli/usage.h"

namespace nsproof {

std::optional<TableFormat> table_format_named(const std::string& name) {
  if (name == "text") return TableFormat::text;
  if (name == "markdown") return TableFormat::markdown;
  if (name == "json") return TableFormat::json;
  return std::nullopt;
}

Command add_report(CLI::App& program, const std::string&) {
  CLI::App& app = add_command(program, "report", usage::kReport, usage::kReportExamples);
  const auto options = std::make_shared<ReportOptions>();
  add_arguments(app, "FILE", options->files, "Records of runs (verify --report json=FILE); - is stdin",
                Presence::required);
  add_repeated(app, "--as", "FORMAT[=FILE]", options->formats,
               say("Write the run as ", format_names(), "; without FILE to stdout"));
  add_flag(app, "--diff", options->diff, "Compare two runs: FILE A and FILE B");
  add_flag(app, "--matrix", options->matrix, "One table: properties against targets or kernels");
  add_read(app, "--format", "FORMAT", options->format, table_format_named, "write text, markdown or json",
           "Of --diff and --matrix: text, markdown or json");
  add_text(app, "--html", "FILE", options->page,
           "Write what `nsproof bench --json` measured as a page with charts and tables");
  add_verbosity(app, options->verbosity);
  add_color(app, options->color);
  return {&app, [options] { return run_report(*options); }};
}

}  // namespace nsproof
