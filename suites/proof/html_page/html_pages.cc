// Writes the pages that Chromium judges: DIRECTORY/{run,comparison,hostile,tables,empty}.html. Fails if this build has
// no charts, for then there is nothing to judge.
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <utility>

#include "reports/html.h"
#include "suites/proof/html_page/sample_bench.h"

int main(int argc, char** argv) {
  using namespace nsproof::bench;
  if (argc != 2) {
    std::fputs("usage: html_pages DIRECTORY\n", stderr);
    return 2;
  }
  try {
    const PageAssets all = embedded_assets();
    const PageAssets tables = {all.style, ""};
    for (const auto& [name, page] : {std::pair<std::string, std::string>("run", html_report(sample_run())),
                                     {"comparison", html_report(sample_comparison())},
                                     {"hostile", html_report(hostile_run())},
                                     {"tables", html_report(sample_comparison(), tables)},
                                     {"empty", html_report(BenchResult{})}}) {
      std::ofstream file(std::string(argv[1]) + "/" + name + ".html", std::ios::binary);
      file << page;
      if (!file.flush()) throw std::runtime_error("cannot write to " + std::string(argv[1]));
    }
    if (all.charts.empty()) {
      std::fputs("html_pages: this build has no charts (NSPROOF_CHARTS)\n", stderr);
      return 1;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "html_pages: %s\n", error.what());
    return 1;
  }
}
