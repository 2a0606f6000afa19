// The record: what is written is read back, and what is no record is refused with the place of the fault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/json.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

using nlohmann::json;

TEST(ReportJson, RoundTrip) {
  const Results before = sample_results();
  const Results after = read_json(render_json(before));
  EXPECT_EQ(render_json(after), render_json(before));

  ASSERT_EQ(after.cases.size(), before.cases.size());
  for (std::size_t i = 0; i < before.cases.size(); ++i) {
    const Case& a = before.cases[i];
    const Case& b = after.cases[i];
    EXPECT_EQ(name_of(b), name_of(a));
    EXPECT_EQ(b.verdict, a.verdict);
    EXPECT_EQ(b.line, a.line);
    EXPECT_EQ(b.missing, a.missing);
    EXPECT_EQ(b.expectation.kind, a.expectation.kind);
    EXPECT_EQ(b.expectation.expires, a.expectation.expires);
    EXPECT_EQ(b.control_differs, a.control_differs);
    EXPECT_EQ(b.milliseconds, a.milliseconds);
    ASSERT_EQ(b.subject.has_value(), a.subject.has_value());
    ASSERT_EQ(b.control.has_value(), a.control.has_value());
    if (!a.subject) continue;
    EXPECT_EQ(b.subject->world, a.subject->world);
    EXPECT_EQ(b.control->observation.outcome, a.control->observation.outcome);
    EXPECT_EQ(b.subject->transcript.entries, a.subject->transcript.entries);
  }
  EXPECT_EQ(after.environment.capabilities, before.environment.capabilities);
  EXPECT_EQ(after.seconds, before.seconds);
  EXPECT_EQ(after.peak_kilobytes, before.peak_kilobytes);
  EXPECT_FALSE(after.partial);
}

TEST(ReportJson, RawOutputSurvivesEveryByteAndTextIsShown) {
  const Results before = hostile_results();
  const std::string text = render_json(before);
  for (const char c : text) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_EQ(shown_text(text), text);
  const Results after = read_json(text);
  EXPECT_EQ(render_json(after), text);
  const Entry& was = before.cases[0].subject->transcript.entries[0];
  const Entry& is = after.cases[0].subject->transcript.entries[0];
  EXPECT_EQ(is.outs, was.outs);
  EXPECT_EQ(is.call, shown_text(was.call));
  EXPECT_TRUE(after.partial);
}

TEST(ReportJson, GoldenFields) {
  const json root = json::parse(render_json(sample_results()));
  EXPECT_EQ(root["schema"], "nsproof.run.v1");
  EXPECT_EQ(root["exit_status"], 1);
  EXPECT_EQ(root["counts"], json::parse(R"({"total": 8, "holds": 1, "violated": 2, "vacuous": 1, "broken": 1,
    "unsupported": 1, "expected_failures": 1, "unexpected_passes": 1})"));
  EXPECT_EQ(root["cases"][0]["name"], "uts.hostname.private@clone3");
  EXPECT_EQ(root["cases"][0]["subject"]["transcript"][1], json::parse(R"json({"actor": "outside", "call": "uname()",
    "value": 0, "result": "0", "shows": "{nodename=\"vm\"}", "outs": ["766d00", ""], "nanoseconds": 7400})json"));
  EXPECT_EQ(root["cases"][0]["subject"]["transcript"][2]["result"], "-1 EPERM (Operation not permitted)");
  EXPECT_FALSE(root["cases"][0]["subject"]["transcript"][0].contains("outs"));
  EXPECT_FALSE(root["cases"][0].contains("expectation"));
  EXPECT_FALSE(root["cases"][4].contains("subject"));
  const char* const verdicts[] = {"holds", "violated", "vacuous", "broken", "unsupported"};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(root["cases"][i]["verdict"], verdicts[i]);
  const char* const kinds[] = {"expected_failure", "unexpected_pass", "expired"};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(root["cases"][5 + i]["expectation"]["kind"], kinds[i]);
}

