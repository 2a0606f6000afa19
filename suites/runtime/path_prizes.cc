// Finding files that masked and read-only paths cover, by looking from outside, where nothing covers them.
#include "suites/runtime/path_prizes.h"

#include <fcntl.h>

#include <algorithm>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof {
namespace {

// How far to look for a file that can be opened for writing: directories below each other, and files tried.
constexpr int kDepth = 3;
constexpr int kTries = 60;

struct Walk {
  Actor& actor;
  std::size_t most;
  int tries;
  std::vector<std::string> found;         // with the permission for their owner to write
  std::vector<std::string> by_privilege;  // without: root may nevertheless, by CAP_DAC_OVERRIDE
};

void walk(Walk& search, const std::string& path, int depth) {
  if (search.found.size() >= search.most || search.tries-- <= 0) return;
  const Reply reply = open_for_writing(search.actor, path);
  if (reply.ok()) {
    const sys::Got<struct stat> file = sys::stat(search.actor, path);
    (file.ok() && (file.value.st_mode & S_IWUSR) != 0 ? search.found : search.by_privilege).push_back(path);
    return;
  }
  if (reply.error() != EISDIR || depth == kDepth) return;
  sys::Got<std::vector<std::string>> names = sys::list_directory(search.actor, path);
  if (!names.ok()) return;
  std::sort(names.value.begin(), names.value.end());
  for (const std::string& name : names.value) walk(search, say(path, "/", name), depth + 1);
}

std::optional<std::string> in_words(const std::vector<std::string>& paths, std::string_view what) {
  if (paths.empty()) return std::nullopt;
  return say(join(paths, " "), " ", what);
}

}  // namespace

std::vector<std::string> writable_files(Actor& actor, const std::string& path, std::size_t most) {
  Walk search{actor, most, kTries, {}, {}};
  walk(search, path, 0);
  for (const std::string& file : search.by_privilege)
    if (search.found.size() < most) search.found.push_back(file);
  return std::move(search.found);
}

sys::Got<std::size_t> content_of(Actor& actor, const std::string& path) {
  constexpr std::size_t kEnough = 512;
  sys::Got<std::size_t> content{sys::open(actor, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (!content.ok()) return content;
  const int fd = static_cast<int>(content.reply.value);
  const sys::Got<std::string> text = sys::read(actor, fd, kEnough);
  must(sys::close(actor, fd));
  if (text.error() == EISDIR) {
    const sys::Got<std::vector<std::string>> names = sys::list_directory(actor, path);
    return {names.reply, names.value.size()};
  }
  return {text.reply, text.value.size()};
}

Reply open_for_writing(Actor& actor, const std::string& path) {
  Reply reply = sys::open(actor, path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (reply.ok()) must(sys::close(actor, static_cast<int>(reply.value)));
  return reply;
}

std::optional<std::string> gets_at(Actor& actor, Cover cover, const std::string& name) {
  if (cover == Cover::read_only) {
    if (!open_for_writing(actor, name).ok()) return std::nullopt;
    return say(name, " can be opened for writing");
  }
  const sys::Got<std::size_t> content = content_of(actor, name);
  if (!content.ok() || content.value == 0) return std::nullopt;
  return say(name, " shows ", content.value, " bytes or names");
}

std::vector<Prize> prizes(World& w, Cover cover) {
  const Contract& contract = w.contract();
  std::vector<Prize> found;
  for (const std::string& path : cover == Cover::masked ? contract.masked_paths : contract.readonly_paths) {
    if (cover == Cover::masked) {
      if (gets_at(w.outside(), cover, path)) found.push_back({path, path});
      continue;
    }
    for (const std::string& file : writable_files(w.outside(), path, 1)) found.push_back({path, file});
  }
  return found;
}

Observation nothing_to_judge(Cover cover) {
  return unknown(cover == Cover::masked ? "outside sees nothing in any masked path either"
                                        : "outside can open nothing for writing in any read-only path either");
}

std::optional<std::string> asked_for_masks(const Contract& contract) {
  return in_words(contract.masked_paths, "masked");
}

std::optional<std::string> asked_for_read_only_paths(const Contract& contract) {
  return in_words(contract.readonly_paths, "read-only");
}

}  // namespace nsproof
