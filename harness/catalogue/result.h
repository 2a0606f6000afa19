// The result model: what one run of the suite found, as plain data that every report is a projection of.
// Nothing here knows how a check was made or how a report looks.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/actor/transcript.h"
#include "harness/catalogue/verdict.h"
#include "harness/support/boxed.h"

namespace nsproof {

// One execution of a check in one world.
struct Run {
  std::string world;  // "uts via clone3": what the sandbox was made of
  Observation observation;
  Transcript transcript;
  double milliseconds = 0;
};

// What the expectations file said of a case.
enum class Expectation {
  none,
  expected_failure,  // violated, as announced
  unexpected_pass,   // announced as failing, but it holds: the announcement must go
  expired,           // violated, and the announcement is past its date
};

struct ExpectationNote {
  Expectation kind = Expectation::none;
  std::string reason;
  std::string url;
  std::string expires;  // ISO date, may be empty
};

struct Case {
  std::string id;       // property id
  std::string variant;  // "clone3", "unshare", ...; of a sweep the combination: "mnt+pid"
  std::string target;   // what was judged: "runc", "linux 6.1.0-18-amd64"; empty: this kernel, by its own ways
  std::string area;     // "uts"
  std::string claim;
  std::string source;
  std::string file;  // of the row
  std::uint32_t line = 0;
  Verdict verdict = Verdict::broken;
  std::string reason;
  std::string missing;  // unsupported: the need
  // Of a runtime, in a word or two each, and empty where it does not apply: what its configuration asked for, what the
  // probe observed ("isolated", "open"), and what the policy demands.
  std::string requested;
  std::string effective;
  std::string expected;
  std::string container;  // of a runtime: "own" if the case had a container to itself, else "shared"
  ExpectationNote expectation;
  Boxed<Run> subject;
  Boxed<Run> control;           // a sweep has none: its controls are the other combinations
  std::string control_differs;  // how the control breaks the claim, in words
  std::string reproduce;        // the command that runs this case alone
  double milliseconds = 0;
};

// "uts.hostname.private@clone3"; with a target "uts.hostname.private@clone3 on runc".
std::string name_of(const Case& one);

struct Environment {
  std::string tool_version;
  std::string kernel_release;
  std::string kernel_version;
  std::string machine;
  std::string host_name;
  std::string user;          // "root", "uid 1000", "root in a user namespace"
  std::string capabilities;  // effective set, hexadecimal as in proc(5)
  std::string security_modules;
  std::string cgroup_mode;  // "v1", "v2", "hybrid", "none"
  std::string command_line;
  std::string started;  // UTC, "2026-11-23T12:34:28"
};

struct Results {
  Environment environment;
  std::vector<Case> cases;
  bool partial = false;  // the run was interrupted
  double seconds = 0;
  std::uint64_t peak_kilobytes = 0;  // resident memory of the harness
};

struct Counts {
  int holds = 0;
  int violated = 0;  // without the expected ones
  int vacuous = 0;
  int broken = 0;
  int unsupported = 0;
  int expected_failures = 0;
  int unexpected_passes = 0;
  [[nodiscard]] int total() const {
    return holds + violated + vacuous + broken + unsupported + expected_failures + unexpected_passes;
  }
};

Counts count(const std::vector<Case>& cases);

// Which of two verdicts about the same case counts. A violation seen once is proven; what cannot be judged once is not
// established; a judgement says more than that there was none.
bool is_worse(Verdict one, Verdict other);

// The exit statuses of every subcommand, stable for ever.
enum class ExitStatus : int {
  good = 0,
  violated = 1,  // a violation that nobody expected, or an expected one that did not come
  usage = 2,
  cannot_judge = 3,         // something vacuous or broken
  nothing_established = 4,  // not one property reached holds or violated
};

ExitStatus exit_status(const Counts& counts);

}  // namespace nsproof
