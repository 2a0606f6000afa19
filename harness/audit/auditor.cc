#include "harness/audit/auditor.h"

#include <sys/utsname.h>

#include <algorithm>

#include "harness/audit/view.h"
#include "harness/catalogue/select.h"
#include "harness/host/facts.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

using Clock = std::chrono::steady_clock;

Sight looked(const Rule& rule, View& view, const AuditOptions& options, Clock::duration left) {
  if (rule.side == Side::inside && view.from_host()) return unknown("only a process inside can tell: run it there");
  if (rule.side == Side::host && !view.from_host()) return unknown("only the host can tell: nsproof audit --pid PID");
  try {
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(left);
    const CheckDeadline deadline(options.call_deadline, std::min(options.rule_deadline, rest));
    return rule.look(view);
  } catch (const CouldNotLook& reason) {
    return unknown(reason.what());
  } catch (const std::exception& error) {
    return unknown(say("could not look: ", error.what()));
  }
}

// Whether root in the container is nobody outside: then what the rule warns of is confined.
bool confined(View& view) {
  try {
    const UserNamespaceView& user = view.user_namespace();
    return user.ownership == Ownership::own && !user.identity;
  } catch (const std::exception&) {
    return false;
  }
}

Finding finding_of(const Rule& rule, View& view, Sight sight) {
  Finding finding;
  finding.id = rule.id;
  finding.title = rule.title;
  finding.answer = sight.answer;
  finding.base_severity = rule.severity;
  finding.severity = sight.severity.value_or(rule.severity);
  finding.severity_reason = std::move(sight.severity_reason);
  finding.observed = std::move(sight.observed);
  if (sight.answer == Answer::weak && rule.confined == Confined::by_user_namespace && confined(view)) {
    finding.severity = lowered(finding.severity);
    finding.severity_reason += say(finding.severity_reason.empty() ? "" : "; ",
                                   "one step less, for the container has a user namespace of its own");
  }
  finding.evidence = view.take_evidence();
  return finding;
}

}  // namespace

Severity lowered(Severity severity) {
  return severity == Severity::info ? severity : static_cast<Severity>(static_cast<int>(severity) - 1);
}

std::vector<const Rule*> choose_rules(const AuditOptions& options, std::vector<std::string>& unmatched) {
  const auto any = [](const std::vector<std::string>& patterns, const std::string& id) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& one) {
      return matches_id(Pattern{one, ""}, id);
    });
  };
  std::vector<const Rule*> chosen;
  for (const Rule& rule : rules())
    if ((options.filters.empty() || any(options.filters, rule.id)) && !any(options.excluded, rule.id))
      chosen.push_back(&rule);
  for (const std::vector<std::string>* patterns : {&options.filters, &options.excluded})
    for (const std::string& pattern : *patterns)
      if (std::none_of(rules().begin(), rules().end(), [&](const Rule& rule) {
            return matches_id(Pattern{pattern, ""}, rule.id);
          }))
        unmatched.push_back(pattern);
  return chosen;
}

AuditResult audit(Subject& subject, const std::vector<const Rule*>& chosen, const AuditOptions& options,
                  const std::atomic<bool>& stop) {
  const auto start = Clock::now();
  AuditResult result;
  result.tool_version = NSPROOF_VERSION;
  result.subject = subject.title();
  result.started = utc_now();
  utsname names{};
  if (uname(&names) == 0) result.kernel = names.release;
  View view(subject);
  for (const Rule* rule : chosen) {
    const auto left = options.whole_deadline - (Clock::now() - start);
    const bool out_of_time = left <= Clock::duration::zero();
    if (stop) result.partial = true;
    if (stop) break;
    if (out_of_time) result.partial = true;
    Sight sight = out_of_time ? unknown("there was no time left") : looked(*rule, view, options, left);
    result.findings.push_back(finding_of(*rule, view, std::move(sight)));
  }
  result.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return result;
}

}  // namespace nsproof::audit
