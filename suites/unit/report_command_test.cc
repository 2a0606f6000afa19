// `nsproof report` as people call it: what it prints, what it refuses, and its exit statuses.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/cli/cli.h"
#include "harness/support/text.h"
#include "reports/json.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class ReportCommand : public testing::Test {
 protected:
  ReportCommand() {
    std::filesystem::create_directory(directory_);
    Results good = sample_results();
    good.cases = {good.cases[0], good.cases[4]};
    good_ = record("good.json", good);
    red_ = record("red.json", sample_results());
    runtimes_ = record("runtimes.json", runtime_results());
    Results other = good;
    other.environment.kernel_release = "6.18.44";
    other.cases[0] = sample_case("uts.hostname.private", Verdict::violated);
    other_ = record("other.json", other);
  }
  ~ReportCommand() override {
    for (const std::string& file : files_) std::filesystem::remove(file);
    std::filesystem::remove(directory_);
  }

  std::string place(const std::string& name) {
    files_.push_back(directory_ + "/" + name);
    return files_.back();
  }
  std::string record(const std::string& name, const Results& results) {
    const std::string path = place(name);
    std::ofstream(path) << render_json(results);
    return path;
  }

  void report(std::vector<std::string> words) {
    words.insert(words.begin(), {"nsproof", "report", "--color", "never"});
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    status_ = run_cli(static_cast<int>(words.size()), argv.data());
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
  }

  std::string directory_ = say(testing::TempDir(), "nsproof-report-", getpid());
  std::vector<std::string> files_;
  std::string good_, red_, runtimes_, other_;
  int status_ = 0;
  std::string out_;
  std::string err_;
};

TEST_F(ReportCommand, ShowsARunAsVerifyDid) {
  report({good_});
  EXPECT_EQ(status_, 0) << err_;
  EXPECT_THAT(out_, AllOf(StartsWith("Linux 6.1.0-18-amd64 x86_64, root, 2 cases, 2026-11-23T12:34:28\n"),
                          HasSubstr("unsupported here\n  1 case      the kernel has no time namespaces"),
                          HasSubstr("GOOD  1 holds, 1 unsupported, 0.46 s, 9 MB\n")));
  report({red_});
  EXPECT_EQ(status_, 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("uts.domainname.private@clone3"), HasSubstr("inside   sethostname"),
                          HasSubstr("VIOLATED  2 violated, 1 held unexpectedly")));
  report({runtimes_});
  EXPECT_THAT(
      out_,
      HasSubstr("  runtime    asked for private, observed open, demanded isolated, shared\n             container\n"));
  report({"-q", red_});
  EXPECT_THAT(out_, Not(HasSubstr("sethostname")));
  report({"-v", good_});
  EXPECT_THAT(out_, HasSubstr("sethostname"));
}

TEST_F(ReportCommand, RendersEveryFormat) {
  report({red_, "--as", "json"});
  EXPECT_EQ(status_, 1);
  EXPECT_EQ(out_, render_json(sample_results()));
  EXPECT_THAT(err_, IsEmpty());
  report({red_, "--as", "ktap=" + place("out.ktap"), "--as", "junit=" + place("out.xml")});
  EXPECT_THAT(out_, IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(directory_ + "/out.ktap"));
  EXPECT_TRUE(std::filesystem::exists(directory_ + "/out.xml"));
}

TEST_F(ReportCommand, MergesAndSaysWhatWasRepeated) {
  report({good_, red_, "--as", "json"});
  EXPECT_EQ(status_, 1);
  EXPECT_EQ(nlohmann::json::parse(out_)["counts"]["total"], 8);
  EXPECT_THAT(err_, HasSubstr("nsproof: 2 cases are in more than one record, 0 of them"));
  report({good_, other_});
  EXPECT_EQ(status_, 2);
  EXPECT_THAT(err_, AllOf(HasSubstr("are of different kernels: 6.1.0-18-amd64"), HasSubstr("--diff A B")));
}

TEST_F(ReportCommand, AnInterruptedRunIsNoGoodRun) {
  Results partial = sample_results();
  partial.cases.resize(1);
  partial.partial = true;
  report({record("partial.json", partial)});
  EXPECT_EQ(status_, 3);
  EXPECT_THAT(out_, HasSubstr("INTERRUPTED"));
}

TEST_F(ReportCommand, DiffSaysWhetherSomethingGotWorse) {
  report({"--diff", good_, other_});
  EXPECT_EQ(status_, 1);
  EXPECT_THAT(out_, AllOf(StartsWith("A  Linux 6.1.0-18-amd64"), HasSubstr("\nB  Linux 6.18.44"),
                          HasSubstr("holds -> violated")));
  report({"--diff", other_, good_});
  EXPECT_EQ(status_, 0);
  report({"--diff", good_, good_, "--format", "json"});
  EXPECT_EQ(status_, 0);
  EXPECT_EQ(nlohmann::json::parse(out_)["same"], 2);
  report({"--diff", good_, other_, "--format", "markdown"});
  EXPECT_THAT(out_, StartsWith("## nsproof: two runs compared\n\n**Something that held in A does not in B.**"));
}

TEST_F(ReportCommand, MatrixOfSeveralKernels) {
  report({"--matrix", good_, other_, runtimes_});
  EXPECT_EQ(status_, 1);
  EXPECT_THAT(out_, HasSubstr("  uts.hostname.private  +  X  o! #\n"));
  report({"--matrix", good_, "--format", "json"});
  EXPECT_EQ(status_, 0);
  EXPECT_EQ(nlohmann::json::parse(out_)["schema"], "nsproof.matrix.v1");
  report({"--matrix", good_, "--format", "markdown"});
  EXPECT_THAT(out_, HasSubstr("| holds |"));
}

TEST_F(ReportCommand, ErrorsNameTheFileAndTheNextStep) {
  const std::string broken = place("broken.json");
  std::ofstream(broken) << "{\"schema\": \"\x1b[31m\"}";
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{}, "FILE is required"},
      {{directory_ + "/none.json"}, "none.json: cannot be opened: ENOENT"},
      {{broken}, "broken.json: not JSON"},
      {{good_, "--as", "yaml"}, "FORMAT is one of json"},
      {{good_, "--as", "junit=/nonexistent/x.xml"}, "--as: /nonexistent is not a directory"},
      {{good_, "--diff"}, "--diff compares two files"},
      {{good_, good_, "--diff", "--matrix"}, "contradict"},
      {{good_, good_, "--diff", "--as", "junit"}, "--format"},
      {{good_, "--format", "json"}, "--as FORMAT"},
      {{good_, good_, "--diff", "--format", "yaml"}, "write text, markdown or json"},
      {{"-", "-"}, "standard input can be read only once"},
      {{good_, "-q", "-v"}, "contradict"},
  };
  for (const auto& [words, complaint] : table) {
    report(words);
    EXPECT_EQ(status_, 2) << join(words, " ");
    EXPECT_THAT(err_, HasSubstr(complaint)) << join(words, " ");
    EXPECT_THAT(out_, IsEmpty());
    EXPECT_THAT(err_, Not(HasSubstr("\x1b")));
  }
}

TEST_F(ReportCommand, HelpHasExamplesAndExitStatuses) {
  report({"--help"});
  EXPECT_EQ(status_, 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("Examples:"), HasSubstr("Exit status:"), HasSubstr("--matrix")));
}

}  // namespace
}  // namespace nsproof
