#include "harness/audit/rule.h"

#include <algorithm>

#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

std::vector<Rule>& mutable_rules() {
  static std::vector<Rule> all;
  return all;
}

bool well_formed(std::string_view id) {
  const std::vector<std::string> parts = split(id, '.');
  const auto part = [](const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
  };
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), part);
}

bool has_fixture(const Spoil& spoil) {
  return !spoil.config.empty() || !spoil.prepare.empty() || !spoil.wrap.empty() || !spoil.impossible.empty();
}

bool has_fix(const Fix& fix) {
  return !(fix.oci + fix.docker + fix.podman + fix.kubernetes + fix.bwrap + fix.host).empty();
}

}  // namespace

Rules::Rules(std::initializer_list<Rule> rules) { mutable_rules().insert(mutable_rules().end(), rules); }
Rules::Rules(std::vector<Rule> rules) { std::move(rules.begin(), rules.end(), std::back_inserter(mutable_rules())); }

const std::vector<Rule>& rules() {
  static const std::vector<Rule> sorted = [] {
    std::vector<Rule> all = mutable_rules();
    std::sort(all.begin(), all.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
    return all;
  }();
  return sorted;
}

const Rule* find_rule(std::string_view id) {
  const auto found = std::lower_bound(rules().begin(), rules().end(), id,
                                      [](const Rule& rule, std::string_view wanted) { return rule.id < wanted; });
  return found != rules().end() && found->id == id ? &*found : nullptr;
}

std::vector<std::string> defects(const std::vector<Rule>& rules) {
  std::vector<std::string> found;
  std::string_view previous;
  for (const Rule& rule : rules) {
    const auto complain = [&](std::string_view what) { found.push_back(say(rule.id, ": ", what)); };
    if (!well_formed(rule.id)) complain("the id is not area.subject.weakness in [a-z0-9-]");
    if (rule.id == previous) complain("the id is used twice");
    if (rule.title.empty() || rule.why.empty() || rule.how.empty()) complain("title, why or how is missing");
    if (rule.references.empty()) complain("no reference");
    if (!rule.look) complain("no look");
    const bool fact = rule.severity == Severity::info;
    if (!fact && !has_fix(rule.fix)) complain("no fix");
    if (!fact && !has_fixture(rule.spoil)) complain("no fixture that turns it weak");
    previous = rule.id;
  }
  return found;
}

}  // namespace nsproof::audit
