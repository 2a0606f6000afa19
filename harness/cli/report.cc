// `nsproof report`: reads records of runs; renders and merges them, compares two, or puts many into one table.
#include <algorithm>
#include <stdexcept>

#include "harness/cli/commands.h"
#include "harness/cli/report_wishes.h"
#include "harness/cli/run_text.h"
#include "harness/cli/summary.h"
#include "harness/support/text.h"
#include "reports/diff.h"
#include "reports/escape.h"
#include "reports/matrix.h"
#include "reports/merge.h"
#include "reports/record_file.h"

namespace nsproof {
namespace {

void refuse_contradictions(const ReportOptions& options) {
  const std::string hint = "nsproof report --help";
  if (!options.page.empty() && (options.diff || options.matrix || !options.formats.empty()))
    throw UsageError("--html is for a measurement; --as, --diff and --matrix are for runs of verify", hint);
  if (options.diff && options.matrix) throw UsageError("--diff and --matrix contradict each other", hint);
  const bool table = options.diff || options.matrix;
  if (table && !options.formats.empty()) throw UsageError("--as is for a run; a table is written with --format", hint);
  if (!table && options.format != TableFormat::text)
    throw UsageError("--format is for --diff and --matrix; a run is written with --as FORMAT", hint);
  if (options.diff && options.files.size() != 2) throw UsageError("--diff compares two files", hint);
  if (std::count(options.files.begin(), options.files.end(), "-") > 1)
    throw UsageError("standard input can be read only once");
}

std::vector<NamedResults> read_records(const std::vector<std::string>& files) {
  std::vector<NamedResults> records;
  try {
    for (const std::string& file : files) records.push_back({file, read_record(file)});
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what(), "records are written by `nsproof verify --report json=FILE`");
  }
  return records;
}

Merged merged(std::vector<NamedResults> records) {
  try {
    return merge(std::move(records));
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what(), "`nsproof report --diff A B` compares them, --matrix puts them side by side");
  }
}

MatrixTable matrix_table(const std::vector<const Results*>& runs) {
  try {
    return matrix_of(runs);
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
}

// What the record of a whole run says, as `nsproof verify` would have ended: but a run that was interrupted proves
// nothing about the cases that did not run.
ExitStatus status_of(const Results& results) {
  const ExitStatus status = exit_status(count(results.cases));
  return results.partial && status != ExitStatus::violated ? ExitStatus::cannot_judge : status;
}

ExitStatus worse_of(ExitStatus one, ExitStatus other) {
  constexpr ExitStatus kWorstFirst[] = {ExitStatus::violated, ExitStatus::cannot_judge, ExitStatus::good};
  for (const ExitStatus status : kWorstFirst)
    if (one == status || other == status) return status;
  return one;
}

int finish(Console& console, ExitStatus status) {
  if (console.flush()) return static_cast<int>(status);
  warn("the output could not be written completely");
  return static_cast<int>(status == ExitStatus::violated ? status : ExitStatus::cannot_judge);
}

int report_diff(const ReportOptions& options) {
  const std::vector<NamedResults> records = read_records(options.files);
  const Results& a = records[0].results;
  const Results& b = records[1].results;
  const Diff found = diff(a, b);
  Console console(stdout, options.color);
  switch (options.format) {
    case TableFormat::text: print_whole(console, render_diff_text(found, a, b, paint_of(console))); break;
    case TableFormat::markdown: print_whole(console, render_diff_markdown(found, a, b)); break;
    case TableFormat::json: print_whole(console, render_diff_json(found, a, b)); break;
  }
  return finish(console, got_worse(found) ? ExitStatus::violated : ExitStatus::good);
}

int report_matrix(const ReportOptions& options) {
  const std::vector<NamedResults> records = read_records(options.files);
  std::vector<const Results*> runs;
  ExitStatus status = ExitStatus::nothing_established;
  for (const NamedResults& record : records) {
    runs.push_back(&record.results);
    status = worse_of(status, status_of(record.results));
  }
  const MatrixTable table = matrix_table(runs);
  Console console(stdout, options.color);
  print_table(console, table, options.format);
  return finish(console, status);
}

int report_run(const ReportOptions& options) {
  const std::vector<ReportWish> wishes = report_wishes(options.formats, "--as", NoFile::standard_output);
  const Merged run = merged(read_records(options.files));
  for (const std::string& note : run.notes) warn(note);
  const ExitStatus status = status_of(run.results);
  bool written = true;
  for (const ReportWish& wish : wishes) {
    try {
      write_report(wish.format, wish.path, run.results);
    } catch (const std::exception& error) {
      warn(error.what());
      written = false;
    }
  }
  if (!wishes.empty())
    return static_cast<int>(written || status == ExitStatus::violated ? status : ExitStatus::cannot_judge);
  Console console(stdout, options.color);
  if (options.verbosity != Verbosity::quiet) console.print(console.paint(Style::strong, heading_of(run.results)));
  print_evidence(console, run.results, options.verbosity);
  print_end(console, run.results, options.verbosity);
  return finish(console, status);
}

}  // namespace

int run_report(const ReportOptions& options) {
  refuse_contradictions(options);
  if (!options.page.empty()) return report_page(options);
  if (options.diff) return report_diff(options);
  if (options.matrix) return report_matrix(options);
  return report_run(options);
}

}  // namespace nsproof
