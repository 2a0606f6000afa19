// Runs that never happened: one case of every standing, and bytes that an attacker would choose. Unit tests and the
// validators of the reports judge the same samples.
#pragma once

#include <string>

#include "harness/catalogue/result.h"

namespace nsproof {

inline std::string every_byte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

inline std::string hostile_text() {
  return "]]> </script> <!-- --> &#1; | ``` `x` **b** @nobody # \x1b[31mred\x1b[0m \x9b"
         "31m \xed\xa0\x80 "
         "\xef\xbf\xbf \xc0\x80 \xe2\x80\xaetxt.exe\r\nnot ok 1 forged\n\xff" +
         every_byte();
}

inline Environment sample_environment() {
  return {.tool_version = "0.1.0",
          .kernel_release = "6.1.0-18-amd64",
          .kernel_version = "#1 SMP PREEMPT_DYNAMIC",
          .machine = "x86_64",
          .host_name = "vm",
          .user = "root",
          .capabilities = "000001ffffffffff",
          .security_modules = "capability,apparmor",
          .cgroup_mode = "v2",
          .command_line = "nsproof verify",
          .started = "2026-11-23T12:34:28"};
}

inline Run sample_run(Outcome outcome, std::string reason) {
  Run run;
  run.world = outcome == Outcome::isolated ? "uts via clone3" : "no namespace via clone3";
  run.observation = {outcome, std::move(reason)};
  run.transcript.entries = {
      {.actor = "inside",
       .call = "sethostname(\"nsproof\", 7)",
       .value = 0,
       .outs = {},
       .shows = "",
       .nanoseconds = 8100},
      {.actor = "outside",
       .call = "uname()",
       .value = 0,
       .outs = {std::string("vm\0", 3), std::string()},
       .shows = "{nodename=\"vm\"}",
       .nanoseconds = 7400},
      {.actor = "inside", .call = "setns(3, CLONE_NEWUTS)", .value = -1, .outs = {}, .shows = "", .nanoseconds = 900}};
  run.milliseconds = 1.25;
  return run;
}

inline Case sample_case(std::string id, Verdict verdict) {
  Case one;
  one.id = std::move(id);
  one.variant = "clone3";
  one.area = one.id.substr(0, one.id.find('.'));
  one.claim = "A host name set inside is not seen outside";
  one.source = "uts_namespaces(7)";
  one.file = "suites/conformance/uts.cc";
  one.line = 42;
  one.verdict = verdict;
  one.reason = "outside sees vm";
  one.reproduce = "nsproof verify --only '" + one.id + "@clone3'";
  one.milliseconds = 12.3456;
  if (verdict == Verdict::unsupported) {
    one.reason = "not supported here";
    one.missing = "the kernel has no time namespaces (CONFIG_TIME_NS)";
    return one;
  }
  one.subject = sample_run(verdict == Verdict::violated ? Outcome::leaked : Outcome::isolated, one.reason);
  one.control = sample_run(verdict == Verdict::vacuous ? Outcome::isolated : Outcome::leaked, "outside sees nsproof");
  one.control_differs = "without a uts namespace";
  return one;
}

// Every standing once: holds, violated, vacuous, broken, unsupported, expected failure, unexpected pass, expired.
inline Results sample_results() {
  Results results;
  results.environment = sample_environment();
  results.cases = {sample_case("uts.hostname.private", Verdict::holds),
                   sample_case("uts.domainname.private", Verdict::violated),
                   sample_case("pid.kill.cannot-reach-outside", Verdict::vacuous),
                   sample_case("pid.init.reaps", Verdict::broken),
                   sample_case("time.offset.private", Verdict::unsupported),
                   sample_case("mnt.propagation.slave", Verdict::violated),
                   sample_case("net.port.private", Verdict::holds),
                   sample_case("ipc.queue.private", Verdict::violated)};
  results.cases[5].expectation = {.kind = Expectation::expected_failure,
                                  .reason = "known",
                                  .url = "https://example.org/7",
                                  .expires = "2027-01-31"};
  results.cases[6].expectation = {
      .kind = Expectation::unexpected_pass, .reason = "was broken in 5.10", .url = "", .expires = ""};
  results.cases[7].expectation = {
      .kind = Expectation::expired, .reason = "should be fixed by now", .url = "", .expires = "2026-01-31"};
  results.seconds = 0.4567;
  results.peak_kilobytes = 9216;
  return results;
}

inline Case runtime_case(const std::string& target, std::string id, std::string effective, std::string expected) {
  Case one = sample_case(std::move(id), effective == expected ? Verdict::holds : Verdict::violated);
  one.variant = target;
  one.target = target;
  one.requested = "private";
  one.effective = std::move(effective);
  one.expected = std::move(expected);
  one.container = "shared";
  return one;
}

// Two runtimes, one of which leaves open what the policy demands to be isolated, and this kernel besides.
inline Results runtime_results() {
  Results results = sample_results();
  results.cases.resize(1);
  for (const char* target : {"runc", "podman-rootless"}) {
    const std::string leaky = std::string(target) == "runc" ? "open" : "isolated";
    results.cases.push_back(runtime_case(target, "uts.hostname.private", leaky, "isolated"));
    results.cases.push_back(runtime_case(target, "net.port.private", "open", "open"));
    results.cases.push_back(sample_case("time.offset.private", Verdict::unsupported));
    results.cases.back().variant = results.cases.back().target = target;
  }
  return results;
}

// The same with hostile bytes in every field that something inside or a file could choose, and one very long line.
inline Results hostile_results(std::size_t long_line = 100'000) {
  Results results = sample_results();
  const std::string evil = hostile_text();
  Environment& e = results.environment;
  for (std::string* field : {&e.tool_version, &e.kernel_release, &e.kernel_version, &e.machine, &e.host_name, &e.user,
                             &e.capabilities, &e.security_modules, &e.cgroup_mode, &e.command_line, &e.started})
    *field = evil;
  for (Case& one : results.cases) {
    for (std::string* field : {&one.id, &one.variant, &one.claim, &one.source, &one.file, &one.reason,
                               &one.expectation.reason, &one.expectation.url, &one.control_differs, &one.reproduce})
      *field += evil;
    for (Boxed<Run>* run : {&one.subject, &one.control}) {
      if (!*run) continue;
      (*run)->world += evil;
      (*run)->observation.reason += evil;
      for (Entry& entry : (*run)->transcript.entries) {
        entry.call += evil;
        entry.shows += evil;
        entry.outs.push_back(evil);
      }
    }
  }
  results.cases[4].missing += evil;
  results.cases.push_back(runtime_case(evil, "net.port.private", evil, "isolated" + evil));
  results.cases.back().requested = results.cases.back().container = evil;
  results.cases[1].area = evil;
  results.cases.push_back(results.cases[1]);  // the same name twice
  results.cases[2].reason += std::string(long_line, 'x');
  results.partial = true;
  return results;
}

// Only what schemas older than <skipped> know.
inline Results unskipped_results() {
  Results results = hostile_results();
  results.cases.erase(results.cases.begin() + 4, results.cases.begin() + 6);
  return results;
}

}  // namespace nsproof
