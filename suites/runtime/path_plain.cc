// Masked and read-only paths as an ordinary program meets them: by their own names, with open(2).
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/world.h"
#include "suites/runtime/path_prizes.h"

namespace nsproof {
namespace {

Observation shows_nothing(World& w) {
  std::vector<std::string> seen;
  for (const Prize& prize : prizes(w, Cover::masked)) {
    const sys::Got<std::size_t> content = content_of(w.inside(), prize.path);
    if (content.ok() && content.value > 0) return leaked(say(prize.path, " has content"));
    seen.push_back(say(prize.path, content.ok() ? " is empty" : ": " + errno_name(content.error())));
  }
  if (seen.empty()) return nothing_to_judge(Cover::masked);
  return isolated(join(seen, ", "));
}

// A file may be masked by /dev/null, which takes everything and keeps nothing.
bool is_null_device(Actor& actor, int fd) {
  const sys::Got<struct stat> seen = sys::fstat(actor, fd);
  return seen.ok() && S_ISCHR(seen.value.st_mode) && seen.value.st_rdev == makedev(1, 3);
}

Observation masked_files_take_nothing(World& w) {
  std::vector<std::string> seen;
  for (const Prize& prize : prizes(w, Cover::masked)) {
    if (!open_for_writing(w.outside(), prize.file).ok()) continue;
    const Reply opened = sys::open(w.inside(), prize.file, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (opened.ok()) {
      const int fd = static_cast<int>(opened.value);
      const bool null_device = is_null_device(w.inside(), fd);
      must(sys::close(w.inside(), fd));
      if (!null_device) return leaked(say(prize.file, " can be opened for writing"));
    }
    seen.push_back(say(prize.file, opened.ok() ? " is the null device" : ": " + errno_name(opened.error())));
  }
  if (seen.empty()) return nothing_to_judge(Cover::masked);
  return isolated(join(seen, ", "));
}

Observation read_only_files_take_nothing(World& w) {
  std::vector<std::string> seen;
  for (const Prize& prize : prizes(w, Cover::read_only)) {
    const Reply opened = open_for_writing(w.inside(), prize.file);
    if (opened.ok()) return leaked(say(prize.file, " can be opened for writing"));
    seen.push_back(say(prize.file, ": ", errno_name(opened.error())));
  }
  if (seen.empty()) return nothing_to_judge(Cover::read_only);
  return isolated(join(seen, ", "));
}

const RuntimeRows rows = {
    {
        .id = "path.masked.unreadable",
        .claim = "A masked file gives nothing to read, and a masked directory has no entries.",
        .how = "Inside reads or lists every masked path in which outside sees content.",
        .source = "OCI runtime-spec config-linux.md, Masked Paths",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = shows_nothing,
        .asked = asked_for_masks,
    },
    {
        .id = "path.masked.unwritable",
        .claim = "A masked file cannot be opened for writing, unless what opens is the null device.",
        .how = "Inside opens every masked file that outside can open with O_WRONLY, and looks what it got; nothing is "
               "written.",
        .source = "OCI runtime-spec config-linux.md, Masked Paths; CVE-2025-31133",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = masked_files_take_nothing,
        .asked = asked_for_masks,
    },
    {
        .id = "path.readonly.unwritable",
        .claim = "Nothing in a read-only path can be opened for writing.",
        .how =
            "Inside opens with O_WRONLY a file of every read-only path that outside can open so; nothing is written.",
        .source = "OCI runtime-spec config-linux.md, Readonly Paths",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = read_only_files_take_nothing,
        .asked = asked_for_read_only_paths,
    },
};

}  // namespace
}  // namespace nsproof
