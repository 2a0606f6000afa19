// What the tests of guests share: the kernels of Debian's packages, and nsproof run on them.
#pragma once

#include <glob.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/launch/program.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"
#include "reports/json.h"

namespace nsproof {

// The last file of this pattern; empty if there is none.
inline std::string newest(const char* pattern) {
  glob_t found{};
  std::string path;
  if (::glob(pattern, 0, nullptr, &found) == 0) path = found.gl_pathv[found.gl_pathc - 1];
  ::globfree(&found);
  return path;
}

inline std::vector<std::string> cloud_kernel() {
  const std::string image = newest("/boot/vmlinuz-*-cloud-amd64");
  EXPECT_FALSE(image.empty()) << "the package linux-image-cloud-amd64 is not installed";
  return {"--kernel", image, "--modules", newest("/lib/modules/*-cloud-amd64")};
}

inline std::vector<std::string> user_mode_linux() {
  const std::string image = newest("/usr/bin/linux.uml");
  EXPECT_FALSE(image.empty()) << "the package user-mode-linux is not installed";
  return {"--kernel", image, "--modules", newest("/usr/lib/uml/modules/*")};
}

struct GuestVerdict {
  ProgramResult program;
  Results results;
};

// `nsproof verify KERNEL... WORDS... --report json=FILE`
inline GuestVerdict verify_in_guest(const std::vector<std::string>& kernel, const std::vector<std::string>& words,
                                    const std::vector<std::string>& environment = {}) {
  const std::string report = say(NSPROOF_BINARY_DIR, "/guest_test.json");
  std::filesystem::remove(report);
  std::vector<std::string> command = {NSPROOF_BINARY, "verify", "--report", "json=" + report};
  command.insert(command.end(), kernel.begin(), kernel.end());
  command.insert(command.end(), words.begin(), words.end());
  ProgramOptions options;
  options.deadline = std::chrono::minutes(8);
  options.environment = environment;
  GuestVerdict verdict{run_program(command, options), {}};
  if (std::filesystem::exists(report)) verdict.results = read_json(host_file(report));
  return verdict;
}

}  // namespace nsproof
