// User namespaces: what ids look like from inside, one's own and those of others (user_namespaces(7)).
#include <cerrno>

#include "harness/sys/credentials.h"
#include "harness/sys/files.h"
#include "harness/sys/idmaps.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

// Outside is root; in a namespace without a map its id has no number but the overflow id.
Observation judge_shown_id(World& w, std::int64_t seen, std::string_view what) {
  const std::int64_t overflow = must(sys::overflow_uid(w.outside()));
  if (seen == overflow && overflow != 0) return isolated(say(what, " reads as the overflow id ", seen));
  if (seen == 0) return leaked(say(what, " reads as 0"));
  return unknown(say(what, " reads as ", seen, ", which is neither 0 nor the overflow id"));
}

Observation own_id_unmapped(World& w) { return judge_shown_id(w, must(sys::getuid(w.inside())), "the uid of inside"); }

Observation file_owner_unmapped(World& w) {
  must(sys::make_file(w.outside(), "/tmp/of-outside", ""));
  return judge_shown_id(w, must(sys::stat(w.inside(), "/tmp/of-outside")).st_uid, "the owner of a file of outside");
}

Observation process_owner_unmapped(World& w) {
  const std::int64_t pid = must(sys::getpid(w.outside()));
  // The directory of a process in /proc belongs to its effective user (proc(5)).
  const struct stat directory = must(sys::stat(w.inside(), say("/proc/", pid)));
  return judge_shown_id(w, directory.st_uid, "the owner of outside's directory in /proc");
}

Observation made_file_owner(World& w) {
  must(sys::make_file(w.inside(), "/tmp/of-inside", ""));
  const struct stat file = must(sys::stat(w.outside(), "/tmp/of-inside"));
  const std::uint32_t mapped = w.sandbox().map.extents.at(0).outside;
  if (file.st_uid == mapped && file.st_gid == mapped)
    return isolated(say("outside sees the file of root inside as that of ", mapped));
  if (file.st_uid == 0) return leaked("outside sees the file of root inside as its own root's");
  return unknown(say("outside sees the file of root inside as that of ", file.st_uid, ":", file.st_gid));
}

enum class Receiver { parent_namespace, same_namespace };

Observation sender_seen_by(World& w, Receiver where) {
  must(sys::sigprocmask(w.outside(), SIG_BLOCK, SIGUSR1));
  // It may send the signal because both are the same user to the kernel, whatever number each side has for it.
  Actor& sender = w.clone(w.outside(), CLONE_NEWUSER, "sender");
  must(sys::map_ids(w.outside(), sender.pid(), "7 0 1"));
  const bool same = where == Receiver::same_namespace;
  Actor& receiver = w.fork(same ? sender : w.outside(), "receiver");
  must(sys::kill(sender, receiver.pid(), SIGUSR1));
  const int uid = must(sys::sigtimedwait(receiver, SIGUSR1, Milliseconds{5000})).uid;
  if (uid == 0) return isolated("si_uid is 0, the receiver's number for a sender that calls itself 7");
  if (uid == 7) return leaked("si_uid is 7, the number that the sender has for itself");
  return unknown(say("si_uid is ", uid));
}

Observation id_taken(World& w, std::int64_t id) {
  const Observation users = judge_refusal(sys::setresuid(w.inside(), id, id, id), {EINVAL});
  const Observation groups = judge_refusal(sys::setresgid(w.inside(), id, id, id), {EINVAL});
  return users.outcome == Outcome::isolated ? groups : users;
}

Observation id_claimed(World& w, std::uint32_t id) {
  const sys::Pair pair = must(sys::socket_pair(w.inside()));
  must(sys::pass_credentials(w.inside(), pair.second));
  const sys::Credentials claimed{.pid = static_cast<int>(must(sys::getpid(w.inside()))), .uid = id, .gid = id};
  return judge_refusal(sys::send_credentials(w.inside(), pair.first, claimed), {EINVAL});
}

const Rows rows = {
    {
        .id = "user.identity.unmapped-is-overflow",
        .claim = "A process whose user id has no mapping sees itself as the overflow user.",
        .how = "Inside reads its uid in a user namespace whose maps are unwritten.",
        .source = "user_namespaces(7), \"Unmapped user and group IDs\"",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::none()},
        .check = own_id_unmapped,
    },
    {
        .id = "user.identity.file-owner-hidden",
        .claim = "The owner of a file is not shown to a namespace that has no number for it.",
        .how = "Outside makes a file; inside, whose maps are unwritten, looks at its owner.",
        .source = "user_namespaces(7), \"Unmapped user and group IDs\"",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::none()},
        .check = file_owner_unmapped,
    },
    {
        .id = "user.identity.process-owner-hidden",
        .claim = "The user of a process is not shown to a namespace that has no number for it.",
        .how = "Inside, whose maps are unwritten, looks at the owner of the directory of outside in /proc.",
        .source = "user_namespaces(7), \"Unmapped user and group IDs\"",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::none()},
        .check = process_owner_unmapped,
    },
    {
        .id = "user.identity.made-file-translated",
        .claim = "A file that root inside makes belongs outside to the user that root is mapped to.",
        .how = "Inside is 0 where outside has 100000; it makes a file and outside looks at the owner.",
        .source = "user_namespaces(7), \"Accessing files\"",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = made_file_owner,
    },
    {
        .id = "user.identity.sender-translated",
        .claim = "A signal names its sender in the receiver's user ids.",
        .how = "A process whose uid 7 is 0 outside sends a signal to a process outside, which reads si_uid.",
        .source = "user_namespaces(7), \"Defining user and group ID mappings\"; sigaction(2)",
        .since = {3, 8},
        .check = [](World& w) { return sender_seen_by(w, Receiver::parent_namespace); },
        .control = [](World& w) { return sender_seen_by(w, Receiver::same_namespace); },
        .control_differs = "the receiver is in the user namespace of the sender",
    },
    {
        .id = "user.identity.unmapped-not-taken",
        .claim = "No process can take a user or group id that has no mapping: EINVAL, capabilities or not.",
        .how = "Inside, with every capability and only 0 mapped, calls setresuid(2) and setresgid(2) with 1.",
        .source = "user_namespaces(7), \"Interaction with system calls that change process UIDs or GIDs\"",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return id_taken(w, 1); },
        .control = [](World& w) { return id_taken(w, 0); },
        .control_differs = "the id is 0, which is mapped",
    },
    {
        .id = "user.identity.unmapped-not-claimed",
        .claim =
            "No process can send credentials of an id that has no mapping, which another would show to a receiver.",
        .how = "Inside, with every capability and only 0 mapped, sends SCM_CREDENTIALS with uid and gid 1.",
        .source = "unix(7), SCM_CREDENTIALS; user_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return id_claimed(w, 1); },
        .control = [](World& w) { return id_claimed(w, 0); },
        .control_differs = "the id is 0, which is mapped",
    },
};

}  // namespace
}  // namespace nsproof
