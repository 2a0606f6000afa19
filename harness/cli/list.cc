// `nsproof list`: the catalogue as a table or as JSON.
#include <nlohmann/json.hpp>

#include "harness/cli/commands.h"
#include "harness/cli/layout.h"
#include "harness/host/facts.h"
#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

std::string needs_text(const Property& row) {
  std::vector<std::string> names;
  for (const Need need : row.needs) names.emplace_back(name_of(need));
  return join(names, ",");
}

// Why each row cannot run here; empty if it can.
using Obstacle = std::string;

Obstacle obstacle(const Property& row, const HostReport& host) {
  if (!host.bulkhead.empty()) return say("bulkhead: ", host.bulkhead);
  return unmet_need(row, host.facts).value_or("");
}

nlohmann::ordered_json json_of(const Property& row, const std::optional<HostReport>& host) {
  nlohmann::ordered_json needs = nlohmann::ordered_json::array();
  for (const Need need : row.needs) needs.push_back(name_of(need));
  nlohmann::ordered_json one = {
      {"id", std::string_view(row.id)},
      {"area", area_of(row)},
      {"claim", row.claim},
      {"source", row.source},
      {"isolated_by", row.isolated_by ? nlohmann::ordered_json(name_of(*row.isolated_by)) : nullptr},
      {"also_isolated_by", text_of(row.also_isolated_by)},
      {"since", text_of(row.since)},
      {"needs", needs},
      {"subject_namespaces", text_of(subject_namespaces(row))},
      {"control_namespaces", text_of(control_namespaces(row))},
      {"control", control_text(row)},
      {"sweep", can_sweep(row)},
      {"file", row.id.file},
      {"line", row.id.line},
  };
  if (host) {
    const Obstacle why = obstacle(row, *host);
    one["here"] = {{"runs", why.empty()}, {"why_not", why}};
  }
  return one;
}

void print_json(const std::vector<const Property*>& rows, const std::optional<HostReport>& host, Console& console) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Property* row : rows) all.push_back(json_of(*row, host));
  console.print(all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void print_table(const std::vector<const Property*>& rows, const std::optional<HostReport>& host, Console& console) {
  std::size_t id_width = 2;
  std::size_t needs_width = 5;
  for (const Property* row : rows) {
    id_width = std::max(id_width, width_of(row->id));
    needs_width = std::max(needs_width, width_of(needs_text(*row)));
  }
  const auto line = [&](std::string_view id, std::string_view isolated_by, std::string_view since,
                        std::string_view needs, std::string_view here) {
    const std::string text = say(padded(id, id_width), "  ", padded(isolated_by, 11), "  ", padded(since, 6), "  ",
                                 padded(needs, needs_width), "  ", here);
    return text.substr(0, text.find_last_not_of(' ') + 1);
  };
  console.print(console.paint(Style::strong, line("id", "isolated by", "since", "needs", host ? "here" : "")));
  for (const Property* row : rows) {
    std::string here;
    if (host) {
      const Obstacle why = obstacle(*row, *host);
      here = why.empty() ? "yes" : "no: " + shown_line(why);
    }
    console.print(line(row->id, row->isolated_by ? name_of(*row->isolated_by) : "-", text_of(row->since),
                       row->needs.empty() ? "-" : needs_text(*row), here));
  }
}

}  // namespace

int run_list(const ListOptions& options) {
  const RowSelection selection = select_rows(catalogue(), options.filters);
  if (!selection.unknown.empty()) throw unknown_ids(selection.unknown);
  for (const Unmatched& idle : selection.idle) warn(say("no property matches ", idle.pattern));
  Console console(stdout, options.color);
  const std::optional<HostReport> host = options.here ? std::optional(examine_host()) : std::nullopt;
  if (options.format == ListFormat::json) {
    print_json(selection.rows, host, console);
  } else if (!selection.rows.empty()) {
    print_table(selection.rows, host, console);
  }
  if (!console.flush()) {
    warn("the output could not be written completely");
    return static_cast<int>(ExitStatus::cannot_judge);
  }
  return static_cast<int>(selection.rows.empty() ? ExitStatus::nothing_established : ExitStatus::good);
}

}  // namespace nsproof
