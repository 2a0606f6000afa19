// The audit as a whole: a container seen from inside and from the host, one that fights back, a gate in every format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/launch/program.h"
#include "suites/proof/sleeping_container.h"

namespace nsproof {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// One that has made itself at home by a script.
SleepingContainer container_of(const std::string& script) {
  return SleepingContainer({"-pfmniuC", "--mount-proc", "sh", "-ec", script + "\nexec sleep 120"});
}

struct Audited {
  ProgramResult program;
  json report;
  std::map<std::string, std::string> answers;
  std::map<std::string, std::string> observed;
};

Audited audited(std::vector<std::string> words) {
  words.insert(words.end(), {"--report", "json=-", "-q"});
  Audited audited{run_program(words), {}, {}, {}};
  audited.report = json::parse(audited.program.output, nullptr, false);
  if (!audited.report.is_object()) {
    ADD_FAILURE() << "no report: " << audited.program.errors;
    audited.report = {{"findings", json::array()}, {"partial", true}};
  }
  for (const json& finding : audited.report["findings"]) {
    audited.answers[finding["id"]] = finding["answer"];
    audited.observed[finding["id"]] = finding["observed"];
  }
  return audited;
}

std::vector<std::string> by_pid(const SleepingContainer& sandbox) {
  return {NSPROOF_BINARY, "audit", "--pid", std::to_string(sandbox.pid())};
}

class Audit : public testing::Test {
 protected:
  void SetUp() override {
    if (getuid() != 0) GTEST_SKIP() << "only root may make these containers and join them";
  }
};

// What may differ: a rule that only one side can look at is unknown on the other, and says so.
TEST_F(Audit, InsideAndHostAgree) {
  const SleepingContainer sandbox = container_of("mount -t tmpfs none /mnt; cp " NSPROOF_BINARY
                                                 " /mnt/nsproof; "
                                                 "mount -t tmpfs -o size=1m,nr_inodes=10 none /tmp");
  ASSERT_NE(sandbox.pid(), 0);
  const Audited host = audited(by_pid(sandbox));
  const Audited inside = audited(
      {"nsenter", "--target", std::to_string(sandbox.pid()), "--all", "--root", "--wd", "/mnt/nsproof", "audit"});
  ASSERT_GT(host.answers.size(), 100U);
  ASSERT_EQ(host.answers.size(), inside.answers.size());
  int both = 0;
  for (const auto& [id, answer] : host.answers) {
    const std::string& other = inside.answers.at(id);
    both += answer != "unknown" && other != "unknown" ? 1 : 0;
    if (answer != "unknown" && other != "unknown") {
      EXPECT_EQ(answer, other) << id << ": " << host.observed.at(id) << " / " << inside.observed.at(id);
    }
    if ((answer == "unknown") != (other == "unknown"))
      std::cout << id << ": " << answer << " from the host, " << other << " inside\n";
  }
  std::cout << both << " of " << host.answers.size() << " rules are answered on both sides\n";
  EXPECT_GT(both, 100);
}

// One file in an empty root directory, as a user without any privilege.
TEST_F(Audit, RunsInAnEmptyRootAsAnyUser) {
  const ProgramResult run = run_program(
      {"unshare", "-m", "sh", "-ec",
       "mount -t tmpfs none /mnt; cp " NSPROOF_BINARY " /mnt/nsproof; chmod 755 /mnt/nsproof; mkdir /mnt/proc; "
       "mount -t proc none /mnt/proc; exec chroot --userspec=12345:12345 /mnt /nsproof audit -q --report json=-"});
  const json report = json::parse(run.output, nullptr, false);
  ASSERT_TRUE(report.is_object()) << run.errors;
  EXPECT_GT(report["findings"].size(), 100U);
  EXPECT_EQ(run.exit_code(), 1) << "nothing of the machine is out of its reach but by its user";
}

TEST_F(Audit, AHostileContainerNeitherHangsNorMisleads) {
  const SleepingContainer sandbox = container_of("exec " NSPROOF_HOSTILE);
  ASSERT_NE(sandbox.pid(), 0);
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> words = by_pid(sandbox);
  words.insert(words.end(), {"--timeout", "30"});
  const Audited seen = audited(words);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::cout << "it took " << took.count() << " s\n";
  EXPECT_LT(took.count(), 40) << "the deadline of 30 s, and some time to end";
  EXPECT_EQ(seen.program.exit_code(), 1);
  EXPECT_EQ(seen.answers.at("ns.pid.host"), "hardened");
  EXPECT_EQ(seen.answers.at("cred.user.root"), "weak");
  // And people and other formats see no line that the container has written.
  std::vector<std::string> as_text = by_pid(sandbox);
  as_text.insert(as_text.end(), {"mnt", "orch", "-v", "--color", "never"});
  const ProgramResult text = run_program(as_text);
  EXPECT_EQ(text.output.find('\033'), std::string::npos);
  EXPECT_EQ(text.output.find("\nhardened ns.pid.host \202"), std::string::npos);
}

TEST_F(Audit, AFilterThatKillsIsNoted) {
  const Audited seen = audited({NSPROOF_BINARY, "audit", "seccomp", "--launch",
                                "bwrap --unshare-all --ro-bind {rootfs} / --proc /proc --dev /dev {probe}"});
  EXPECT_FALSE(seen.report["partial"]);
  EXPECT_NE(seen.program.exit_code(), 3);
}

// Whoever knows the name is asked; here an engine that knows one of these containers, and one that knows none.
TEST_F(Audit, AContainerIsFoundByItsName) {
  const SleepingContainer sandbox = container_of("true");
  ASSERT_NE(sandbox.pid(), 0);
  char directory[] = "/tmp/nsproof-engines-XXXXXX";
  ASSERT_NE(mkdtemp(directory), nullptr);
  const auto engine = [&](const std::string& name, const std::string& script) {
    const std::string path = std::string(directory) + "/" + name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    EXPECT_EQ(chmod(path.c_str(), 0755), 0);
    return path;
  };
  const std::vector<std::string> engines = {
      engine("runc",
             "[ \"$2\" = web ] && echo '{\"pid\": " + std::to_string(sandbox.pid()) + ", \"status\": \"running\"}'"),
      engine("crun", "exit 1"), engine("podman", "exit 125"), engine("docker", "exit 1")};
  ProgramOptions options;
  options.environment = {std::string("PATH=") + directory + ":/usr/bin:/bin"};
  const ProgramResult found =
      run_program({NSPROOF_BINARY, "audit", "ns.pid.host", "--container", "web", "-q", "--report", "json=-"}, options);
  EXPECT_EQ(json::parse(found.output, nullptr, false)["findings"][0]["answer"], "hardened") << found.errors;
  EXPECT_EQ(run_program({NSPROOF_BINARY, "audit", "--container", "other"}, options).exit_code(), 2);
  for (const std::string& path : engines) unlink(path.c_str());
  rmdir(directory);
}

// The same exit status whatever is written.
TEST_F(Audit, TheGateIsTheSameInEveryFormat) {
  const std::vector<std::string> weak = {NSPROOF_BINARY, "audit", "--runtime", "unshare", "cred", "-q"};
  for (const char* format : {"json", "junit", "sarif", "markdown"}) {
    std::vector<std::string> words = weak;
    words.insert(words.end(), {"--report", std::string(format) + "=-"});
    const std::vector<std::string> fails = words;
    words.insert(words.end(), {"--fail-on", "critical", "--not", "cap"});
    EXPECT_EQ(run_program(fails).exit_code(), 1) << format;
    EXPECT_EQ(run_program(words).exit_code(), 0) << format;
  }
}

TEST_F(Audit, WhatWasKnownDoesNotFailAgain) {
  char name[] = "/tmp/nsproof-audit-XXXXXX";
  ASSERT_NE(mkdtemp(name), nullptr);
  const std::string baseline = std::string(name) + "/baseline.json";
  const std::vector<std::string> audit = {NSPROOF_BINARY, "audit", "--runtime", "unshare", "-q"};
  std::vector<std::string> first = audit;
  first.insert(first.end(), {"--report", "json=" + baseline});
  EXPECT_EQ(run_program(first).exit_code(), 1);
  std::vector<std::string> second = audit;
  second.insert(second.end(), {"--baseline", baseline});
  const ProgramResult again = run_program(second);
  EXPECT_EQ(again.exit_code(), 0) << again.output;
  unlink(baseline.c_str());
  rmdir(name);
}

TEST_F(Audit, AFixClosesWhatItNames) {
  const ProgramResult fix = run_program({NSPROOF_BINARY, "audit", "--runtime", "crun", "--fix", "oci"});
  const json patch = json::parse(fix.output, nullptr, false);
  ASSERT_TRUE(patch.is_array()) << fix.output << fix.errors;
  EXPECT_FALSE(patch.empty());
  EXPECT_THAT(fix.output, HasSubstr("\"/process"));
}

TEST_F(Audit, ErrorsSayWhatToDo) {
  const auto error_of = [](const std::vector<std::string>& words) {
    std::vector<std::string> all = {NSPROOF_BINARY, "audit"};
    all.insert(all.end(), words.begin(), words.end());
    const ProgramResult run = run_program(all);
    return std::to_string(run.exit_code()) + " " + run.errors;
  };
  EXPECT_THAT(error_of({"nosuch"}), testing::StartsWith("2 nsproof: no rule is called nosuch"));
  EXPECT_THAT(error_of({"--container", "no-such-container"}), testing::StartsWith("2 "));
  EXPECT_THAT(error_of({"--pid", "4194303"}), testing::StartsWith("3 "));
  EXPECT_THAT(error_of({"--report", "xml=-"}), HasSubstr("json, junit, sarif or markdown"));
  EXPECT_THAT(error_of({"--fail-on", "awful"}), HasSubstr("critical"));
  EXPECT_THAT(error_of({"--profile", "pss-basline"}), HasSubstr("pss-baseline"));
}

}  // namespace
}  // namespace nsproof
