// Files appear complete or not at all, and nothing but a regular file is ever replaced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "harness/support/text.h"
#include "reports/report.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

namespace fs = std::filesystem;

class ReportWrite : public testing::Test {
 protected:
  ReportWrite() {
    std::string name = testing::TempDir() + "report.XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    directory_ = name;
  }
  ~ReportWrite() override {
    for (const auto& entry : fs::directory_iterator(directory_)) fs::remove(entry.path());
    fs::remove(directory_);
  }
  [[nodiscard]] std::string path(std::string_view name) const { return (directory_ / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

 private:
  fs::path directory_;
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

TEST_F(ReportWrite, EveryFormatHasANameAndIsWritten) {
  for (const Format format : kAllFormats) {
    EXPECT_EQ(format_named(name_of(format)), format);
    const std::string target = path(name_of(format));
    write_report(format, target, sample_results());
    EXPECT_EQ(content(target), render(format, sample_results()));
  }
  EXPECT_EQ(files(), std::size(kAllFormats)) << "nothing temporary is left";
  for (const char* name : {"", "JSON", "xml", "junit_strict", "json "}) EXPECT_EQ(format_named(name), std::nullopt);
}

TEST_F(ReportWrite, ReplacesAFileButNotTheLinkToIt) {
  std::ofstream(path("real")) << std::string(100'000, 'x');
  fs::create_symlink("real", path("link"));
  write_report(Format::ktap, path("link"), sample_results());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content(path("real")), render(Format::ktap, sample_results()));
  EXPECT_EQ(files(), 2U);
}

TEST_F(ReportWrite, WritesIntoAFifoInsteadOfReplacingIt) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  std::string received;
  std::thread reader([&] { received = content(path("fifo")); });
  write_report(Format::ktap, path("fifo"), sample_results());
  reader.join();
  EXPECT_EQ(received, render(Format::ktap, sample_results()));
  EXPECT_TRUE(fs::is_fifo(path("fifo")));
}

TEST_F(ReportWrite, FollowsTheUmask) {
  const mode_t before = umask(027);
  write_report(Format::ktap, path("report"), sample_results());
  umask(before);
  EXPECT_EQ(fs::status(path("report")).permissions(), static_cast<fs::perms>(0640));
}

TEST_F(ReportWrite, SaysWhatFailed) {
  const auto writing = [](const std::string& target) {
    return [target] { write_report(Format::json, target, sample_results()); };
  };
  using testing::HasSubstr;
  using testing::ThrowsMessage;
  EXPECT_THAT(writing(path("missing/report")),
              ThrowsMessage<std::runtime_error>(testing::AllOf(HasSubstr("missing/report"), HasSubstr(": ENOENT"))));
  EXPECT_THAT(writing(path("")), ThrowsMessage<std::runtime_error>(HasSubstr(": EISDIR")));
  EXPECT_THAT(writing(path("\x1b") + "/x"), ThrowsMessage<std::runtime_error>(HasSubstr("\\x1b/x")));
  EXPECT_THAT(writing(std::string(5000, 'a')), ThrowsMessage<std::runtime_error>(HasSubstr(": ENAMETOOLONG")));
  EXPECT_THAT(writing("/dev/full"), ThrowsMessage<std::runtime_error>("cannot write /dev/full: ENOSPC"));
  EXPECT_EQ(files(), 0U);
}

TEST_F(ReportWrite, DashIsStandardOutput) {
  testing::internal::CaptureStdout();
  write_report(Format::ktap, "-", sample_results());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), render(Format::ktap, sample_results()));
}

}  // namespace
}  // namespace nsproof
