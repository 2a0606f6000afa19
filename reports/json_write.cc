#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/escape.h"
#include "reports/json.h"
#include "reports/json_words.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no word for what is not finite.
double finite(double value) { return std::isfinite(value) ? value : 0; }

void put(Json& object, const char* key, std::string_view bytes) { object[key] = shown_text(bytes); }

void put_unless_empty(Json& object, const char* key, std::string_view bytes) {
  if (!bytes.empty()) put(object, key, bytes);
}

Json environment_json(const Environment& environment) {
  Json object = Json::object();
  for (const auto& [key, member] : kEnvironmentFields) put(object, key, environment.*member);
  return object;
}

Json counts_json(const Counts& counts) {
  return {{"total", counts.total()},
          {"holds", counts.holds},
          {"violated", counts.violated},
          {"vacuous", counts.vacuous},
          {"broken", counts.broken},
          {"unsupported", counts.unsupported},
          {"expected_failures", counts.expected_failures},
          {"unexpected_passes", counts.unexpected_passes}};
}

Json entry_json(const Entry& entry) {
  Json object = Json::object();
  put(object, "actor", entry.actor);
  put(object, "call", entry.call);
  object["value"] = entry.value;
  object["result"] = result_text(entry.value);
  put_unless_empty(object, "shows", entry.shows);
  if (!entry.outs.empty()) {
    Json& outs = object["outs"] = Json::array();
    for (const std::string& bytes : entry.outs) outs.push_back(hex_of(bytes));
  }
  object["nanoseconds"] = entry.nanoseconds;
  return object;
}

Json run_json(const Run& run) {
  Json object = Json::object();
  put(object, "world", run.world);
  object["outcome"] = name_of(run.observation.outcome);
  put(object, "reason", run.observation.reason);
  object["milliseconds"] = finite(run.milliseconds);
  Json& transcript = object["transcript"] = Json::array();
  for (const Entry& entry : run.transcript.entries) transcript.push_back(entry_json(entry));
  return object;
}

Json expectation_json(const ExpectationNote& note) {
  Json object = {{"kind", name_of(note.kind)}};
  put(object, "reason", note.reason);
  put_unless_empty(object, "url", note.url);
  put_unless_empty(object, "expires", note.expires);
  return object;
}

Json case_json(const Case& one) {
  Json object = Json::object();
  put(object, "name", name_of(one));
  put(object, "id", one.id);
  put(object, "variant", one.variant);
  put(object, "area", one.area);
  put(object, "claim", one.claim);
  put(object, "source", one.source);
  put(object, "file", one.file);
  object["line"] = one.line;
  object["verdict"] = name_of(one.verdict);
  put(object, "reason", one.reason);
  for (const auto& [key, member] : kOptionalCaseFields) put_unless_empty(object, key, one.*member);
  if (one.expectation.kind != Expectation::none) object["expectation"] = expectation_json(one.expectation);
  if (one.subject) object["subject"] = run_json(*one.subject);
  if (one.control) object["control"] = run_json(*one.control);
  put_unless_empty(object, "control_differs", one.control_differs);
  put(object, "reproduce", one.reproduce);
  object["milliseconds"] = finite(one.milliseconds);
  return object;
}

}  // namespace

std::string render_json(const Results& results) {
  const Counts counts = count(results.cases);
  Json root = {{"schema", kRunSchema}, {"environment", environment_json(results.environment)}};
  root["partial"] = results.partial;
  root["exit_status"] = static_cast<int>(exit_status(counts));
  root["counts"] = counts_json(counts);
  root["seconds"] = finite(results.seconds);
  root["peak_kilobytes"] = results.peak_kilobytes;
  Json& cases = root["cases"] = Json::array();
  for (const Case& one : results.cases) cases.push_back(case_json(one));
  return root.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nsproof
