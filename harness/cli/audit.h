// `nsproof audit`: what a container leaves open, how bad it is, how that is known, and how it is closed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/cli/commands.h"

namespace nsproof {

struct AuditCommand {
  std::vector<std::string> filters;
  std::vector<std::string> excluded;
  TargetWishes targets;                    // none: where nsproof runs
  std::string container;                   // by its name
  bool kernel = false;                     // only the host's own knobs
  std::optional<audit::Severity> fail_on;  // none: what the profile says, or high
  std::string profile;                     // a name, or a file
  std::string baseline;                    // a file
  std::vector<std::string> waivers;
  int max_unknown = -1;  // no limit
  std::string fix;       // "oci"
  std::string config;    // a file
  std::vector<std::string> reports;
  int seconds = 60;
  Verbosity verbosity = Verbosity::normal;
  Color color = Color::automatic;
};

int run_audit(const AuditCommand& command);

}  // namespace nsproof
