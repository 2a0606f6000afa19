// Writes every sample run in every format to a directory, for other people's validators to judge:
// DIRECTORY/{plain,hostile,unskipped,empty}.{json,junit,junit-strict,markdown,ktap}
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include "reports/report.h"
#include "suites/proof/sample_results.h"

int main(int argc, char** argv) {
  using namespace nsproof;
  if (argc != 2) {
    std::fputs("usage: sample_reports DIRECTORY\n", stderr);
    return 2;
  }
  try {
    for (const auto& [name, results] : {std::pair<std::string, Results>("plain", sample_results()),
                                        {"hostile", hostile_results(11 << 20)},  // libxml2 gives up on 10 MB of text
                                        {"unskipped", unskipped_results()},
                                        {"empty", Results{}}})
      for (const Format format : kAllFormats)
        write_report(format, std::string(argv[1]) + "/" + name + "." + std::string(name_of(format)), results);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sample_reports: %s\n", error.what());
    return 1;
  }
}
