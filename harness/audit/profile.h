// A profile says which rules a container has to satisfy: what a runtime's defaults promise, what a standard asks for,
// or what a project wants. It is pinned by a version, so that a newer nsproof does not move anybody's gate.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/audit/gate_file.h"
#include "harness/audit/rule.h"

namespace nsproof::audit {

// Patterns are those of the command line: "ns.pid.host"; "ns.pid", which means everything below; "cap.*.held".
struct Allowance {
  std::vector<std::string> patterns;
  std::string reason;
};

struct Profile {
  std::string name;     // "docker-default"
  std::string version;  // "29"; may be empty
  std::string title;
  // A rule counts if it matches one of these or its finding is as severe as this; without either every rule counts.
  std::vector<std::string> require;
  std::optional<Severity> require_severity;
  std::vector<Allowance> allow;     // never counts
  std::optional<Severity> fail_on;  // what the gate fails on where the command line does not say
};

// "docker-default@29", "none"
std::string pinned_name(const Profile& profile);

// Whether there is any rule that does not count.
bool restricts(const Profile& profile);

// Why a finding of this rule does not count; nothing if it does.
std::optional<std::string> exclusion_of(const Profile& profile, const Finding& finding);

// `asked` if there is one, else the profile's own, else high.
Severity fail_on_of(const Profile& profile, std::optional<Severity> asked);

// Patterns that no rule answers to, with the nearest ids. A required rule that does not exist is a gate without a bar.
std::vector<std::string> defects_of(const Profile& profile, const std::vector<Rule>& rules);

// profile_file.cc: a TOML file. Its name is the file's, where it has none.
Profile parse_profile(std::string_view text, std::string_view file);
Profile read_profile(const std::string& file);

// Those that nsproof brings along (profiles/*.toml), sorted by name and version.
const std::vector<Profile>& builtin_profiles();

// "docker-default@29"; without a version the newest of the name. Throws GateFileError with the nearest names.
const Profile& profile_named(std::string_view name, const std::vector<Profile>& known);

// What --profile means: a file if it has a slash or ends in .toml, else a built-in one.
bool names_a_file(std::string_view profile);
Profile chosen_profile(const std::string& name_or_file);

}  // namespace nsproof::audit
