// `nsproof explain`: all that the catalogue knows of a property, for a person who reads it for the first time.
#include <algorithm>

#include "harness/audit/rule.h"
#include "harness/cli/audit_text.h"
#include "harness/cli/commands.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

constexpr int kWidest = 100;  // longer lines are hard to read

std::string needs_text(const Property& row) {
  std::vector<std::string> needs;
  for (const Need need : row.needs) needs.push_back(say(name_of(need), " (", description_of(need), ")"));
  return needs.empty() ? "nothing but a kernel that makes namespaces" : join(needs, ", ");
}

std::string kinds(NsSet types) { return types.empty() ? "no namespace of its own" : say("its own ", text_of(types)); }

std::string table_text(const Property& row) {
  if (!can_sweep(row)) return "not swept: a rule is not what a namespace type gives, so it has no truth table";
  if (row.also_isolated_by.empty())
    return say("isolated if and only if the sandbox has its own ", name_of(*row.isolated_by), " namespace");
  return say("isolated if and only if the sandbox has its own ", text_of(row.also_isolated_by.with(*row.isolated_by)),
             " (any of these): ", row.exception);
}

std::string ways_text(const Property& row) {
  std::vector<std::string> names;
  for (const Way way : kAllWays)
    if (shown_by(row, way)) names.emplace_back(name_of(way));
  return join(names, ", ");
}

void explain(const Property& row, Console& console) {
  const auto width = static_cast<std::size_t>(std::min(console.columns(), kWidest));
  const auto add = [&](std::string_view label, std::string_view text) { console.print(labelled(label, text, width)); };
  console.print(console.paint(Style::strong, row.id));
  add("claim", row.claim);
  add("check", row.how);
  add("control", control_text(row));
  add("source", row.source);
  add("since", say("Linux ", since_text(row)));
  add("needs", needs_text(row));
  if (is_about_runtimes(row)) {
    add("asked", row.asked != nullptr ? "only of targets whose configuration asks for it" : "of every target");
    add("row", say(row.id.file, ":", row.id.line));
    add("run it", say("nsproof verify --runtime all ", row.id));
    return;
  }
  add("subject", kinds(subject_namespaces(row)));
  add("in control", kinds(control_namespaces(row)));
  add("sweep", table_text(row));
  add("ways", ways_text(row));
  add("row", say(row.id.file, ":", row.id.line));
  add("run it", say("nsproof verify ", row.id));
  if (can_sweep(row)) add("", say("nsproof verify --sweep ", row.id));
}

}  // namespace

int run_explain(const ExplainOptions& options) {
  std::vector<std::string> properties;
  std::vector<const audit::Rule*> rules;
  for (const std::string& id : options.ids) {
    const audit::Rule* rule = audit::find_rule(id);
    if (rule != nullptr)
      rules.push_back(rule);
    else
      properties.push_back(id);
  }
  const RowSelection selection = properties.empty() ? RowSelection{} : select_rows(both_catalogues(), properties);
  if (!selection.unknown.empty()) throw unknown_ids(selection.unknown);
  for (const Unmatched& idle : selection.idle) warn(say("no property matches ", idle.pattern));
  Console console(stdout, options.color);
  bool first = true;
  for (const audit::Rule* rule : rules) {
    if (!first) console.print("");
    first = false;
    print_rule(*rule, console);
  }
  for (const Property* row : selection.rows) {
    if (!first) console.print("");
    first = false;
    explain(*row, console);
  }
  if (!console.flush()) {
    warn("the output could not be written completely");
    return static_cast<int>(ExitStatus::cannot_judge);
  }
  return static_cast<int>(selection.rows.empty() && rules.empty() ? ExitStatus::nothing_established : ExitStatus::good);
}

}  // namespace nsproof
