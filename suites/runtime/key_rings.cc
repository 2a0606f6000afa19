// Keys, which have no namespace of their own: what a container finds in the keyring of its user, and what another
// container finds of its own. Every key here has a timeout, for the kernel keeps keyrings longer than any process.
#include <unistd.h>

#include <atomic>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/keys.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

using sys::Keyring;

constexpr unsigned kSeconds = 60;

// A user keyring is shared by everything that the user does, other runs of nsproof among it.
std::string unique_name() {
  static std::atomic<unsigned> next{0};
  return say("nsproof-", ::getpid(), "-", ++next);
}

// The real user of a process in outside's numbers (proc_pid_status(5)).
std::int64_t outer_uid(World& w, Actor& actor) {
  if (actor.pid() == 0) return 0;
  const std::string status = must(sys::read_file(w.outside(), say("/proc/", actor.pid(), "/status")));
  for (const std::string& line : lines_of(status))
    if (line.starts_with("Uid:")) return std::stoll(words_of(line).at(1));
  throw Babbled("a status file has no Uid");
}

// Makes a key that ends by itself and puts it into a keyring that outlives the process. It is made in the process
// keyring, for who does not possess a key may not set its timeout (keyrings(7)). The reply is that of the first call
// that failed; its value is the key.
Reply place_key(Actor& owner, Keyring keyring, const std::string& name) {
  Reply made = sys::add_key(owner, Keyring::process, name, "a secret");
  if (!made.ok()) return made;
  for (const Reply& reply : {sys::expire_key(owner, made.value, kSeconds), sys::link_key(owner, made.value, keyring)})
    if (!reply.ok()) return reply;
  return made;
}

// A key in the user keyring, taken out at the end of the check.
class UserKey {
 public:
  UserKey(Actor& owner, const std::string& name) : owner_(owner), made_(place_key(owner, Keyring::user, name)) {}
  UserKey(const UserKey&) = delete;
  UserKey& operator=(const UserKey&) = delete;
  ~UserKey() {
    try {
      if (made_.ok()) sys::unlink_key(owner_, made_.value, Keyring::user);
    } catch (const Broken&) {
      // The timeout ends it.
    }
  }
  [[nodiscard]] const Reply& made() const { return made_; }

 private:
  Actor& owner_;
  Reply made_;
};

Observation cannot_keep(const Reply& refused) {
  return isolated(say("inside cannot keep a key: ", refused.call, ": ", errno_name(refused.error())));
}

Observation judge_search(const Reply& found, std::string_view where) {
  if (found.ok()) return leaked(say("the key is found in ", where));
  return isolated(say("KEYCTL_SEARCH of ", where, ": ", errno_name(found.error())));
}

Observation user_key_of_outside(World& w) {
  const std::int64_t uid = outer_uid(w, w.inside());
  Actor& owner = w.fork(w.outside(), "owner");
  must(sys::setresgid(owner, uid, uid, uid));
  must(sys::setresuid(owner, uid, uid, uid));
  const std::string name = unique_name();
  const UserKey key(owner, name);
  must(key.made());
  return judge_search(sys::search_key(w.inside(), Keyring::user, name), "the user keyring");
}

// What inside gives its session keyring, looked for by a process of another container of the runtime: in its own
// session keyring, and in the one of inside, which can be joined by its name if its permissions are careless.
Observation session_key_seen_by(World& w, Actor& other) {
  const std::string name = unique_name();
  const Reply made = place_key(w.inside(), Keyring::session, name);
  if (!made.ok()) return cannot_keep(made);
  const Observation own = judge_search(sys::search_key(other, Keyring::session, name), "the session keyring");
  if (own.outcome != Outcome::isolated) return own;
  const sys::Got<std::string> session = sys::keyring_name(w.inside(), Keyring::session);
  if (!session.ok()) return own;
  if (!sys::join_session(other, session.value).ok()) return own;
  return judge_search(sys::search_key(other, Keyring::session, name), say("the session keyring ", session.value));
}

Observation session_key_of_container(World& w) { return session_key_seen_by(w, w.peer()); }
Observation session_key_in_session(World& w) { return session_key_seen_by(w, w.fork(w.inside(), "child")); }

Observation user_key_of_container(World& w) {
  const std::string name = unique_name();
  const UserKey key(w.inside(), name);
  if (!key.made().ok()) return cannot_keep(key.made());
  return judge_search(sys::search_key(w.peer(), Keyring::user, name), "the user keyring");
}

const RuntimeRows rows = {
    {
        .id = "key.user.hidden",
        .claim = "Keys that its user keeps outside are out of the container's reach.",
        .how = "A process outside, of the user that inside is to the kernel, puts a key into its user keyring; inside "
               "searches the keyring of its user. Only a user namespace has user keyrings of its own.",
        .source = "user-keyring(7); user_namespaces(7); commit 0f44e4d976f9",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = user_key_of_outside,
    },
    {
        .id = "key.user.peer-hidden",
        .claim = "Keys that a container keeps in the keyring of its user are out of another container's reach.",
        .how = "Inside puts a key into its user keyring; a second container of the same runtime searches its own.",
        .source = "user-keyring(7); user_namespaces(7); commit 0f44e4d976f9",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = user_key_of_container,
    },
    {
        .id = "key.session.peer-hidden",
        .claim = "Keys that a container keeps in its session keyring are out of another container's reach.",
        .how = "Inside puts a key into its session keyring; a second container of the same runtime searches its own "
               "session keyring, and that of inside when it can be joined by its name.",
        .source = "session-keyring(7); keyctl(2), KEYCTL_JOIN_SESSION_KEYRING",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = session_key_of_container,
        .control = session_key_in_session,
        .control_differs = "the other process is of the same session",
    },
};

}  // namespace
}  // namespace nsproof
