// What a profile excludes, what is wrong with it, and which one a name means.
#include "harness/audit/profile.h"

#include <algorithm>
#include <charconv>

#include "harness/catalogue/select.h"
#include "harness/runtime/embedded.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

bool any_matches(const std::vector<std::string>& patterns, std::string_view id) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& one) {
    return matches_id(Pattern{one, ""}, id);
  });
}

// "1.34" as {1, 34}, so that 1.9 is older than 1.10.
std::vector<int> numbers_of(std::string_view version) {
  std::vector<int> numbers;
  for (const std::string& part : split(version, '.')) {
    int number = 0;
    std::from_chars(part.data(), part.data() + part.size(), number);
    numbers.push_back(number);
  }
  return numbers;
}

bool older(const Profile& a, const Profile& b) { return numbers_of(a.version) < numbers_of(b.version); }

}  // namespace

std::string pinned_name(const Profile& profile) {
  return profile.version.empty() ? profile.name : say(profile.name, "@", profile.version);
}

bool restricts(const Profile& profile) {
  return !profile.require.empty() || profile.require_severity || !profile.allow.empty();
}

std::optional<std::string> exclusion_of(const Profile& profile, const Finding& finding) {
  for (const Allowance& one : profile.allow)
    if (any_matches(one.patterns, finding.id)) return say("left open by ", pinned_name(profile), ": ", one.reason);
  const bool everything = profile.require.empty() && !profile.require_severity;
  const bool severe = profile.require_severity && finding.severity >= *profile.require_severity;
  if (everything || severe || any_matches(profile.require, finding.id)) return std::nullopt;
  return say("not required by ", pinned_name(profile));
}

Severity fail_on_of(const Profile& profile, std::optional<Severity> asked) {
  return asked ? *asked : profile.fail_on.value_or(Severity::high);
}

std::vector<std::string> defects_of(const Profile& profile, const std::vector<Rule>& rules) {
  std::vector<std::string> ids;
  for (const Rule& rule : rules) ids.push_back(rule.id);
  std::vector<std::string> found;
  const auto look_through = [&](const std::vector<std::string>& patterns, std::string_view key) {
    for (const std::string& pattern : patterns) {
      if (std::any_of(ids.begin(), ids.end(), [&](const auto& id) { return any_matches({pattern}, id); })) continue;
      const std::vector<std::string> near = nearest_to(pattern, ids);
      found.push_back(say(pinned_name(profile), ": ", key, " ", nsproof::quoted(pattern, 200), " matches no rule",
                          near.empty() ? "" : say("; did you mean ", join(near, " or "), "?")));
    }
  };
  look_through(profile.require, "require");
  for (const Allowance& one : profile.allow) look_through(one.patterns, "allow");
  return found;
}

const std::vector<Profile>& builtin_profiles() {
  static const std::vector<Profile> profiles = [] {
    std::vector<Profile> all;
    for (const EmbeddedFile& file : embedded_files())
      if (file.directory == "profiles") all.push_back(parse_profile(file.text, file.name));
    std::sort(all.begin(), all.end(),
              [](const Profile& a, const Profile& b) { return a.name != b.name ? a.name < b.name : older(a, b); });
    return all;
  }();
  return profiles;
}

const Profile& profile_named(std::string_view name, const std::vector<Profile>& known) {
  const std::string_view bare = name.substr(0, name.find('@'));
  const Profile* best = nullptr;
  std::vector<std::string> versions;
  std::vector<std::string> names;
  for (const Profile& one : known) {
    names.push_back(pinned_name(one));
    if (one.name != bare) continue;
    versions.push_back(pinned_name(one));
    const bool meant = bare.size() == name.size() || pinned_name(one) == name;
    if (meant && (best == nullptr || older(*best, one))) best = &one;
  }
  if (best != nullptr) return *best;
  if (!versions.empty()) throw GateFileError(say("there is no profile ", name, ", but ", join(versions, ", ")));
  std::vector<std::string> near = nearest_to(name, names);
  if (near.empty()) near = nearest_to(bare, names);
  throw GateFileError(say("there is no profile ", nsproof::quoted(name),
                          near.empty() ? say("; known are ", join(names, ", "), ", and files that end in .toml")
                                       : say("; did you mean ", join(near, " or "), "?")));
}

bool names_a_file(std::string_view profile) {
  return profile.find('/') != std::string_view::npos || profile.ends_with(".toml");
}

Profile chosen_profile(const std::string& name_or_file) {
  return names_a_file(name_or_file) ? read_profile(name_or_file) : profile_named(name_or_file, builtin_profiles());
}

}  // namespace nsproof::audit
