// Records added up: shards, the same case twice, other kernels; and records as files, which nobody vouches for.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/json.h"
#include "reports/merge.h"
#include "reports/record_file.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::ThrowsMessage;

std::vector<std::string> ids_of(const Results& results) {
  std::vector<std::string> ids;
  for (const Case& one : results.cases) ids.push_back(one.id);
  return ids;
}

Results shard(std::vector<Case> cases) {
  Results results = sample_results();
  results.cases = std::move(cases);
  return results;
}

Case a_case(std::string id, Verdict verdict) { return sample_case(std::move(id), verdict); }

TEST(ReportMerge, ShardsAddUp) {
  Results one = shard({a_case("uts.a", Verdict::holds), a_case("pid.b", Verdict::holds)});
  Results two = shard({a_case("pid.a", Verdict::violated)});
  two.environment.started = "2026-11-23T12:00:00";
  two.environment.host_name = "other";
  two.peak_kilobytes = 10'000;
  two.partial = true;
  const Merged merged = merge({{"1.json", one}, {"2.json", two}});
  EXPECT_THAT(ids_of(merged.results), ElementsAre("pid.a", "pid.b", "uts.a"));
  EXPECT_THAT(merged.notes, IsEmpty());
  EXPECT_EQ(merged.results.environment.started, "2026-11-23T12:00:00");
  EXPECT_EQ(merged.results.environment.host_name, "vm; other");
  EXPECT_EQ(merged.results.environment.user, "root");
  EXPECT_DOUBLE_EQ(merged.results.seconds, one.seconds + two.seconds);
  EXPECT_EQ(merged.results.peak_kilobytes, 10'000U);
  EXPECT_TRUE(merged.results.partial);
}

TEST(ReportMerge, OneRecordIsLeftAsItIs) {
  const Merged merged = merge({{"1.json", sample_results()}});
  EXPECT_EQ(render_json(merged.results), render_json(sample_results()));
  EXPECT_TRUE(merge({}).results.cases.empty());
}

TEST(ReportMerge, TheWorstWinsWhicheverComesFirst) {
  const Results good = shard({a_case("uts.a", Verdict::holds)});
  const Results bad = shard({a_case("uts.a", Verdict::violated)});
  const Results missing = shard({a_case("uts.a", Verdict::unsupported)});
  for (const auto& order : std::vector<std::vector<NamedResults>>{{{"g", good}, {"b", bad}, {"m", missing}},
                                                                  {{"b", bad}, {"m", missing}, {"g", good}}}) {
    const Merged merged = merge(order);
    ASSERT_EQ(merged.results.cases.size(), 1U);
    EXPECT_EQ(merged.results.cases[0].verdict, Verdict::violated);
    EXPECT_EQ(merged.results.cases[0].reason, "in 1 of 3 records: outside sees vm");
    EXPECT_THAT(merged.notes,
                ElementsAre("1 case is in more than one record, 1 of them with different verdicts; the worst of each "
                            "counts"));
  }
  EXPECT_EQ(merge({{"m", missing}, {"g", good}}).results.cases[0].verdict, Verdict::holds);
  const Merged same = merge({{"g", good}, {"h", good}});
  EXPECT_EQ(same.results.cases[0].reason, "outside sees vm");
  EXPECT_THAT(same.notes, ElementsAre(HasSubstr("0 of them with different verdicts")));
}

TEST(ReportMerge, TargetsAreDifferentCases) {
  const Merged merged = merge({{"1", runtime_results()}, {"2", sample_results()}});
  EXPECT_EQ(merged.results.cases.size(), 7U + 8U - 1U);
}

TEST(ReportMerge, OtherKernelsAreRefused) {
  for (const auto field : {&Environment::kernel_release, &Environment::kernel_version, &Environment::machine}) {
    Results other = sample_results();
    other.environment.*field += "\x1b[31m";
    EXPECT_THAT(
        [&] {
          merge({{"a.json", sample_results()}, {"b.json", other}});
        },
        ThrowsMessage<std::runtime_error>(
            AllOf(StartsWith("a.json and b.json are of different kernels: 6.1.0-18-amd64"),
                  testing::Not(HasSubstr("\x1b")))));
  }
}

TEST(ReportMerge, OtherVersionsAreSaid) {
  Results other = sample_results();
  other.cases.clear();
  other.environment.tool_version = "0.2.0";
  EXPECT_THAT(merge({{"a", sample_results()}, {"b", other}}).notes, ElementsAre(HasSubstr("0.1.0; 0.2.0")));
}

class ReportFile : public testing::Test {
 protected:
  ~ReportFile() override { std::filesystem::remove(path_); }
  void write(std::string_view text) const { std::ofstream(path_, std::ios::binary) << text; }
  std::string path_ = say(testing::TempDir(), "nsproof-record-", getpid(), ".json");
};

TEST_F(ReportFile, IsReadBack) {
  write(render_json(sample_results()));
  EXPECT_EQ(render_json(read_record(path_)), render_json(sample_results()));
}

TEST_F(ReportFile, FaultsNameTheFile) {
  const auto complaint = [&](auto matcher) {
    EXPECT_THAT([&] { read_record(path_); },
                ThrowsMessage<std::runtime_error>(AllOf(StartsWith(path_ + ": "), matcher)));
  };
  complaint(HasSubstr("cannot be opened: ENOENT"));
  write("");
  complaint(HasSubstr("not JSON"));
  write(R"({"schema": "nsproof.bench.v1"})");
  complaint(HasSubstr("not \"nsproof.run.v1\""));
  write("[\"\x1b]0;" + std::string(1'000'000, 'x'));
  complaint(testing::SizeIs(testing::Le(path_.size() + 500)));
  EXPECT_THAT([] { read_record("/"); }, ThrowsMessage<std::runtime_error>("/: cannot be read: EISDIR"));
}

TEST_F(ReportFile, IsBounded) {
  const std::string text = render_json(sample_results());
  write(text);
  EXPECT_NO_THROW(read_record(path_, text.size()));
  EXPECT_THAT([&] { read_record(path_, text.size() - 1); },
              ThrowsMessage<std::runtime_error>(HasSubstr("is larger than ")));
  EXPECT_THAT([] { read_record("/dev/zero", 1 << 20); },
              ThrowsMessage<std::runtime_error>("/dev/zero: is larger than 1048576 bytes"));
}

}  // namespace
}  // namespace nsproof
