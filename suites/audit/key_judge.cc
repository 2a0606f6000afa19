// Judgements of what the kernel says of keys and terminals.
#include <sys/sysmacros.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "harness/support/text.h"
#include "suites/audit/fd_tables.h"
#include "suites/audit/mnt_keys.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

template <class T>
T number(std::string_view text, int base = 10) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

}  // namespace

Sight judge_session(std::string_view name, bool own_user_namespace) {
  const std::string shown = say("the session keyring is ", quoted(name));
  if (name == "_ses") return weak(shown + ": made by a login, and inherited");
  // Those of a user are looked up in the user namespace (user-session-keyring(7)).
  if (name.starts_with("_uid_ses.") || name.starts_with("_uid."))
    return own_user_namespace ? hardened(shown + ", of a user of its own user namespace")
                              : weak(shown + ", of the user outside");
  return hardened(shown);
}

Sight judge_keys(std::string_view text, std::uint32_t user) {
  constexpr unsigned kOthersSee = 0x03;  // view and read, of the last of four groups of bits
  std::vector<std::string> found;
  std::size_t all = 0;
  for (const std::string& line : lines_of(text)) {
    // "04f20546 I--Q---     1 perm 0c030000     0 65534 keyring   .user_reg: 12"
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 9) continue;
    ++all;
    const bool open = (number<unsigned>(words[4], 16) & kOthersSee) != 0;
    // What it is called is a secret's name, and no business of a report.
    if (open && number<std::uint32_t>(words[5]) != user)
      found.push_back(say("key ", quoted(words[0], 8), " (", quoted(words[7], 16), ") of user ", quoted(words[5], 10)));
  }
  if (found.empty()) return hardened(say("none of ", all, " keys in sight is another user's and open to others"));
  return weak(some_of(found));
}

unsigned terminal_in(std::string_view stat) {
  // The name of the program may hold anything but ends at the last parenthesis (proc_pid_stat(5)).
  const std::size_t end = stat.rfind(')');
  const std::vector<std::string> words = words_of(end == std::string_view::npos ? stat : stat.substr(end + 1));
  if (end == std::string_view::npos || words.size() < 5) throw std::invalid_argument("no line of /proc/PID/stat");
  return static_cast<unsigned>(number<int>(words[4]));
}

Sight judge_terminal(unsigned device, const std::vector<std::string>& names, const std::vector<Descriptor>& open,
                     const Mounts& mounts) {
  if (device == 0) return hardened("the process has no controlling terminal");
  constexpr unsigned kFirstPty = 136;  // Documentation/admin-guide/devices.txt
  constexpr unsigned kLastPty = 143;
  // Bits 31 to 20 and 7 to 0 are the minor number, 15 to 8 the major one (proc_pid_stat(5)).
  const unsigned first = device >> 8 & 0xff;
  const unsigned second = (device & 0xff) | (device >> 12 & 0xfff00);
  const std::string which = say("terminal ", first, ":", second);
  if (first < kFirstPty || first > kLastPty) return weak(which + " is a device of the machine");
  const std::string name = std::to_string(second + (first - kFirstPty) * 256);
  if (std::find(names.begin(), names.end(), name) == names.end())
    return weak(say(which, " is not in the container's /dev/pts"));
  // Every devpts counts from 0, so the number alone does not tell: what mount is it open on?
  for (const Descriptor& one : open) {
    if (!one.link.ends_with("/pts/" + name) && one.link != "/" + name) continue;
    const bool own =
        std::any_of(mounts.begin(), mounts.end(), [&](const Mount& mount) { return mount.id == one.mount; });
    return weak_if(!own, say(which, " is open as descriptor ", one.number, " on mount ", one.mount,
                             own ? "" : ", which is none of the container's"));
  }
  return unknown(say(which, " has the name of one in /dev/pts, and no descriptor tells whether it is that"));
}

}  // namespace nsproof::audit