TEST(ReportJson, NumbersThatJsonCannotSay) {
  Results results = sample_results();
  results.seconds = std::numeric_limits<double>::infinity();
  results.cases[0].milliseconds = std::numeric_limits<double>::quiet_NaN();
  const Results after = read_json(render_json(results));
  EXPECT_EQ(after.seconds, 0);
  EXPECT_EQ(after.cases[0].milliseconds, 0);
}

TEST(ReportJson, ExtremeValuesSurvive) {
  Results results = sample_results();
  results.peak_kilobytes = std::numeric_limits<std::uint64_t>::max();
  Entry& entry = results.cases[0].subject->transcript.entries[0];
  entry.value = std::numeric_limits<std::int64_t>::min();
  const Results after = read_json(render_json(results));
  EXPECT_EQ(after.peak_kilobytes, results.peak_kilobytes);
  EXPECT_EQ(after.cases[0].subject->transcript.entries[0], entry);
}

TEST(ReportJson, FieldsOfLaterVersionsAreSkipped) {
  json root = json::parse(render_json(sample_results()));
  root["new"] = 1;
  root["cases"][0]["new"] = json::object();
  EXPECT_EQ(render_json(read_json(root.dump())), render_json(sample_results()));
}

struct Fault {
  const char* pointer;
  json value;  // discarded: the field is taken away
  const char* message;
};

TEST(ReportJson, FaultsAreRefusedWithTheirPlace) {
  const json gone(json::value_t::discarded);
  const Fault faults[] = {
      {"/schema", "nsproof.run.v2", "schema is \"nsproof.run.v2\", not \"nsproof.run.v1\""},
      {"/schema", gone, "the document has no \"schema\""},
      {"/environment/user", 7, "environment/user is not a string"},
      {"/cases", json::object(), "cases is not an array"},
      {"/cases/2", 7, "cases/2 is not an object"},
      {"/cases/2/line", -1, "cases/2/line is not an integer in range"},
      {"/cases/2/line", 4294967296, "cases/2/line is not an integer in range"},
      {"/cases/2/line", 1.5, "cases/2/line is not an integer in range"},
      {"/cases/2/verdict", "passed", "cases/2/verdict is no word this version knows: \"passed\""},
      {"/cases/2/milliseconds", nullptr, "cases/2/milliseconds is not a number"},
      {"/cases/2/subject/transcript/1/outs/0", "7", "cases/2/subject/transcript/1/outs/0 is not hexadecimal"},
      {"/cases/2/subject/transcript/1/outs/0", "zz", "cases/2/subject/transcript/1/outs/0 is not hexadecimal"},
      {"/partial", 0, "partial is not true or false"},
  };
  for (const Fault& fault : faults) {
    json root = json::parse(render_json(sample_results()));
    const json::json_pointer pointer(fault.pointer);
    if (fault.value.is_discarded()) {
      root.at(pointer.parent_pointer()).erase(pointer.back());
    } else {
      root[pointer] = fault.value;
    }
    EXPECT_THAT([&] { read_json(root.dump()); },
                testing::ThrowsMessage<std::runtime_error>(say("not a nsproof.run.v1 record: ", fault.message)));
  }
}

TEST(ReportJson, WhatIsNoJsonIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[1,"), every_byte(), std::string("\"\xff\"")})
    EXPECT_THAT([&] { read_json(text); },
                testing::ThrowsMessage<std::runtime_error>(testing::StartsWith("not JSON: ")));
  EXPECT_THROW(read_json("[]"), std::runtime_error);
  EXPECT_THROW(read_json(std::string(200'000, '[')), std::runtime_error);
}

TEST(ReportJson, EveryTruncationIsRefused) {
  Results small = sample_results();
  small.cases.resize(1);
  const std::string text = render_json(small);
  for (std::size_t length = 0; length + 2 < text.size(); length += 7)
    EXPECT_THROW(read_json(std::string_view(text).substr(0, length)), std::runtime_error) << length;
}

}  // namespace
}  // namespace nsproof
