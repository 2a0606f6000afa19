// Reads the ids of the weak findings from a JSON report.
#include "harness/audit/baseline.h"

#include <nlohmann/json.hpp>

#include "harness/audit/finding.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "nsproof.audit.v1";

std::string text_at(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

Baseline parse_baseline(std::string_view text, std::string_view file) {
  const auto fail = [&](std::string_view what) {
    return GateFileError(say(file, ": ", what, "; a baseline is the JSON report of an audit"));
  };
  const json report = json::parse(text, nullptr, false);
  if (report.is_discarded()) throw fail("is not JSON");
  const std::string schema = text_at(report, "schema");
  if (schema != kSchema)
    throw fail(say("its schema is ", nsproof::quoted(schema), " and not ", nsproof::quoted(kSchema)));
  const auto findings = report.find("findings");
  if (findings == report.end() || !findings->is_array()) throw fail("has no list of findings");
  Baseline baseline{std::string(file), {}};
  for (std::size_t i = 0; i < findings->size(); ++i) {
    const std::string id = text_at((*findings)[i], "id");
    const std::string answer = text_at((*findings)[i], "answer");
    if (id.empty()) throw fail(say("finding ", i + 1, " has no id"));
    if (!answer_named(answer)) throw fail(say("the answer of ", nsproof::quoted(id), " is ", nsproof::quoted(answer)));
    if (answer_named(answer) == Answer::weak) baseline.weak.insert(id);
  }
  return baseline;
}

Baseline read_baseline(const std::string& file) { return parse_baseline(text_of_gate_file(file), file); }

}  // namespace nsproof::audit
