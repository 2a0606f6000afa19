// Writes every sample run in every format to a directory, for other people's validators to judge:
// DIRECTORY/{plain,runtimes,hostile,unskipped,empty}.{json,junit,junit-strict,markdown,ktap}
// and {plain,hostile}.{diff,matrix}
// and {plain,hostile,empty}.audit-{json,junit,sarif,markdown}
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "reports/audit_report.h"
#include "reports/diff.h"
#include "reports/matrix.h"
#include "reports/report.h"
#include "suites/proof/sample_audits.h"
#include "suites/proof/sample_results.h"

namespace {

using namespace nsproof;

void write_tables(const std::string& directory) {
  const Results plain = sample_results();
  const Results hostile = hostile_results();
  const Results runtimes = runtime_results();
  const auto write = [&](const std::string& name, const std::string& text) {
    if (!(std::ofstream(directory + "/" + name, std::ios::binary) << text))
      throw std::runtime_error("cannot write " + name);
  };
  write("plain.diff", render_diff_json(diff(plain, runtimes), plain, runtimes));
  write("hostile.diff", render_diff_json(diff(hostile, plain), hostile, plain));
  write("plain.matrix", render_matrix_json(matrix_of({&plain, &runtimes})));
  write("hostile.matrix", render_matrix_json(matrix_of({&plain, &hostile})));
}

void write_audits(const std::string& directory) {
  for (const auto& [name, result] : {std::pair<std::string, audit::AuditResult>("plain", audit::sample_audit()),
                                     {"hostile", audit::hostile_audit(11 << 20)},
                                     {"empty", audit::AuditResult{}}})
    for (const audit::AuditFormat format : audit::kAllAuditFormats)
      write_audit_report(format, directory + "/" + name + ".audit-" + std::string(audit::name_of(format)), result,
                         audit::sample_rule);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: sample_reports DIRECTORY\n", stderr);
    return 2;
  }
  try {
    for (const auto& [name, results] : {std::pair<std::string, Results>("plain", sample_results()),
                                        {"runtimes", runtime_results()},
                                        {"hostile", hostile_results(11 << 20)},  // libxml2 gives up on 10 MB of text
                                        {"unskipped", unskipped_results()},
                                        {"empty", Results{}}})
      for (const Format format : kAllFormats)
        write_report(format, std::string(argv[1]) + "/" + name + "." + std::string(name_of(format)), results);
    write_tables(argv[1]);
    write_audits(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sample_reports: %s\n", error.what());
    return 1;
  }
}
