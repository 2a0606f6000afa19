// The run as JUnit XML. No standard governs that format; each reader brings its own rules, so there are two profiles.
#pragma once

#include <string>

#include "harness/catalogue/result.h"

namespace nsproof {

enum class JunitProfile {
  // For people's CI servers, and the default. The reason of a skip is in skipped/@message, which is where Jenkins,
  // Sonobuoy and GitLab look; counts stand on <testsuites>; an expected failure shows its evidence in <system-out>.
  jenkins,
  // For readers that validate. Valid at once against the schemas of the Jenkins xUnit plugin (junit-4 and junit-10) and
  // of Apache Ant's junitreport as windyroad publishes it. Ant's allows <testsuites> no attribute and <testcase> no
  // output, and demands `package`, `id` and both outputs of <testsuite>; junit-4 allows the reason of a skip as text
  // only, so that is where it stands here.
  strict,
};

// At most this many bytes of evidence a case: head and tail are kept.
inline constexpr std::size_t kJunitOutputLimit = 64 * 1024;

std::string render_junit(JunitProfile profile, const Results& results);

}  // namespace nsproof
