// `nsproof audit`: finds the container, looks, judges what was found, and writes it down.
#include "harness/cli/audit.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include "harness/audit/auditor.h"
#include "harness/audit/find_container.h"
#include "harness/audit/fix.h"
#include "harness/audit/gate.h"
#include "harness/audit/gate_file.h"
#include "harness/audit/view.h"
#include "harness/cli/audit_text.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/report_wishes.h"
#include "harness/cli/verify_targets.h"
#include "harness/support/text.h"
#include "reports/audit_report.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

struct AuditReportWish {
  audit::AuditFormat format;
  std::string path;  // "-": standard output
};

std::vector<AuditReportWish> report_wishes_of(const AuditCommand& command) {
  std::vector<AuditReportWish> wishes;
  for (const std::string& text : command.reports) {
    const std::size_t equals = text.find('=');
    const auto format = audit::audit_format_named(text.substr(0, equals));
    if (!format || equals == std::string::npos || equals + 1 == text.size())
      throw UsageError(say("--report ", text, ": not understood"),
                       "write FORMAT=FILE with json, junit, sarif or markdown; - is stdout");
    wishes.push_back({*format, text.substr(equals + 1)});
    check_report_place(wishes.back().path, "--report");
  }
  return wishes;
}

audit::Gate gate_of(const AuditCommand& command) {
  try {
    return audit::read_gate(command.profile, command.baseline, command.waivers);
  } catch (const audit::GateFileError& error) {
    throw UsageError(error.what());
  }
}

// What is audited, and the layer that it may stand in.
struct Audited {
  std::vector<Target> targets;
  std::unique_ptr<audit::AuditLayer> layer;
  std::unique_ptr<audit::Subject> subject;
};

int pid_of(const AuditCommand& command) {
  if (command.container.empty()) return command.targets.pid;
  try {
    return audit::process_of_container(command.container);
  } catch (const audit::NoContainer& error) {
    throw UsageError(error.what(), "nsproof audit --pid PID");
  }
}

void check_one_place(const AuditCommand& command, const std::vector<Target>& targets) {
  const std::size_t places = targets.size() + (command.targets.pid != 0 ? 1 : 0) + (command.container.empty() ? 0 : 1);
  if (places > 1) throw UsageError("an audit is of one container", "nsproof audit --help");
}

Audited audited(const AuditCommand& command) {
  TargetWishes made = command.targets;
  made.pid = 0;
  Audited one;
  one.targets = targets_of(made);
  check_one_place(command, one.targets);
  if (!one.targets.empty()) {
    one.layer = std::make_unique<audit::AuditLayer>();
    one.subject = audit::audit_target(one.targets.front(), *one.layer);
  } else if (const int pid = pid_of(command); pid != 0) {
    one.subject = audit::audit_process(pid);
  } else {
    one.subject = audit::audit_here();
  }
  return one;
}

std::vector<const audit::Rule*> chosen_rules(const AuditCommand& command, audit::AuditOptions& options) {
  options.filters = command.filters;
  options.excluded = command.excluded;
  if (command.kernel) options.filters.insert(options.filters.end(), {"host", "lsm"});
  options.whole_deadline = std::chrono::seconds{command.seconds};
  std::vector<std::string> unmatched;
  std::vector<const audit::Rule*> chosen = audit::choose_rules(options, unmatched);
  if (!unmatched.empty()) throw UsageError(say("no rule is called ", join(unmatched, ", ")), "nsproof list --rules");
  return chosen;
}

std::string text_of_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw UsageError(say("cannot read ", path));
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

audit::OciFix oci_fix(const AuditCommand& command, const Audited& one, const audit::AuditResult& result) {
  std::string config = command.config.empty() ? "" : text_of_file(command.config);
  if (config.empty() && !one.targets.empty()) config = one.targets.front().config;
  if (config.empty()) {
    audit::View view(*one.subject);
    return audit::merge_patch(result.findings, view.status().capabilities);
  }
  try {
    return audit::patch_of_config(result.findings, config);
  } catch (const std::invalid_argument& error) {
    throw UsageError(say(command.config, ": ", error.what()));
  }
}

void print_fix(const audit::OciFix& fix, Console& console) {
  console.print(fix.patch);
  if (!fix.by_hand.empty())
    warn(say("config.json cannot close ", join(fix.by_hand, ", "), "; `nsproof explain ID` says what does"));
}

// Where the text for people goes: a report on standard output has that for itself.
bool stdout_is_taken(const AuditCommand& command, const std::vector<AuditReportWish>& wishes) {
  return !command.fix.empty() ||
         std::any_of(wishes.begin(), wishes.end(), [](const AuditReportWish& wish) { return wish.path == "-"; });
}

bool write_all(const std::vector<AuditReportWish>& wishes, const audit::AuditResult& result) {
  bool written = true;
  for (const AuditReportWish& wish : wishes) {
    try {
      audit::write_audit_report(wish.format, wish.path, result);
    } catch (const std::exception& error) {
      warn(error.what());
      written = false;
    }
  }
  return written;
}

}  // namespace

int run_audit(const AuditCommand& command) {
  const std::vector<AuditReportWish> wishes = report_wishes_of(command);
  if (!command.fix.empty() && command.fix != "oci") throw UsageError(say("--fix ", command.fix, ": write --fix oci"));
  audit::AuditOptions options;
  const std::vector<const audit::Rule*> chosen = chosen_rules(command, options);
  const audit::Gate gate = gate_of(command);
  const Interrupt interrupt;
  const Audited one = audited(command);
  audit::AuditResult result = audit::audit(*one.subject, chosen, options, interrupt.stop());
  audit::judge_findings(result, gate);
  bool written = write_all(wishes, result);
  if (!command.fix.empty()) {
    Console console(stdout, command.color);
    print_fix(oci_fix(command, one, result), console);
    written = console.flush() && written;
  }
  Console console(stdout_is_taken(command, wishes) ? stderr : stdout, command.color);
  if (command.verbosity != Verbosity::quiet && command.fix.empty())
    console.print(console.paint(Style::strong, say("nsproof ", result.tool_version, ", Linux ", result.kernel, ", ",
                                                   shown_line(result.subject), ", ", chosen.size(), " rules")));
  if (command.fix.empty()) print_audit(result, command.verbosity, console);
  if (!console.flush() || !written) return static_cast<int>(ExitStatus::cannot_judge);
  if (interrupt.signal() != 0) return 128 + interrupt.signal();
  audit::GateOptions limits{audit::fail_on_of(gate.profile, command.fail_on), std::nullopt};
  if (command.max_unknown >= 0) limits.max_unknown = static_cast<std::size_t>(command.max_unknown);
  return static_cast<int>(audit::audit_status(result, gate.profile, limits));
}

}  // namespace nsproof
