// Remote calls about the kernel's keys (keyrings(7)): what add_key(2) and keyctl(2) do, with keys of the type "user".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// The keyrings that have a number of their own (keyctl(2)).
enum class Keyring { process, session, user };

// A key with these contents; the value is its serial number.
Reply add_key(Actor& actor, Keyring keyring, std::string_view description, std::string_view contents);
// The serial number of a key of this description in the keyring or below it; ENOKEY if there is none.
Reply search_key(Actor& actor, Keyring keyring, std::string_view description);
// The key ends by itself after this time (KEYCTL_SET_TIMEOUT).
Reply expire_key(Actor& actor, std::int64_t key, unsigned seconds);
Reply link_key(Actor& actor, std::int64_t key, Keyring keyring);
Reply unlink_key(Actor& actor, std::int64_t key, Keyring keyring);
Got<std::string> read_key(Actor& actor, std::int64_t key);

// The name of the keyring: what another process must say to join it (KEYCTL_DESCRIBE).
Got<std::string> keyring_name(Actor& actor, Keyring keyring);
// Joins the session keyring of this name, or makes a new one if there is none that may be joined.
Reply join_session(Actor& actor, std::string_view name);

}  // namespace nsproof::sys
