// Judgements of texts about the CPU's side channels.
#include <algorithm>
#include <array>

#include "harness/support/text.h"
#include "suites/audit/host_cpu.h"

namespace nsproof::audit {
namespace {

std::string lower(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return made;
}

// Linux: Documentation/admin-guide/kernel-parameters.txt.
constexpr std::array kOff = {
    "mitigations=off",
    "nopti",
    "pti=off",
    "kpti=0",
    "nospectre_v1",
    "nospectre_v2",
    "spectre_v2=off",
    "spectre_v2_user=off",
    "spectre_bhi=off",
    "nospec_store_bypass_disable",
    "ssbd=force-off",
    "spec_store_bypass_disable=off",
    "l1tf=off",
    "mds=off",
    "tsx_async_abort=off",
    "mmio_stale_data=off",
    "retbleed=off",
    "spec_rstack_overflow=off",
    "srbds=off",
    "gather_data_sampling=off",
    "reg_file_data_sampling=off",
    "indirect_target_selection=off",
    "tsa=off",
    "vmscape=off",
    "kvm.nx_huge_pages=off",
    "nokaslr",
};

}  // namespace

Sight judge_vulnerability(std::string_view text) {
  const std::string said = trim(text);
  const std::string plain = lower(said);
  if (plain.starts_with("unknown")) return unknown(say("the kernel does not know: ", quoted(said, 200)));
  if (plain.find("vulnerable") != std::string::npos && plain.find("not vulnerable") == std::string::npos) {
    const bool in_part = plain.starts_with("mitigation");
    if (in_part) return weak(quoted(said, 200), Severity::low, "mitigated but for a part");
    return weak(quoted(said, 200));
  }
  if (plain.starts_with("not affected") || plain.find("mitigation") != std::string::npos ||
      plain.find("not vulnerable") != std::string::npos)
    return hardened(quoted(said, 200));
  return unknown(say("the kernel does not say whether: ", quoted(said, 200)));
}

Sight judge_smt(std::string_view active, std::optional<std::uint64_t> cookie) {
  const std::string said = trim(active);
  if (said == "0") return hardened("smt/active is 0");
  if (said != "1") return unknown(say("smt/active is ", quoted(said)));
  if (cookie && *cookie != 0) return hardened("smt/active is 1, and the process has a core scheduling cookie");
  return weak(cookie ? "smt/active is 1, and the process has no core scheduling cookie"
                     : "smt/active is 1, and no core scheduling cookie could be asked for");
}

Sight judge_boot_arguments(std::string_view cmdline) {
  std::string found;
  for (const std::string& word : words_of(cmdline)) {
    if (word == "--") break;  // what follows is for the first process
    if (std::find(kOff.begin(), kOff.end(), std::string_view(word)) != kOff.end())
      found += say(found.empty() ? "" : " ", word);
  }
  return found.empty() ? hardened("/proc/cmdline switches no mitigation off") : weak(say("/proc/cmdline has ", found));
}

Sight judge_vsyscall(std::string_view maps) {
  if (trim(maps).empty()) return unknown("/proc/PID/maps is empty");
  for (const std::string& line : lines_of(maps)) {
    if (!trim(line).ends_with("[vsyscall]")) continue;
    const std::vector<std::string> words = words_of(line);
    const std::string permissions = words.size() > 1 ? words[1] : "";
    return weak(say("[vsyscall] is mapped ", quoted(permissions),
                    permissions.starts_with("r") ? ": it can be read and called" : ": it can be called"));
  }
  return hardened("no [vsyscall] in /proc/PID/maps");
}

Sight judge_speculation(std::string_view status, std::string_view field) {
  for (const std::string& line : lines_of(status)) {
    if (!line.starts_with(say(field, ":"))) continue;
    const std::string said = trim(std::string_view(line).substr(field.size() + 1));
    std::string seen = say(field, ": ", quoted(said));
    if (said.find("unknown") != std::string::npos) return unknown(std::move(seen));
    if (said.starts_with("not ") || said.find("mitigated") != std::string::npos ||
        said.find("disabled") != std::string::npos)
      return hardened(std::move(seen));
    return weak(std::move(seen));
  }
  return not_applicable(say("this kernel has no ", field));
}

}  // namespace nsproof::audit
