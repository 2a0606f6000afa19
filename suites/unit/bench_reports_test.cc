// Every format of a measurement: what it must contain, that it survives hostile text, and that the record reads back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <stdexcept>

#include "harness/bench/compare.h"
#include "harness/support/text.h"
#include "reports/bench_export.h"
#include "reports/bench_json.h"

namespace nsproof::bench {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHostile = "<script>\x1b[31m\" | \\ \xff\n</script>";

BenchResult sample() {
  BenchResult result;
  result.environment = {"0.1.0", "nsproof bench", "2026-11-23T12:00:00", "a CPU", "a|b", {{"cpu.usable", "CPUs", "2"}}};
  result.plan = {"default", ~std::uint64_t{0}, 5, 600, "create", 12.5};
  result.guard = {600, 3, 140, 1.4, false};
  BenchCase one;
  one.id = "create/uts";
  one.family = "create";
  one.title = "clone3 of uts";
  one.unit = "us";
  one.floor = "create/none";
  one.head = one.gate = "total";
  one.set = "uts";
  one.style = "vfork";
  one.state = State::measured;
  Phase phase{"total",
              "until it is reaped",
              Timing::wall,
              {600, 24, 25, 30, 40, 90, {24.5, 25.5}},
              Ratio{1.1, {1, 1.2}},
              {{24, 0}, {90, 1}},
              {25, 25.1, 25.2},
              {1.1, 1.11, 1.09}};
  one.phases = {phase};
  phase.name = "cpu";
  phase.timing = Timing::cpu;
  one.phases.push_back(phase);
  one.series = {{"copy",
                 "copy",
                 "mounts",
                 "us",
                 Better::lower,
                 {{25, phase.estimate, std::nullopt}},
                 Line{1, 2, 0.9},
                 "us per mount"}};
  one.figures = {{"class", "how", 0, "", kHostile}};
  BenchCase gap;
  gap.id = "create/new";
  gap.family = "create";
  gap.title = kHostile;
  gap.state = State::unsupported;
  gap.reason = kHostile;
  gap.error = "EINVAL";
  gap.refused = 3;
  BenchCase failed = gap;
  failed.id = "create/failed";
  failed.state = State::failed;
  result.cases = {one, gap, failed};
  result.matrix.unit = "us";
  result.matrix.cells = {{Ns::uts, phase.estimate, 25, 0.5}, {NsSet::all(), phase.estimate, 25, 0.5}};
  result.matrix.effects = {{Ns::uts, 2}};
  return result;
}

CompareResult comparison() {
  CompareResult result;
  result.a = "a.json";
  result.b = kHostile;
  result.warn_percent = 10;
  result.fail_percent = 25;
  Comparison row;
  row.id = "create/uts";
  row.phase = "total";
  row.basis = "ratio to create/none";
  row.word = Word::slower;
  row.gate = GateLevel::fail;
  row.text = "slower by 30.0 % (28.0 to 32.0)";
  result.rows = {row};
  row.id = "create/ipc";
  row.word = Word::cannot_tell;
  row.gate = GateLevel::none;
  result.rows.push_back(row);
  return result;
}

TEST(BenchJson, ReadsBackWhatItWrote) {
  BenchResult result = sample();
  result.comparison = comparison();
  const std::string first = render_bench_json(result);
  const BenchResult again = read_bench_json(first);
  EXPECT_EQ(render_bench_json(again), first);
  EXPECT_EQ(again.plan.seed, ~std::uint64_t{0});
  EXPECT_EQ(again.cases.at(1).state, State::unsupported);
  EXPECT_EQ(again.matrix.cells.at(1).set, NsSet::all());
  ASSERT_TRUE(again.comparison);
  EXPECT_EQ(again.comparison->rows.at(0).gate, GateLevel::fail);
}

TEST(BenchJson, SaysWhatIsWrongAndWhere) {
  EXPECT_THROW(read_bench_json("{"), std::runtime_error);
  EXPECT_THROW(read_bench_json("{\"schema\": \"nsproof.run.v1\"}"), std::runtime_error);
  json document = json::parse(render_bench_json(sample()));
  document["cases"][0]["phases"][0]["estimate"]["p5"] = "25";
  try {
    read_bench_json(document.dump());
    FAIL() << "a text was taken for a number";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cases/0/phases/0/estimate/p5"));
  }
}

// The schema that is published names every field that is written, and no other.
TEST(BenchJson, IsWhatTheSchemaSays) {
  BenchResult result = sample();
  result.comparison = comparison();
  const json document = json::parse(render_bench_json(result));
  std::FILE* file = std::fopen(NSPROOF_SOURCE_DIR "/reports/schema/nsproof.bench.v1.schema.json", "r");
  ASSERT_NE(file, nullptr);
  const json schema = json::parse(file);
  std::fclose(file);
  const auto names = [](const json& object) {
    std::set<std::string> keys;
    for (const auto& [key, value] : object.items()) keys.insert(key);
    return keys;
  };
  const json& definitions = schema["$defs"];
  EXPECT_EQ(names(document), names(schema["properties"]));
  EXPECT_EQ(names(document["cases"][0]), names(definitions["case"]["properties"]));
  EXPECT_EQ(names(document["cases"][0]["phases"][0]), names(definitions["phase"]["properties"]));
  EXPECT_EQ(names(document["cases"][0]["series"][0]), names(definitions["series"]["properties"]));
  EXPECT_EQ(names(document["matrix"]), names(definitions["matrix"]["properties"]));
  EXPECT_EQ(names(document["comparison"]["rows"][0]),
            names(definitions["comparison"]["properties"]["rows"]["items"]["properties"]));
}

TEST(BenchGoogle, HasOneRepetitionAProcess) {
  const json document = json::parse(render_google(sample()));
  const json& runs = document["benchmarks"];
  int iterations = 0;
  for (const json& run : runs) {
    EXPECT_TRUE(run["real_time"].is_number());
    EXPECT_TRUE(run["cpu_time"].is_number());
    EXPECT_EQ(run["time_unit"], "us");
    iterations += run["run_type"] == "iteration" ? 1 : 0;
  }
  EXPECT_EQ(iterations, 3);
  EXPECT_THAT(document["context"].dump(), HasSubstr("num_cpus"));
}

TEST(BenchDashboards, LeaveOutWhatWasNotMeasured) {
  const json smaller = json::parse(render_smaller_is_better(sample()));
  ASSERT_EQ(smaller.size(), 2U);  // the time, and the ratio that gates
  EXPECT_EQ(smaller[0]["name"], "create/uts");
  EXPECT_EQ(smaller[0]["value"], 25);
  const json bmf = json::parse(render_bmf(sample()));
  ASSERT_EQ(bmf.size(), 1U);
  EXPECT_EQ(bmf["create/uts"]["latency"]["value"], 25000);
  const std::string prometheus = render_prometheus(sample());
  EXPECT_THAT(prometheus, HasSubstr("nsproof_bench_seconds{case=\"create/uts\",phase=\"total\"} 2.5e-05\n"));
  EXPECT_THAT(prometheus, HasSubstr("nsproof_bench_measured{case=\"create/new\",state=\"unsupported\"} 0\n"));
}

TEST(BenchJunit, HasACaseForEveryGate) {
  BenchResult result = sample();
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(render_bench_junit(result).c_str()));
  pugi::xml_node suite = document.child("testsuites").child("testsuite");
  EXPECT_EQ(suite.attribute("tests").as_int(), 3);
  EXPECT_EQ(suite.attribute("skipped").as_int(), 1);
  EXPECT_EQ(suite.attribute("errors").as_int(), 1);
  result.comparison = comparison();
  ASSERT_TRUE(document.load_string(render_bench_junit(result).c_str()));
  suite = document.child("testsuites").child("testsuite");
  EXPECT_EQ(suite.attribute("tests").as_int(), 2);
  EXPECT_EQ(suite.attribute("failures").as_int(), 1);
  EXPECT_EQ(suite.attribute("skipped").as_int(), 1);
}

TEST(BenchMarkdown, NeutralisesHostileText) {
  BenchResult result = sample();
  const std::string run = render_bench_markdown(result);
  EXPECT_THAT(run, HasSubstr("create/uts"));
  EXPECT_THAT(run, Not(HasSubstr("<script>")));
  EXPECT_THAT(run, Not(HasSubstr("\x1b")));
  result.comparison = comparison();
  EXPECT_THAT(render_bench_markdown(result), HasSubstr("**fail**"));
}

TEST(BenchFormats, HaveNames) {
  for (const BenchFormat format : kAllBenchFormats) {
    EXPECT_EQ(bench_format_named(name_of(format)), format);
    EXPECT_FALSE(render(format, sample()).empty()) << name_of(format);
  }
  EXPECT_FALSE(bench_format_named("xml"));
}

}  // namespace
}  // namespace nsproof::bench
