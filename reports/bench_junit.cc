// Measurements for CI servers: each gate of a comparison is a test case; of a run without one, each case is.
#include <fmt/core.h>

#include <pugixml.hpp>
#include <sstream>

#include "harness/support/text.h"
#include "reports/bench_export.h"
#include "reports/escape.h"

namespace nsproof::bench {
namespace {

using Node = pugi::xml_node;

constexpr std::size_t kAttributeLimit = 4096;

void attribute(Node node, const char* name, std::string_view text) {
  node.append_attribute(name) = shown_line(text, kAttributeLimit).c_str();
}

struct Totals {
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
};

Node test_case(Node suite, std::string_view family, std::string_view name, Totals& totals) {
  Node node = suite.append_child("testcase");
  attribute(node, "classname", say("bench.", family));
  attribute(node, "name", name);
  attribute(node, "time", "0");
  ++totals.tests;
  return node;
}

void message(Node node, const char* kind, std::string_view text, int& counter) {
  attribute(node.append_child(kind), "message", text);
  ++counter;
}

void add_comparison(Node suite, const CompareResult& comparison, Totals& totals) {
  const auto output = [](Node node, std::string_view text) {
    node.append_child("system-out").append_child(pugi::node_pcdata).set_value(shown_text(text).c_str());
  };
  for (const Comparison& row : comparison.rows) {
    Node node = test_case(suite, split(row.id, '/').front(), row.id, totals);
    const std::string text = say(row.id, ", ", row.phase, ", ", row.basis, ": ", row.text);
    if (row.gate == GateLevel::fail)
      message(node, "failure", text, totals.failures);
    else if (row.word == Word::cannot_tell || row.word == Word::not_comparable)
      message(node, "skipped", text, totals.skipped);
    if (row.gate == GateLevel::warn) output(node, "warning: " + text);
  }
}

void add_cases(Node suite, const std::vector<BenchCase>& cases, Totals& totals) {
  for (const BenchCase& one : cases) {
    Node node = test_case(suite, one.family, one.id, totals);
    const std::string text = one.error.empty() ? one.reason : say(one.error, ": ", one.reason);
    switch (one.state) {
      case State::measured: break;
      case State::unsupported:
      case State::skipped: message(node, "skipped", text, totals.skipped); break;
      case State::failed: message(node, "error", text, totals.errors); break;
    }
  }
}

}  // namespace

std::string render_bench_junit(const BenchResult& result) {
  pugi::xml_document document;
  Node declaration = document.prepend_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  Node suites = document.append_child("testsuites");
  Node suite = suites.append_child("testsuite");
  attribute(suite, "name", result.comparison ? "nsproof bench compare" : "nsproof bench");
  attribute(suite, "timestamp", result.environment.started);
  attribute(suite, "time", fmt::format("{:.3f}", result.plan.seconds));
  Totals totals;
  if (result.comparison)
    add_comparison(suite, *result.comparison, totals);
  else
    add_cases(suite, result.cases, totals);
  for (Node node : {suites, suite}) {
    node.append_attribute("tests") = totals.tests;
    node.append_attribute("failures") = totals.failures;
    node.append_attribute("errors") = totals.errors;
    node.append_attribute("skipped") = totals.skipped;
  }
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace nsproof::bench
