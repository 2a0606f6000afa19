// The comparison of two runs and the table of properties and targets as JSON, for scripts.
#include <nlohmann/json.hpp>

#include "reports/diff.h"
#include "reports/escape.h"
#include "reports/json_words.h"
#include "reports/matrix.h"

namespace nsproof {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& root) { return root.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string_view word_of(Standing standing) {
  switch (standing) {
    case Standing::holds: return "holds";
    case Standing::violated: return "violated";
    case Standing::vacuous: return "vacuous";
    case Standing::broken: return "broken";
    case Standing::unsupported: return "unsupported";
    case Standing::expected_failure: return "expected_failure";
    case Standing::unexpected_pass: return "unexpected_pass";
  }
  return "?";
}

Json run_json(const Results& run) {
  Json targets = Json::array();
  for (const Group& group : targets_of(run.cases)) targets.push_back(shown_line(group.name));
  Json object = {{"kernel_release", shown_line(run.environment.kernel_release)},
                 {"machine", shown_line(run.environment.machine)},
                 {"user", shown_line(run.environment.user)},
                 {"started", shown_line(run.environment.started)},
                 {"partial", run.partial},
                 {"cases", run.cases.size()}};
  object["targets"] = std::move(targets);
  return object;
}

Json side_json(const Case& one) {
  Json object = {{"verdict", name_of(one.verdict)}, {"reason", shown_text(one.reason)}};
  for (const auto& [key, member] : kOptionalCaseFields)
    if (!(one.*member).empty()) object[key] = shown_text(one.*member);
  return object;
}

Json errno_json(const ErrnoChange& change) {
  return {{"role", change.role},
          {"number", change.number},
          {"actor", shown_line(change.a->actor)},
          {"call_a", shown_line(change.a->call)},
          {"call_b", shown_line(change.b->call)},
          {"value_a", change.a->value},
          {"value_b", change.b->value}};
}

Json changes_json(const std::vector<CaseChange>& changes) {
  Json all = Json::array();
  for (const CaseChange& change : changes) {
    Json object = {{"name", shown_line(change.name)}};
    if (change.a != nullptr) object["a"] = side_json(*change.a);
    if (change.b != nullptr) object["b"] = side_json(*change.b);
    for (const ErrnoChange& one : change.errnos) object["errnos"].push_back(errno_json(one));
    all.push_back(std::move(object));
  }
  return all;
}

Json cell_json(const std::optional<MatrixCell>& cell) {
  if (!cell) return nullptr;
  Json object = {{"standing", word_of(cell->standing)}, {"deviates", cell->deviates}, {"cases", cell->cases}};
  if (!cell->effective.empty()) object["effective"] = shown_text(cell->effective);
  if (!cell->expected.empty()) object["expected"] = shown_text(cell->expected);
  return object;
}

}  // namespace

std::string render_diff_json(const Diff& diff, const Results& a, const Results& b) {
  Json root = {{"schema", "nsproof.diff.v1"}, {"a", run_json(a)}, {"b", run_json(b)}};
  root["got_worse"] = got_worse(diff);
  root["same"] = diff.same;
  root["worse"] = changes_json(diff.worse);
  root["better"] = changes_json(diff.better);
  root["other_verdict"] = changes_json(diff.other);
  root["other_errno"] = changes_json(diff.errnos);
  root["other_reason"] = changes_json(diff.reasons);
  root["only_a"] = changes_json(diff.only_a);
  root["only_b"] = changes_json(diff.only_b);
  return text_of(root);
}

std::string render_matrix_json(const MatrixTable& table) {
  Json root = {{"schema", "nsproof.matrix.v1"}};
  Json& columns = root["columns"] = Json::array();
  for (const MatrixColumn& column : table.columns)
    columns.push_back(
        {{"name", shown_line(column.name)}, {"partial", column.partial}, {"deviations", column.deviations}});
  Json& rows = root["rows"] = Json::array();
  for (const MatrixArea& area : table.areas) {
    for (const MatrixRow& row : area.rows) {
      Json cells = Json::array();
      for (const auto& cell : row.cells) cells.push_back(cell_json(cell));
      Json object = {{"area", shown_line(area.name)}, {"id", shown_line(row.id)}, {"claim", shown_text(row.claim)}};
      object["cells"] = std::move(cells);
      rows.push_back(std::move(object));
    }
  }
  return text_of(root);
}

}  // namespace nsproof
