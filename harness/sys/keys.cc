#include "harness/sys/keys.h"

#include <linux/keyctl.h>
#include <sys/syscall.h>

#include <stdexcept>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

Arg keyring_arg(Keyring keyring) {
  switch (keyring) {
    case Keyring::process:
      return named(static_cast<std::uint64_t>(KEY_SPEC_PROCESS_KEYRING), "KEY_SPEC_PROCESS_KEYRING");
    case Keyring::session:
      return named(static_cast<std::uint64_t>(KEY_SPEC_SESSION_KEYRING), "KEY_SPEC_SESSION_KEYRING");
    case Keyring::user: return named(static_cast<std::uint64_t>(KEY_SPEC_USER_KEYRING), "KEY_SPEC_USER_KEYRING");
  }
  throw std::logic_error("no such keyring");
}

Got<std::string> read_into(Actor& actor, Arg operation, Arg object) {
  constexpr std::size_t kMost = 512;
  Step call = step(SYS_keyctl, "keyctl", {std::move(operation), std::move(object), out(kMost), num(kMost)});
  call.send = wire::Send::as_returned;
  return call_for_bytes(actor, std::move(call));
}

}  // namespace

Reply add_key(Actor& actor, Keyring keyring, std::string_view description, std::string_view contents) {
  return actor.call(SYS_add_key, "add_key",
                    {str("user"), str(description), bytes(contents), num(static_cast<std::int64_t>(contents.size())),
                     keyring_arg(keyring)});
}

Reply search_key(Actor& actor, Keyring keyring, std::string_view description) {
  return actor.call(
      SYS_keyctl, "keyctl",
      {named(KEYCTL_SEARCH, "KEYCTL_SEARCH"), keyring_arg(keyring), str("user"), str(description), num(0)});
}

Reply expire_key(Actor& actor, std::int64_t key, unsigned seconds) {
  return actor.call(SYS_keyctl, "keyctl", {named(KEYCTL_SET_TIMEOUT, "KEYCTL_SET_TIMEOUT"), num(key), num(seconds)});
}

Reply link_key(Actor& actor, std::int64_t key, Keyring keyring) {
  return actor.call(SYS_keyctl, "keyctl", {named(KEYCTL_LINK, "KEYCTL_LINK"), num(key), keyring_arg(keyring)});
}

Reply unlink_key(Actor& actor, std::int64_t key, Keyring keyring) {
  return actor.call(SYS_keyctl, "keyctl", {named(KEYCTL_UNLINK, "KEYCTL_UNLINK"), num(key), keyring_arg(keyring)});
}

Got<std::string> read_key(Actor& actor, std::int64_t key) {
  return read_into(actor, named(KEYCTL_READ, "KEYCTL_READ"), num(key));
}

Got<std::string> keyring_name(Actor& actor, Keyring keyring) {
  Got<std::string> got = read_into(actor, named(KEYCTL_DESCRIBE, "KEYCTL_DESCRIBE"), keyring_arg(keyring));
  // "type;uid;gid;perm;description"
  std::string& text = got.value;
  if (!text.empty() && text.back() == '\0') text.pop_back();
  for (int field = 0; field < 4 && got.ok(); ++field) {
    const std::size_t end = text.find(';');
    if (end == std::string::npos) throw Babbled(say("no description of a key: ", quoted(text)));
    text.erase(0, end + 1);
  }
  return got;
}

Reply join_session(Actor& actor, std::string_view name) {
  return actor.call(SYS_keyctl, "keyctl",
                    {named(KEYCTL_JOIN_SESSION_KEYRING, "KEYCTL_JOIN_SESSION_KEYRING"), str(name)});
}

}  // namespace nsproof::sys
