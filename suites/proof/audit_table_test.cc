// What the runtimes leave open by default: the table in suites/audit/README.md is made anew and compared with itself.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "harness/audit/auditor.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

constexpr const char* kBegin = "<!-- table -->\n";
constexpr const char* kEnd = "<!-- end of table -->\n";

// In the order of the table: as root, and as an ordinary user where the tool can.
const std::vector<std::string>& targets() {
  static const std::vector<std::string> names = {
      "podman", "podman-rootless", "runc",           "runc-rootless", "crun",       "crun-rootless", "bwrap", "nspawn",
      "lxc",    "firejail",        "bwrap-rootless", "crun-hardened", "bwrap-hard",
  };
  return names;
}

// Not those about the machine, which are the same for all of them.
bool of_a_sandbox(const Rule& rule) {
  return rule.spoil.impossible.empty() && rule.severity != Severity::info && !rule.id.starts_with("host.") &&
         !rule.id.starts_with("lsm.");
}

using Weak = std::map<std::string, std::map<std::string, Severity>>;  // by rule and target

void add(const std::string& name, Weak& weak) {
  const AuditLayer layer;
  const std::unique_ptr<Subject> subject = audit_target(*builtin_target(name), layer);
  std::vector<std::string> unmatched;
  const AuditOptions options;
  const std::atomic<bool> stop{false};
  for (const Finding& one : audit(*subject, choose_rules(options, unmatched), options, stop).findings)
    if (one.answer == Answer::weak && of_a_sandbox(*find_rule(one.id))) weak[one.id][name] = one.severity;
}

std::string table_of(const Weak& weak) {
  std::string text = "| rule |";
  for (const std::string& name : targets()) text += say(" ", name, " |");
  text += "\n|---|";
  for (std::size_t i = 0; i < targets().size(); ++i) text += "---|";
  text += "\n";
  for (const auto& [id, by_target] : weak) {
    text += say("| `", id, "` |");
    for (const std::string& name : targets()) {
      const auto found = by_target.find(name);
      text += say(" ", found == by_target.end() ? "" : name_of(found->second), " |");
    }
    text += "\n";
  }
  return text;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(AuditTable, IsWhatTheDocumentSays) {
  if (getuid() != 0) GTEST_SKIP() << "runtimes as root need root";
  Weak weak;
  for (const std::string& name : targets()) {
    SCOPED_TRACE(name);
    ASSERT_NE(builtin_target(name), nullptr);
    ASSERT_NO_THROW(add(name, weak));
  }
  const std::string made = table_of(weak);
  const std::string document = text_of(NSPROOF_AUDIT_README);
  const std::size_t begin = document.find(kBegin);
  const std::size_t end = document.find(kEnd);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos) << "the document has no place for the table";
  const std::size_t start = begin + std::string(kBegin).size();
  const std::string written = document.substr(start, end - start);
  std::ofstream(NSPROOF_BINARY_DIR "/audit-table.md") << made;
  EXPECT_EQ(lines_of(made), lines_of(written)) << "the new table is in " NSPROOF_BINARY_DIR "/audit-table.md";
}

}  // namespace
}  // namespace nsproof::audit
