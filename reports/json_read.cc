// Reads a record of unknown origin: every field is looked up by name and checked for its type, and an error says where.
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "harness/support/text.h"
#include "reports/json.h"
#include "reports/json_words.h"

namespace nsproof {
namespace {

using Json = nlohmann::json;

// A value and where it stands: "cases/3/subject".
struct At {
  const Json& value;
  std::string where;

  [[noreturn]] void fail(std::string_view wanted) const {
    throw std::runtime_error(
        say("not a ", kRunSchema, " record: ", where.empty() ? "the document" : where, " ", wanted));
  }
  [[nodiscard]] std::optional<At> find(const char* key) const {
    if (!value.is_object()) fail("is not an object");
    const auto found = value.find(key);
    if (found == value.end()) return std::nullopt;
    return At{*found, where.empty() ? key : say(where, "/", key)};
  }
  [[nodiscard]] At get(const char* key) const {
    if (auto found = find(key)) return *std::move(found);
    fail(say("has no \"", key, "\""));
  }
  [[nodiscard]] std::string text() const {
    if (!value.is_string()) fail("is not a string");
    return value.get<std::string>();
  }
  [[nodiscard]] std::string text_or_empty(const char* key) const {
    const auto found = find(key);
    return found ? found->text() : std::string();
  }
  template <std::integral T>
  [[nodiscard]] T integer() const {
    const bool is_integer = value.is_number_integer();
    const bool fits = value.is_number_unsigned() ? std::in_range<T>(value.get<std::uint64_t>())
                                                 : is_integer && std::in_range<T>(value.get<std::int64_t>());
    if (!fits) fail("is not an integer in range");
    return value.get<T>();
  }
  [[nodiscard]] double number() const {
    if (!value.is_number()) fail("is not a number");
    return value.get<double>();
  }
  [[nodiscard]] bool boolean() const {
    if (!value.is_boolean()) fail("is not true or false");
    return value.get<bool>();
  }
  template <class Visit>
  void each(Visit visit) const {
    if (!value.is_array()) fail("is not an array");
    for (std::size_t i = 0; i < value.size(); ++i) visit(At{value[i], say(where, "/", i)});
  }
};

template <class Word>
Word word_at(const At& at, std::span<const Word> words) {
  const std::string text = at.text();
  for (const Word word : words)
    if (name_of(word) == text) return word;
  at.fail(say("is no word this version knows: ", nsproof::quoted(text)));
}

Environment environment_at(const At& at) {
  Environment environment;
  for (const auto& [key, member] : kEnvironmentFields) environment.*member = at.get(key).text();
  return environment;
}

Entry entry_at(const At& at) {
  Entry entry;
  entry.actor = at.get("actor").text();
  entry.call = at.get("call").text();
  entry.value = at.get("value").integer<std::int64_t>();
  entry.shows = at.text_or_empty("shows");
  if (const auto outs = at.find("outs")) {
    outs->each([&](const At& out) {
      auto bytes = bytes_of_hex(out.text());
      if (!bytes) out.fail("is not hexadecimal");
      entry.outs.push_back(*std::move(bytes));
    });
  }
  entry.nanoseconds = at.get("nanoseconds").integer<std::int64_t>();
  return entry;
}

Run run_at(const At& at) {
  Run run;
  run.world = at.get("world").text();
  run.observation.outcome = word_at<Outcome>(at.get("outcome"), kAllOutcomes);
  run.observation.reason = at.get("reason").text();
  run.milliseconds = at.get("milliseconds").number();
  at.get("transcript").each([&](const At& entry) { run.transcript.entries.push_back(entry_at(entry)); });
  return run;
}

ExpectationNote expectation_at(const At& at) {
  return {.kind = word_at<Expectation>(at.get("kind"), kAllExpectations),
          .reason = at.get("reason").text(),
          .url = at.text_or_empty("url"),
          .expires = at.text_or_empty("expires")};
}

Case case_at(const At& at) {
  Case one;
  one.id = at.get("id").text();
  one.variant = at.get("variant").text();
  one.area = at.get("area").text();
  one.claim = at.get("claim").text();
  one.source = at.get("source").text();
  one.file = at.get("file").text();
  one.line = at.get("line").integer<std::uint32_t>();
  one.verdict = word_at<Verdict>(at.get("verdict"), kAllVerdicts);
  one.reason = at.get("reason").text();
  for (const auto& [key, member] : kOptionalCaseFields) one.*member = at.text_or_empty(key);
  if (const auto note = at.find("expectation")) one.expectation = expectation_at(*note);
  if (const auto run = at.find("subject")) one.subject = run_at(*run);
  if (const auto run = at.find("control")) one.control = run_at(*run);
  one.control_differs = at.text_or_empty("control_differs");
  one.reproduce = at.get("reproduce").text();
  one.milliseconds = at.get("milliseconds").number();
  return one;
}

}  // namespace

Results read_json(std::string_view text) {
  Json document;
  try {
    document = Json::parse(text);
  } catch (const Json::exception& error) {
    throw std::runtime_error(say("not JSON: ", error.what()));
  }
  const At root{document, ""};
  if (const At schema = root.get("schema"); schema.text() != kRunSchema)
    schema.fail(say("is ", nsproof::quoted(schema.text()), ", not \"", kRunSchema, "\""));
  Results results;
  results.environment = environment_at(root.get("environment"));
  results.partial = root.get("partial").boolean();
  results.seconds = root.get("seconds").number();
  results.peak_kilobytes = root.get("peak_kilobytes").integer<std::uint64_t>();
  root.get("cases").each([&](const At& one) { results.cases.push_back(case_at(one)); });
  return results;
}

}  // namespace nsproof
