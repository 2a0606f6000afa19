#include "reports/junit.h"

#include <ctime>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/json.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

using Node = pugi::xml_node;

constexpr std::string_view kThisKernel = "this-kernel";  // the suite of what has no target
constexpr std::size_t kAttributeLimit = 4096;            // bytes; no name, reason or fact is longer for a good purpose

void attribute(Node node, const char* name, std::string_view bytes) {
  node.append_attribute(name) = shown_line(bytes, kAttributeLimit).c_str();
}

void text(Node node, std::string_view bytes) {
  const std::string shown = shown_text(bytes);
  if (!shown.empty()) node.append_child(pugi::node_pcdata).set_value(shown.c_str());
}

struct Totals {
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
};

Totals totals_of(const Counts& c) {
  return {.tests = c.total(),
          .failures = c.violated + c.unexpected_passes,
          .errors = c.vacuous + c.broken,
          .skipped = c.unsupported + c.expected_failures};
}

double seconds_of(const Group& group) {
  double seconds = 0;
  for (const Case* one : group.cases) seconds += one->milliseconds / 1000;
  return seconds;
}

// xs:token and at least one character is what the strictest schema asks of a name.
std::string token_or(std::string_view bytes, std::string_view fallback) {
  const std::string token = trim(shown_line(bytes, kAttributeLimit / 4));
  return token.empty() ? std::string(fallback) : token;
}

// Ant's schema takes local time without zone or fraction; ours is UTC.
std::string timestamp_of(const Environment& environment) {
  const std::string& started = environment.started;
  std::tm time{};
  const char* end = strptime(started.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  const bool whole = end == started.c_str() + started.size() && started.size() == 19 && started.front() != ' ';
  return whole ? started : "1970-01-01T00:00:00";
}

// "hostname.private[clone3]" of "uts.hostname.private@clone3": the area is in the class name already.
std::string short_name(const Case& one) {
  std::string_view id = one.id;
  if (id.starts_with(one.area + ".")) id.remove_prefix(one.area.size() + 1);
  return one.variant.empty() ? std::string(id) : say(id, "[", one.variant, "]");
}

// GitLab keeps only the first case of a name.
std::string unique_name(const std::string& wanted, std::set<std::string>& taken) {
  std::string name = wanted;
  for (int number = 2; !taken.insert(name).second; ++number) name = say(wanted, "#", number);
  return name;
}

std::string evidence(const Case& one) { return shown_text(evidence_of(one), kJunitOutputLimit); }

void add_problem(Node testcase, const char* element, std::string_view type, const Case& one) {
  Node problem = testcase.append_child(element);
  attribute(problem, "message", reason_of(one));
  attribute(problem, "type", say("nsproof.", type));
  text(problem, evidence(one));
}

void add_skip(Node testcase, JunitProfile profile, const Case& one) {
  Node skipped = testcase.append_child("skipped");
  if (profile == JunitProfile::strict) {
    text(skipped, shown_line(reason_of(one), kAttributeLimit));
  } else {
    attribute(skipped, "message", reason_of(one));
  }
}

void add_case(Node suite, JunitProfile profile, const std::string& classname, const std::string& name,
              const Case& one) {
  Node testcase = suite.append_child("testcase");
  attribute(testcase, "classname", classname);
  attribute(testcase, "name", name);
  attribute(testcase, "time", seconds_text(one.milliseconds / 1000));
  switch (standing_of(one)) {
    case Standing::holds: break;
    case Standing::violated: add_problem(testcase, "failure", "violated", one); break;
    case Standing::unexpected_pass: add_problem(testcase, "failure", "unexpected_pass", one); break;
    case Standing::vacuous: add_problem(testcase, "error", "vacuous", one); break;
    case Standing::broken: add_problem(testcase, "error", "broken", one); break;
    case Standing::unsupported: add_skip(testcase, profile, one); break;
    case Standing::expected_failure:
      add_skip(testcase, profile, one);
      if (profile == JunitProfile::jenkins) text(testcase.append_child("system-out"), evidence(one));
      break;
  }
}

void add_counts(Node node, const Totals& totals) {
  attribute(node, "tests", std::to_string(totals.tests));
  attribute(node, "failures", std::to_string(totals.failures));
  attribute(node, "errors", std::to_string(totals.errors));
}

void add_properties(Node suite, const Results& results) {
  const Environment& environment = results.environment;
  Node properties = suite.append_child("properties");
  const auto add = [&](const char* name, std::string_view value) {
    Node property = properties.append_child("property");
    attribute(property, "name", name);
    attribute(property, "value", value);
  };
  add("nsproof.version", environment.tool_version);
  add("nsproof.schema", kRunSchema);
  add("nsproof.partial", results.partial ? "true" : "false");
  add("kernel.release", environment.kernel_release);
  add("kernel.version", environment.kernel_version);
  add("machine", environment.machine);
  add("user", environment.user);
  add("capabilities", environment.capabilities);
  add("security_modules", environment.security_modules);
  add("cgroup_mode", environment.cgroup_mode);
  add("command_line", environment.command_line);
}

// A suite is an area, or all that was judged of one target.
enum class SuiteOf { area, target };

void add_suite(Node root, JunitProfile profile, const Results& results, SuiteOf kind, const Group& group, int id) {
  const std::string name =
      say("nsproof.", token_or(group.name, kind == SuiteOf::target ? kThisKernel : std::string_view("unnamed")));
  const Totals totals = totals_of(count(group));
  Node suite = root.append_child("testsuite");
  attribute(suite, "name", name);
  if (profile == JunitProfile::strict) {
    attribute(suite, "package", name);
    attribute(suite, "id", std::to_string(id));
  }
  attribute(suite, "hostname", token_or(results.environment.host_name, "localhost"));
  attribute(suite, "timestamp", timestamp_of(results.environment));
  add_counts(suite, totals);
  if (profile == JunitProfile::jenkins) attribute(suite, "skipped", std::to_string(totals.skipped));
  attribute(suite, "time", seconds_text(seconds_of(group)));
  add_properties(suite, results);
  std::set<std::string> taken;
  for (const Case* one : group.cases) {
    const std::string classname = kind == SuiteOf::target ? say(name, ".", token_or(one->area, "unnamed")) : name;
    const std::string unique = unique_name(say(classname, " ", token_or(short_name(*one), "unnamed")), taken);
    add_case(suite, profile, classname, unique.substr(classname.size() + 1), *one);
  }
  if (profile == JunitProfile::strict) {
    suite.append_child("system-out");
    suite.append_child("system-err");
  }
}

}  // namespace

std::string render_junit(JunitProfile profile, const Results& results) {
  pugi::xml_document document;
  Node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  Node root = document.append_child("testsuites");
  if (profile == JunitProfile::jenkins) {
    attribute(root, "name", "nsproof");
    add_counts(root, totals_of(count(results.cases)));
    attribute(root, "time", seconds_text(results.seconds));
  }
  int id = 0;
  const SuiteOf kind = has_targets(results.cases) ? SuiteOf::target : SuiteOf::area;
  for (const Group& group : kind == SuiteOf::target ? targets_of(results.cases) : areas_of(results.cases))
    add_suite(root, profile, results, kind, group, id++);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace nsproof
