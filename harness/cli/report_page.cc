// `nsproof report --html`: what `nsproof bench` measured, as one page.
#include <stdexcept>

#include "harness/cli/commands.h"
#include "harness/support/text.h"
#include "reports/bench_json.h"
#include "reports/escape.h"
#include "reports/html.h"
#include "reports/record_file.h"
#include "reports/report.h"

namespace nsproof {
namespace {

constexpr std::size_t kLimit = 64UL * 1024 * 1024;  // bytes; a full run takes a hundredth of it
constexpr std::size_t kComplaintLimit = 400;        // bytes; a parser's complaint may quote the whole file

bench::BenchResult read_measurement(const std::string& path) {
  try {
    return bench::read_bench_json(read_whole(path, kLimit));
  } catch (const std::exception& error) {
    throw UsageError(say(shown_line(path), ": ", shown_line(error.what(), kComplaintLimit)),
                     "--html is for what `nsproof bench --json FILE` writes");
  }
}

}  // namespace

int report_page(const ReportOptions& options) {
  if (options.files.size() != 1)
    throw UsageError("--html makes a page of one file", "`nsproof bench compare A B` puts two into one");
  const bench::BenchResult result = read_measurement(options.files.front());
  if (bench::embedded_assets().charts.empty())
    warn("this nsproof was built without charts (NSPROOF_CHARTS): the page has tables only");
  try {
    write_whole(options.page, html_report(result));
  } catch (const std::exception& error) {
    warn(error.what());
    return static_cast<int>(ExitStatus::cannot_judge);
  }
  return static_cast<int>(ExitStatus::good);
}

}  // namespace nsproof
