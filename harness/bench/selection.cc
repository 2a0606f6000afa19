#include "harness/bench/selection.h"

#include <algorithm>
#include <set>

#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

std::string family_of(const std::string& id) { return id.substr(0, id.find('/')); }

bool wanted(const CaseSpec& one, const BenchPlan& plan) {
  if (plan.filters.empty()) return one.from <= plan.effort;
  return std::any_of(plan.filters.begin(), plan.filters.end(), [&](const std::string& filter) {
    return one.id == filter || one.id.starts_with(filter + "/") || glob_match(filter, one.id);
  });
}

bool wanted(const Study& study, const BenchPlan& plan) {
  if (plan.filters.empty()) return study.from <= plan.effort;
  return std::any_of(study.cases.begin(), study.cases.end(), [&](const CaseSpec& one) { return wanted(one, plan); });
}

// Floors, and their floors, until nothing is missing.
void add_floors(std::vector<CaseSpec>& chosen, const std::vector<CaseSpec>& all) {
  std::set<std::string> present;
  for (const CaseSpec& one : chosen) present.insert(one.id);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::string floor = chosen[i].floor;
    if (floor.empty() || !present.insert(floor).second) continue;
    const auto place = std::find_if(all.begin(), all.end(), [&](const CaseSpec& one) { return one.id == floor; });
    if (place != all.end()) chosen.push_back(*place);
  }
}

struct Defaults {
  int processes;
  double seconds;  // of all together
};

Defaults defaults_of(Effort effort) {
  switch (effort) {
    case Effort::smoke: return {9, 3};
    case Effort::standard: return {9, 18};
    case Effort::full: return {15, 300};
  }
  return {9, 18};
}

Job rounds_job(const BenchPlan& plan) {
  std::vector<CaseSpec> all;
  for (const Family& family : families())
    if (family.rounds)
      for (CaseSpec& one : family.rounds()) all.push_back(std::move(one));
  Job job;
  job.name = "rounds";
  for (const CaseSpec& one : all)
    if (wanted(one, plan)) job.cases.push_back(one);
  add_floors(job.cases, all);
  std::stable_sort(job.cases.begin(), job.cases.end(),
                   [](const CaseSpec& a, const CaseSpec& b) { return family_of(a.id) < family_of(b.id); });
  const Defaults defaults = defaults_of(plan.effort);
  job.processes = plan.processes > 0 ? plan.processes : defaults.processes;
  job.seconds = (plan.seconds > 0 ? plan.seconds : defaults.seconds) / job.processes;
  return job;
}

}  // namespace

std::vector<Job> jobs_of(const BenchPlan& plan) {
  std::vector<Job> jobs;
  const auto effort = static_cast<std::size_t>(plan.effort);
  for (const Family& family : families()) {
    if (!family.studies) continue;
    for (Study& study : family.studies()) {
      if (!wanted(study, plan)) continue;
      jobs.push_back({family.name, std::move(study.cases), 0, std::move(study.run), study.processes[effort],
                      study.seconds[effort]});
    }
  }
  jobs.push_back(rounds_job(plan));
  std::uint32_t next = 0;
  for (Job& job : jobs) {
    job.first = next;
    next += static_cast<std::uint32_t>(job.cases.size());
  }
  return jobs;
}

double time_limit(const BenchPlan& plan) {
  if (plan.seconds > 0) return 0;
  switch (plan.effort) {
    case Effort::smoke: return 9;
    case Effort::standard: return 56;
    case Effort::full: return 0;
  }
  return 0;
}

std::vector<Selected> selected_cases(const BenchPlan& plan) {
  std::vector<Selected> selected;
  for (const Job& job : jobs_of(plan))
    for (const CaseSpec& one : job.cases) selected.push_back({one, !job.study});
  return selected;
}

}  // namespace nsproof::bench
