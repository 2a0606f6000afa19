// `nsproof list`: the catalogue as a table or as JSON.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/audit/auditor.h"
#include "harness/cli/commands.h"
#include "harness/cli/verify_targets.h"
#include "harness/host/facts.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

std::string needs_text(const Property& row) {
  std::vector<std::string> names;
  for (const Need need : row.needs) names.emplace_back(name_of(need));
  return join(names, ",");
}

// What rows are held against: this machine, a kernel that is named by its version, or neither.
struct Question {
  std::optional<HostReport> host;
  std::optional<KernelVersion> kernel;
};

// Why each row cannot run here; empty if it can.
using Obstacle = std::string;

Obstacle obstacle(const Property& row, const HostReport& host) {
  if (!host.bulkhead.empty()) return say("bulkhead: ", host.bulkhead);
  return unmet_need(row, host.facts).value_or("");
}

nlohmann::ordered_json json_of(const Property& row, const Question& question) {
  nlohmann::ordered_json needs = nlohmann::ordered_json::array();
  for (const Need need : row.needs) needs.push_back(name_of(need));
  nlohmann::ordered_json backports = nlohmann::ordered_json::array();
  for (const KernelVersion first : row.backports) backports.push_back(text_of(first));
  nlohmann::ordered_json one = {
      {"id", std::string_view(row.id)},
      {"area", area_of(row)},
      {"claim", row.claim},
      {"source", row.source},
      {"isolated_by", row.isolated_by ? nlohmann::ordered_json(name_of(*row.isolated_by)) : nullptr},
      {"also_isolated_by", text_of(row.also_isolated_by)},
      {"about", is_about_runtimes(row) ? "runtime" : "kernel"},
      {"since", text_of(row.since)},
      {"backports", backports},
      {"needs", needs},
      {"subject_namespaces", text_of(subject_namespaces(row))},
      {"control_namespaces", text_of(control_namespaces(row))},
      {"control", control_text(row)},
      {"sweep", can_sweep(row)},
      {"file", row.id.file},
      {"line", row.id.line},
  };
  if (question.host) {
    const Obstacle why = obstacle(row, *question.host);
    one["here"] = {{"runs", why.empty()}, {"why_not", why}};
  }
  if (question.kernel)
    one["for_kernel"] = {{"version", text_of(*question.kernel)}, {"exists", exists_on(row, *question.kernel)}};
  return one;
}

void print_json(const std::vector<const Property*>& rows, const Question& question, Console& console) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Property* row : rows) all.push_back(json_of(*row, question));
  console.print(all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

std::string heading(const Question& question) {
  if (question.kernel) return say("on Linux ", text_of(*question.kernel));
  return question.host ? "here" : "";
}

std::string_view isolator(const Property& row) {
  if (row.isolated_by) return name_of(*row.isolated_by);
  return is_about_runtimes(row) ? "runtime" : "-";
}

std::string answer(const Property& row, const Question& question) {
  if (question.kernel) return exists_on(row, *question.kernel) ? "yes" : say("no: since ", since_text(row));
  if (!question.host) return "";
  const Obstacle why = obstacle(row, *question.host);
  return why.empty() ? "yes" : "no: " + shown_line(why);
}

void print_table(const std::vector<const Property*>& rows, const Question& question, Console& console) {
  std::size_t id_width = 2;
  std::size_t needs_width = 5;
  for (const Property* row : rows) {
    id_width = std::max(id_width, width_of(row->id));
    needs_width = std::max(needs_width, width_of(needs_text(*row)));
  }
  const auto line = [&](std::string_view id, std::string_view isolated_by, std::string_view since,
                        std::string_view needs, std::string_view answer_text) {
    const std::string text = say(padded(id, id_width), "  ", padded(isolated_by, 11), "  ", padded(since, 6), "  ",
                                 padded(needs, needs_width), "  ", answer_text);
    return text.substr(0, text.find_last_not_of(' ') + 1);
  };
  console.print(console.paint(Style::strong, line("id", "isolated by", "since", "needs", heading(question))));
  for (const Property* row : rows)
    console.print(line(row->id, isolator(*row), text_of(row->since), row->needs.empty() ? "-" : needs_text(*row),
                       answer(*row, question)));
  if (!question.kernel) return;
  const auto exist =
      std::count_if(rows.begin(), rows.end(), [&](const Property* row) { return exists_on(*row, *question.kernel); });
  console.print("");
  console.print(say("Linux ", text_of(*question.kernel), " has ", exist, " of ",
                    counted(static_cast<long>(rows.size()), "property", "properties")));
}

// The names that --runtime takes, and whether their programs are here.
int list_runtimes(const ListOptions& options) {
  Console console(stdout, options.color);
  std::size_t width = 0;
  for (const Target& target : builtin_targets()) width = std::max(width, width_of(target.name));
  for (const Target& target : builtin_targets()) {
    if (target.needs.programs.empty()) continue;
    const bool here = missing_programs(target).empty();
    console.print(say(padded(target.name, width), "  ", here ? "here    " : "absent  ", target.title,
                      here ? "" : say(" (apt-get install ", target.needs.package, ")")));
  }
  return static_cast<int>(console.flush() ? ExitStatus::good : ExitStatus::cannot_judge);
}

// The rules of the audit, worst first within their area.
int list_rules(const ListOptions& options) {
  audit::AuditOptions wish;
  wish.filters = options.filters;
  std::vector<std::string> unmatched;
  const std::vector<const audit::Rule*> rules = audit::choose_rules(wish, unmatched);
  if (!unmatched.empty()) throw UsageError(say("no rule is called ", join(unmatched, ", ")), "`nsproof list --rules`");
  Console console(stdout, options.color);
  if (options.format == ListFormat::json) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const audit::Rule* rule : rules)
      all.push_back({{"id", rule->id},
                     {"severity", name_of(rule->severity)},
                     {"title", rule->title},
                     {"why", rule->why},
                     {"how", rule->how},
                     {"references", rule->references}});
    console.print(all.dump(2));
  } else {
    std::size_t width = 0;
    for (const audit::Rule* rule : rules) width = std::max(width, width_of(rule->id));
    for (const audit::Rule* rule : rules)
      console.print(say(padded(rule->id, width), "  ", padded(name_of(rule->severity), 8), "  ", rule->title));
  }
  return static_cast<int>(console.flush() ? ExitStatus::good : ExitStatus::cannot_judge);
}

}  // namespace

int run_list(const ListOptions& options) {
  if (options.runtimes) return list_runtimes(options);
  if (options.rules) return list_rules(options);
  if (options.here && options.for_kernel)
    throw UsageError("--here and --for-kernel contradict each other", "nsproof list --help");
  const RowSelection selection = select_rows(both_catalogues(), options.filters);
  if (!selection.unknown.empty()) throw unknown_ids(selection.unknown);
  for (const Unmatched& idle : selection.idle) warn(say("no property matches ", idle.pattern));
  Console console(stdout, options.color);
  const Question question{options.here ? std::optional(examine_host()) : std::nullopt, options.for_kernel};
  if (options.format == ListFormat::json) {
    print_json(selection.rows, question, console);
  } else if (!selection.rows.empty()) {
    print_table(selection.rows, question, console);
  }
  if (!console.flush()) {
    warn("the output could not be written completely");
    return static_cast<int>(ExitStatus::cannot_judge);
  }
  return static_cast<int>(selection.rows.empty() ? ExitStatus::nothing_established : ExitStatus::good);
}

}  // namespace nsproof
