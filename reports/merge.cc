#include "reports/merge.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/json_words.h"

namespace nsproof {
namespace {

constexpr std::size_t kFactLimit = 200;  // bytes of one fact in a sentence

std::string kernel_of(const Environment& e) {
  return say(e.kernel_release, " ", e.machine, " (", e.kernel_version, ")");
}

void refuse_other_kernels(const std::vector<NamedResults>& parts) {
  const std::string first = kernel_of(parts.front().results.environment);
  for (const NamedResults& part : parts) {
    const std::string other = kernel_of(part.results.environment);
    if (other == first) continue;
    throw std::runtime_error(say(shown_line(parts.front().name), " and ", shown_line(part.name),
                                 " are of different kernels: ", shown_line(first, kFactLimit), " and ",
                                 shown_line(other, kFactLimit)));
  }
}

// What the runs agree on stands as it is; of the rest every value is named once.
Environment common_environment(const std::vector<NamedResults>& parts) {
  Environment common;
  for (const auto& [key, member] : kEnvironmentFields) {
    std::vector<std::string> values;
    for (const NamedResults& part : parts) {
      const std::string& value = part.results.environment.*member;
      if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
    }
    common.*member =
        member == &Environment::started ? *std::min_element(values.begin(), values.end()) : join(values, "; ");
  }
  return common;
}

struct Copies {
  std::size_t place = 0;  // of the worst, among the merged cases
  int all = 0;
  int as_bad = 0;  // that have the verdict of the worst
};

class Cases {
 public:
  void add(std::vector<Case> cases) {
    for (Case& one : cases) {
      const auto [found, first] = copies_.try_emplace(name_of(one), Copies{cases_.size()});
      Copies& copies = found->second;
      ++copies.all;
      if (first) {
        cases_.push_back(std::move(one));
        copies.as_bad = 1;
      } else if (Case& worst = cases_[copies.place]; is_worse(one.verdict, worst.verdict)) {
        worst = std::move(one);
        copies.as_bad = 1;
      } else if (one.verdict == worst.verdict) {
        ++copies.as_bad;
      }
    }
  }

  std::vector<Case> take(std::vector<std::string>& notes) {
    int repeated = 0;
    int disputed = 0;
    for (const auto& [name, copies] : copies_) {
      if (copies.all == 1) continue;
      ++repeated;
      if (copies.as_bad == copies.all) continue;
      ++disputed;
      Case& one = cases_[copies.place];
      one.reason = say("in ", copies.as_bad, " of ", copies.all, " records: ", one.reason);
    }
    if (repeated > 0)
      notes.push_back(say(repeated, repeated == 1 ? " case is" : " cases are", " in more than one record, ", disputed,
                          " of them with different verdicts; the worst of each counts"));
    std::stable_sort(cases_.begin(), cases_.end(), [](const Case& a, const Case& b) { return a.id < b.id; });
    return std::move(cases_);
  }

 private:
  std::vector<Case> cases_;
  std::map<std::string, Copies> copies_;
};

}  // namespace

Merged merge(std::vector<NamedResults> parts) {
  Merged merged;
  if (parts.size() == 1) {
    merged.results = std::move(parts.front().results);
    return merged;
  }
  if (parts.empty()) return merged;
  refuse_other_kernels(parts);
  Results& results = merged.results;
  results.environment = common_environment(parts);
  if (parts.front().results.environment.tool_version != results.environment.tool_version)
    merged.notes.push_back(say("the records were written by different versions of nsproof: ",
                               shown_line(results.environment.tool_version, kFactLimit)));
  Cases cases;
  for (NamedResults& part : parts) {
    results.partial |= part.results.partial;
    results.seconds += part.results.seconds;
    results.peak_kilobytes = std::max(results.peak_kilobytes, part.results.peak_kilobytes);
    cases.add(std::move(part.results.cases));
  }
  results.cases = cases.take(merged.notes);
  return merged;
}

}  // namespace nsproof
