#include "reports/diff.h"

#include <algorithm>
#include <map>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

constexpr std::size_t kFactLimit = 200;  // bytes of one fact of the heading

std::string_view name_of_call(const Entry& entry) {
  return std::string_view(entry.call).substr(0, entry.call.find('('));
}

bool corresponds(const Entry& a, const Entry& b) { return a.actor == b.actor && name_of_call(a) == name_of_call(b); }

std::int64_t errno_of(const Entry& entry) { return entry.value < 0 ? entry.value : 0; }

void add_errnos(std::vector<ErrnoChange>& changes, std::string_view role, const Boxed<Run>& a, const Boxed<Run>& b) {
  if (!a || !b) return;
  const std::vector<Entry>& as = a->transcript.entries;
  const std::vector<Entry>& bs = b->transcript.entries;
  if (!std::equal(as.begin(), as.end(), bs.begin(), bs.end(), corresponds)) return;
  for (std::size_t i = 0; i < as.size(); ++i)
    if (errno_of(as[i]) != errno_of(bs[i])) changes.push_back({role, i + 1, &as[i], &bs[i]});
}

using Index = std::map<std::string, const Case*>;

// A run against one runtime and a run against another are about the same properties: there the target is no part of
// what the case is called.
Index index_of(const Results& results) {
  const bool one_target = targets_of(results.cases).size() == 1;
  Index index;
  for (const Case& one : results.cases) {
    Case bare;
    bare.id = one.id;
    if (one.variant != one.target) bare.variant = one.variant;
    const std::string name = one_target ? name_of(bare) : name_of(one);
    std::string key = name;
    for (int number = 2; !index.emplace(key, &one).second; ++number) key = say(name, "#", number);
  }
  return index;
}

// A reason with its long numbers made equal: inode numbers, process ids, cookies and times differ from run to run.
std::string without_chance(std::string_view reason) {
  constexpr std::size_t kLong = 4;
  std::string text;
  while (!reason.empty()) {
    const std::size_t digits = std::min(reason.find_first_not_of("0123456789"), reason.size());
    text += digits < kLong ? std::string(reason.substr(0, digits)) : "#";
    reason.remove_prefix(digits);
    const std::size_t others = std::min(reason.find_first_of("0123456789"), reason.size());
    text += reason.substr(0, others);
    reason.remove_prefix(others);
  }
  return text;
}

bool same_reason(const Case& a, const Case& b) {
  return without_chance(reason_of(a)) == without_chance(reason_of(b)) && runtime_text(a) == runtime_text(b);
}

void put(Diff& diff, CaseChange change) {
  const Verdict a = change.a->verdict;
  const Verdict b = change.b->verdict;
  add_errnos(change.errnos, "subject", change.a->subject, change.b->subject);
  add_errnos(change.errnos, "control", change.a->control, change.b->control);
  if (a != b) {
    auto& place = a == Verdict::holds ? diff.worse : b == Verdict::holds ? diff.better : diff.other;
    place.push_back(std::move(change));
  } else if (!change.errnos.empty()) {
    diff.errnos.push_back(std::move(change));
  } else if (!same_reason(*change.a, *change.b)) {
    diff.reasons.push_back(std::move(change));
  } else {
    ++diff.same;
  }
}

}  // namespace

Diff diff(const Results& a, const Results& b) {
  Diff result;
  const Index as = index_of(a);
  const Index bs = index_of(b);
  for (const auto& [name, one] : as) {
    const auto found = bs.find(name);
    if (found == bs.end()) {
      result.only_a.push_back({name, one, nullptr});
    } else {
      put(result, {name, one, found->second});
    }
  }
  for (const auto& [name, one] : bs)
    if (!as.contains(name)) result.only_b.push_back({name, nullptr, one});
  return result;
}

bool got_worse(const Diff& diff) {
  return !diff.worse.empty() || std::any_of(diff.only_a.begin(), diff.only_a.end(), [](const CaseChange& change) {
    return change.a->verdict == Verdict::holds;
  });
}

std::string heading_of(const Results& results) {
  const Environment& e = results.environment;
  const auto fact = [](const std::string& bytes) { return shown_line(bytes, kFactLimit); };
  std::string text = say("Linux ", fact(e.kernel_release), " ", fact(e.machine), ", ", fact(e.user), ", ",
                         results.cases.size(), results.cases.size() == 1 ? " case" : " cases", ", ", fact(e.started));
  if (results.partial) text += ", interrupted";
  if (!has_targets(results.cases)) return text;
  std::vector<std::string> targets;
  for (const Group& group : targets_of(results.cases))
    targets.push_back(group.name.empty() ? "this kernel" : fact(group.name));
  return say(text, targets.size() == 1 ? "; target " : "; targets ", join(targets, ", "));
}

}  // namespace nsproof
