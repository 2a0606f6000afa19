// Puts every rule to a subject, one after the other, and never lets one spoil another: a rule that hangs, dies or
// throws is unknown, and says so.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "harness/audit/rule.h"
#include "harness/audit/subject.h"

namespace nsproof::audit {

struct AuditOptions {
  std::vector<std::string> filters;   // ids, beginnings of ids, or patterns; everything if there is none
  std::vector<std::string> excluded;  // the same, left out
  std::chrono::milliseconds call_deadline{1'000};
  std::chrono::milliseconds rule_deadline{3'000};
  std::chrono::milliseconds whole_deadline{60'000};
};

struct AuditResult {
  std::string tool_version;
  std::string subject;  // Subject::title()
  std::string kernel;   // release
  std::string started;  // UTC, "2026-11-23T12:34:28"
  std::string profile;  // "docker-default@29"; empty: none
  std::vector<Finding> findings;
  std::vector<std::string> unused_waivers;  // patterns that matched no weak finding
  bool partial = false;                     // interrupted, or out of time
  double milliseconds = 0;
};

// The rules that these options choose, sorted by id. Patterns that match nothing are added to `unmatched`.
std::vector<const Rule*> choose_rules(const AuditOptions& options, std::vector<std::string>& unmatched);

AuditResult audit(Subject& subject, const std::vector<const Rule*>& chosen, const AuditOptions& options,
                  const std::atomic<bool>& stop);

// One step less, not below info.
Severity lowered(Severity severity);

}  // namespace nsproof::audit
