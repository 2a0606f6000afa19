#include "harness/guest/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

constexpr std::string_view kComplaints[] = {
    "WARNING:",
    "BUG:",
    "Oops:",
    "general protection fault",
    "Kernel panic",
    "kernel BUG at",
    "Unable to handle kernel",
    "UBSAN:",
    "KFENCE:",
    "detected stall",
    "blocked for more than",
    "unregister_netdevice: waiting for",
    "double fault",
    "refcount_t:",
    "Internal error",
};

struct TaintFlag {
  unsigned bit;
  std::string_view word;
};

// Those that say that the kernel itself went wrong come first; the others say who touched it.
constexpr TaintFlag kTaintFlags[] = {
    {7, "oopsed"},
    {9, "warned"},
    {5, "bad page"},
    {14, "soft lockup"},
    {4, "machine check"},
    {0, "proprietary module"},
    {1, "module forced"},
    {2, "out of specification"},
    {3, "module unloaded by force"},
    {6, "asked for by a user"},
    {8, "ACPI table overridden"},
    {10, "staging driver"},
    {11, "firmware workaround"},
    {12, "out-of-tree module"},
    {13, "unsigned module"},
    {15, "live patched"},
    {16, "auxiliary"},
    {17, "structure randomised"},
    {18, "in-kernel test"},
};

// In one record of /dev/kmsg (the kernel's own are about 1 KiB at most) and in what is kept of a complaint.
constexpr std::size_t kRecordBytes = 8192;
constexpr std::size_t kWordLines = 24;
constexpr std::size_t kMaxNewLines = 4096;

std::uint64_t taint_flags() {
  const std::string text = trim(host_file("/proc/sys/kernel/tainted"));
  std::uint64_t flags = 0;
  std::from_chars(text.data(), text.data() + text.size(), flags);
  return flags;
}

}  // namespace

bool is_complaint(std::string_view line) {
  return std::any_of(std::begin(kComplaints), std::end(kComplaints),
                     [&](std::string_view word) { return line.find(word) != std::string_view::npos; });
}

std::string complaint_in(const std::vector<std::string>& log, std::size_t lines) {
  const auto first = std::find_if(log.begin(), log.end(), is_complaint);
  const auto left = static_cast<std::size_t>(log.end() - first);
  return join({first, first + static_cast<std::ptrdiff_t>(std::min(lines, left))}, "\n");
}

std::string taint_text(std::uint64_t flags) {
  std::vector<std::string> words;
  for (const TaintFlag& flag : kTaintFlags)
    if ((flags >> flag.bit & 1) != 0) words.emplace_back(flag.word);
  if (flags >> 19 != 0) words.push_back("unknown flags");
  return join(words, ", ");
}

std::string kernel_line(std::string_view record) {
  // "PRIORITY,SEQUENCE,TIMESTAMP,FLAGS;TEXT\n KEY=VALUE\n"; the priority holds the facility, which is 0 for the kernel.
  const std::size_t text = record.find(';');
  unsigned priority = 0;
  const auto [end, error] = std::from_chars(record.data(), record.data() + record.size(), priority);
  if (text == std::string_view::npos || error != std::errc() || priority >> 3 != 0) return "";
  const std::string_view line = record.substr(text + 1);
  return std::string(line.substr(0, line.find('\n')));
}

KernelLog::KernelLog() : log_(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC)), taint_(taint_flags()) {
  if (log_) ::lseek(log_.get(), 0, SEEK_END);
}

std::vector<std::string> KernelLog::new_lines() {
  std::vector<std::string> lines;
  char record[kRecordBytes];
  while (log_ && lines.size() < kMaxNewLines) {
    const ssize_t got = ::read(log_.get(), record, sizeof record);
    if (got < 0 && errno == EPIPE) continue;  // records were overwritten before they were read; the next one is there
    if (got <= 0) break;
    if (std::string line = kernel_line({record, static_cast<std::size_t>(got)}); !line.empty())
      lines.push_back(std::move(line));
  }
  return lines;
}

Trouble KernelLog::news() {
  Trouble trouble;
  trouble.words = complaint_in(new_lines(), kWordLines);
  const std::uint64_t taint = taint_flags();
  trouble.taint = taint_text(taint & ~taint_);
  taint_ |= taint;
  return trouble;
}

}  // namespace nsproof::guest
