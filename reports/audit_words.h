// What the reports of an audit share: counts, who stands against the gate, and findings as lines that are safe to show.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/audit/auditor.h"

namespace nsproof::audit {

// Worst first.
inline constexpr Severity kSeverities[] = {Severity::critical, Severity::high, Severity::medium, Severity::low,
                                           Severity::info};

// In the order in which a reader who wants only one should take them.
inline constexpr std::array<std::pair<const char*, std::string Fix::*>, 6> kFixFields = {{
    {"docker", &Fix::docker},
    {"podman", &Fix::podman},
    {"kubernetes", &Fix::kubernetes},
    {"bwrap", &Fix::bwrap},
    {"host", &Fix::host},
    {"oci", &Fix::oci},
}};

// The text that is meant: without one of its own, podman takes docker's.
const std::string& fix_text(const Fix& fix, std::string Fix::*tool);

struct AuditCounts {
  int counting = 0;   // weak, against the gate
  int set_aside = 0;  // weak, but excluded, known or waived
  int hardened = 0;
  int not_applicable = 0;
  int unknown = 0;
  std::map<Severity, int> severities;  // of what is counting; every severity is there

  [[nodiscard]] int weak() const { return counting + set_aside; }
  [[nodiscard]] int total() const { return weak() + hardened + not_applicable + unknown; }
};

AuditCounts count(const std::vector<Finding>& findings);
AuditCounts count(const std::vector<const Finding*>& findings);

// Weak, and neither excluded nor known nor waived: a waiver past its date does not help.
bool counts_against(const Finding& finding);
bool is_set_aside(const Finding& finding);

// "waived by ops until 2027-01-31: ...": the standing and why it is so, in one sentence. Not escaped.
std::string standing_text(const Finding& finding);

inline constexpr std::size_t kEvidenceLines = 40;       // of one finding
inline constexpr std::size_t kEvidenceLineLimit = 300;  // bytes of one of them
inline constexpr std::size_t kObservedLimit = 2000;     // bytes of what was observed, or of another sentence

struct Evidence {
  std::vector<std::string> lines;  // safe to show, each on one line
  std::size_t left_out = 0;        // calls beyond kEvidenceLines
};

Evidence evidence_of(const Finding& finding);

// A finding for people, as lines that are safe to show: severity, what was observed, why it matters, fixes, evidence.
std::vector<std::string> explained(const Finding& finding, const Rule* rule);

// The subject without what is another in each run: numbers and the long hexadecimal ids of containers are "N". One line
// that is safe to show.
std::string subject_kind(std::string_view subject);

// Whether it is a time as AuditResult::started has it, "2026-11-23T12:34:28".
bool is_time(std::string_view text);

}  // namespace nsproof::audit
