// Every row of the catalogue as a GoogleTest case, so that CTest, IDEs, filters, shards and repeats work for people who
// add properties: suite `uts`, test `hostname.private@clone3`, file and line of the row.
#include <gtest/gtest.h>

#include "harness/host/facts.h"
#include "harness/support/text.h"
#include "harness/world/runner.h"

namespace nsproof {
namespace {

class Quiet final : public Observer {
 public:
  void began(const Task& /*task*/) override {}
  void finished(const Case& /*one*/) override {}
};

const HostReport& host() {
  static const HostReport report = examine_host();
  return report;
}

std::string evidence(const Run& run) {
  std::string text = say("  ", run.world, ": ", name_of(run.observation.outcome), ", ", run.observation.reason, "\n");
  for (const Entry& entry : run.transcript.entries) text += say("    ", line_of(entry), "\n");
  return text;
}

std::string message(const Case& one) {
  std::string text = say(name_of(one.verdict), ": ", one.reason, "\n", one.claim, " (", one.source, ")\n");
  if (one.subject) text += "subject" + evidence(*one.subject);
  if (one.control) text += "control" + evidence(*one.control);
  return text + "reproduce: " + one.reproduce + "\n";
}

class PropertyTest final : public testing::Test {
 public:
  explicit PropertyTest(Task task) : task_(task) {}

  void TestBody() override {
    if (!host().bulkhead.empty()) FAIL() << "no bulkhead: " << host().bulkhead << "\n" << host().advice;
    Quiet quiet;
    const std::atomic<bool> stop{false};
    const std::vector<Case> cases = run_tasks(std::span(&task_, 1), host().facts, {}, quiet, stop);
    ASSERT_EQ(cases.size(), 1U);
    if (cases[0].verdict == Verdict::unsupported) GTEST_SKIP() << cases[0].missing;
    EXPECT_EQ(cases[0].verdict, Verdict::holds) << message(cases[0]);
  }

 private:
  Task task_;
};

void register_rows() {
  for (const Property& row : catalogue()) {
    for (const Way way : kAllWays) {
      if (!shown_by(row, way)) continue;
      const std::string_view id = row.id;
      const std::string suite(area_of(row));
      const std::string test = say(id.substr(suite.size() + 1), "@", name_of(way));
      const Task task{&row, way};
      testing::RegisterTest(suite.c_str(), test.c_str(), nullptr, nullptr, row.id.file, static_cast<int>(row.id.line),
                            [task]() -> testing::Test* {
                              return new PropertyTest(task);  // NOLINT(cppcoreguidelines-owning-memory): GoogleTest's
                            });
    }
  }
}

}  // namespace
}  // namespace nsproof

int main(int argc, char** argv) {
  nsproof::register_rows();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
