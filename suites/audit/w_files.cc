// The one question of the rules about writable kernel files, and its answer in words.
#include "suites/audit/w_files.h"

#include <unistd.h>

#include <cerrno>
#include <map>

#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_exposure.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kShown = 6;

// Where the container mounts something, it also chooses the name.
std::string harmless(const std::string& path) {
  const std::string in_quotes = quoted(path, 200);
  return in_quotes.substr(1, in_quotes.size() - 2) == path ? path : in_quotes;
}

std::string first_of(const std::vector<std::string>& paths) {
  std::vector<std::string> shown;
  for (const std::string& path : paths)
    if (shown.size() < kShown) shown.push_back(harmless(path));
  const std::size_t more = paths.size() - shown.size();
  return say(join(shown, ", "), more > 0 ? say(" and ", more, " more") : "");
}

}  // namespace

std::vector<std::string> places_of(const std::string& place, const std::vector<KernelSwitch>& switches) {
  std::vector<std::string> places = {place};
  for (const KernelSwitch& one : switches)
    if (one.path != place) places.push_back(one.path);
  return places;
}

Sight judge_writable(const std::vector<WriteAccess>& seen) {
  std::vector<std::string> open;
  std::vector<std::string> undecided;
  std::vector<std::string> absent;
  std::map<std::string, std::vector<std::string>> closed;  // by what keeps them
  for (const WriteAccess& one : seen) {
    const bool missing = one.error == ENOENT || one.error == ENOTDIR;
    if (one.error == 0 && one.lacks.empty())
      open.push_back(one.path);
    else if (one.error == 0)
      closed[say("no ", one.lacks, " on the host")].push_back(one.path);
    else if (missing && one.hidden_by.empty())
      absent.push_back(one.path);
    else if (missing)
      closed[say("out of sight behind ", one.hidden_by)].push_back(one.path);
    else if (one.error == EACCES || one.error == EROFS)
      closed[errno_name(one.error)].push_back(one.path);
    else  // EPERM, too: it is what filters of system calls say, and tells nothing about the file
      undecided.push_back(say(harmless(one.path), " (", errno_name(one.error), ")"));
  }
  if (!open.empty()) return weak(say("may be written: ", first_of(open)));
  if (!undecided.empty()) return unknown(join(undecided, ", "));
  if (closed.empty()) return not_applicable(say("the kernel has no ", first_of(absent)));
  std::vector<std::string> texts;
  for (const auto& [why, paths] : closed) texts.push_back(say(first_of(paths), ": ", why));
  return hardened(join(texts, "; "));
}

WriteAccess write_access(View& view, const KernelSwitch& one) {
  WriteAccess seen{.path = one.path, .error = view.access(one.path, W_OK)};
  if (seen.error == ENOENT || seen.error == ENOTDIR) seen.hidden_by = what_hides(view, one.path);
  if (seen.error == 0 && one.capability >= 0) {
    const auto capability = static_cast<unsigned>(one.capability);
    if (!view.status().effective(capability) || view.user_namespace().ownership != Ownership::host)
      seen.lacks = capability_name(capability);
  }
  return seen;
}

Sight any_writable(View& view, const std::vector<KernelSwitch>& switches) {
  std::vector<WriteAccess> seen;
  for (const KernelSwitch& one : switches) {
    // What is mounted over it is not the kernel's: a null device may be written by everybody.
    const WriteAccess access = write_access(view, one);
    if (access.error != 0) {
      seen.push_back(access);
      continue;
    }
    const KernelPath stand = look_at_kernel_path(view, one.path);
    const Exposure found = judge(stand);
    if (found.how == Exposure::How::masked || found.how == Exposure::How::hidden)
      seen.push_back({.path = one.path, .error = ENOENT, .hidden_by = found.text});
    else
      seen.push_back(access);
  }
  return judge_writable(seen);
}

}  // namespace nsproof::audit
