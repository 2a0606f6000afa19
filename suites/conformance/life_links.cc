// What creation changes: the links of /proc/PID/ns, of each type and of all the others (namespaces(7), clone(2)).
#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/nsfs.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// The types in which two processes differ, both looked at by `reader`.
NsSet differing(Actor& reader, std::string_view one, std::string_view other) {
  NsSet types;
  for (const Ns type : kAllNamespaces)
    if (must(sys::ns_identity(reader, one, type)) != must(sys::ns_identity(reader, other, type)))
      types = types.with(type);
  return types;
}

template <Ns Type>
Observation own_link(World& w) {
  const std::string inside = std::to_string(w.inside().pid());
  const auto theirs = must(sys::ns_identity(w.outside(), inside, Type));
  const auto ours = must(sys::ns_identity(w.outside(), "self", Type));
  if (theirs == ours) return leaked(say("inside and outside are both in ", name_of(Type), ":[", ours.inode, "]"));
  return isolated(say("inside is in ", name_of(Type), ":[", theirs.inode, "], outside in [", ours.inode, "]"));
}

template <Ns Type>
constexpr Property link_row(Id id) {
  return {
      .id = id,
      .claim = "A sandbox with a namespace of this type has another link in /proc/PID/ns than outside.",
      .how = "Outside compares device and inode of the link of inside with those of its own.",
      .source = "namespaces(7), clone(2)",
      .since = {5, 6, 0},
      .isolated_by = Type,
      .reach = Reach::any_sandbox,
      .manner = Manner::look,
      .check = own_link<Type>,
  };
}

Observation child_differs_in(World& w, NsSet flags, NsSet expected) {
  Actor& child = w.clone(w.outside(), clone_flags(flags), "child");
  const NsSet found = differing(w.outside(), "self", std::to_string(child.pid()));
  if (found == expected) return isolated(say("differs in ", text_of(found)));
  return leaked(say("made with ", text_of(flags), ", differs in ", text_of(found), " and not in ", text_of(expected)));
}

Observation nothing_by_default(World& w) { return child_differs_in(w, {}, {}); }
Observation everything_on_request(World& w) { return child_differs_in(w, NsSet::all(), {}); }

Observation each_flag_its_own_link(World& w) {
  for (const Ns type : kAllNamespaces) {
    Observation one = child_differs_in(w, type, type);
    if (one.outcome != Outcome::isolated) return one;
  }
  return isolated("each of the eight flags changed its own link and no other");
}

Observation a_second_flag_changes_two(World& w) { return child_differs_in(w, {Ns::uts, Ns::ipc}, Ns::uts); }

// unshare(2) moves the caller at once, but for pid and time, which are for the children.
std::string link_after_unshare(Ns type) {
  const std::string name(name_of(type));
  return type == Ns::pid || type == Ns::time ? name + "_for_children" : name;
}

Observation unshare_changes(World& w, Ns type, std::uint64_t flags) {
  Actor& child = w.fork(w.outside(), "child");
  const std::string self = std::to_string(child.pid());
  const std::string link = link_after_unshare(type);
  const auto before = must(sys::ns_identity(w.outside(), self, link));
  NsSet others_before = differing(w.outside(), "self", self);
  must(sys::unshare(child, flags));
  // A pid namespace without a process has no link to show yet (namespaces(7)), so a child is made first.
  if (type == Ns::pid && flags != 0) w.fork(child, "grandchild");
  const auto after = must(sys::ns_identity(w.outside(), self, link));
  const NsSet others = differing(w.outside(), "self", self).without(type);
  if (!others.empty() || !others_before.empty()) return leaked(say("other links changed too: ", text_of(others)));
  if (before == after) return leaked(say("the link ", link, " is what it was"));
  return isolated(say("the link ", link, " changed and no other"));
}

Observation unshare_each_its_own(World& w) {
  for (const Ns type : kAllNamespaces) {
    Observation one = unshare_changes(w, type, clone_flag(type));
    if (one.outcome != Outcome::isolated) return one;
  }
  return isolated("each of the eight flags changed its own link and no other");
}

Observation unshare_nothing(World& w) { return unshare_changes(w, Ns::uts, 0); }

Observation children_stay(World& w, std::uint64_t flags) {
  Actor& grandchild = w.fork(w.clone(w.outside(), flags, "child"), "grandchild");
  const std::string inner = std::to_string(must(sys::getppid(grandchild)));
  const NsSet types = differing(w.outside(), "self", inner);
  if (types.empty()) return isolated("a process whose ancestors asked for nothing is where outside is");
  return leaked(say("differs in ", text_of(types)));
}

Observation descendants_inherit(World& w) { return children_stay(w, 0); }
Observation descendants_of_a_new_namespace(World& w) { return children_stay(w, clone_flags({Ns::uts, Ns::ipc})); }

Observation link_names_inode(World& w, Ns named, Ns measured) {
  const std::string text = must(sys::readlink(w.outside(), say("/proc/self/ns/", name_of(named))));
  const auto identity = must(sys::ns_identity(w.outside(), "self", measured));
  const std::string expected = say(name_of(named), ":[", identity.inode, "]");
  if (text == expected) return isolated(say("the link reads ", text));
  return leaked(say("the link reads ", text, " and not ", expected));
}

Observation every_link_names_its_inode(World& w) {
  for (const Ns type : kAllNamespaces) {
    Observation one = link_names_inode(w, type, type);
    if (one.outcome != Outcome::isolated) return one;
  }
  return isolated("all eight links read type:[inode] with the inode that stat(2) gives");
}

Observation the_inode_of_another(World& w) { return link_names_inode(w, Ns::uts, Ns::ipc); }

const Rows rows = {
    link_row<Ns::mnt>("life.mnt-link.is-its-own"),
    link_row<Ns::pid>("life.pid-link.is-its-own"),
    link_row<Ns::net>("life.net-link.is-its-own"),
    link_row<Ns::user>("life.user-link.is-its-own"),
    link_row<Ns::ipc>("life.ipc-link.is-its-own"),
    link_row<Ns::uts>("life.uts-link.is-its-own"),
    link_row<Ns::cgroup>("life.cgroup-link.is-its-own"),
    link_row<Ns::time>("life.time-link.is-its-own"),
    {
        .id = "life.clone.inherits-by-default",
        .claim = "A child that is made without flags is in all eight namespaces of its creator.",
        .how = "Outside makes a child with clone3(2) and compares the eight links of /proc/PID/ns.",
        .source = "clone(2), namespaces(7)",
        .since = {5, 6, 0},
        .needs = {Need::all_namespaces},
        .check = nothing_by_default,
        .control = everything_on_request,
        .control_differs = "the child is made with all eight flags",
    },
    {
        .id = "life.clone.changes-exactly-its-links",
        .claim = "Each CLONE_NEW* flag of clone3 changes the link of its own type and no other.",
        .how = "Outside makes a child with each flag alone and compares all eight links.",
        .source = "clone(2)",
        .since = {5, 6, 0},
        .needs = {Need::all_namespaces},
        .check = each_flag_its_own_link,
        .control = a_second_flag_changes_two,
        .control_differs = "the child is made with a second flag, and only one link is expected to change",
    },
    {
        .id = "life.unshare.changes-exactly-its-links",
        .claim = "Each flag of unshare changes the link of its own type (for pid and time the one for children) only.",
        .how = "A child unshares each type alone; outside compares its links from before and after.",
        .source = "unshare(2), namespaces(7)",
        .since = {5, 6, 0},
        .needs = {Need::all_namespaces},
        .check = unshare_each_its_own,
        .control = unshare_nothing,
        .control_differs = "the child unshares nothing",
    },
    {
        .id = "life.fork.descendants-inherit",
        .claim = "Namespaces pass from parent to child through plain forks.",
        .how = "Outside compares its links with those of a child that has a child of its own.",
        .source = "namespaces(7)",
        .since = {5, 6, 0},
        .needs = {Need::all_namespaces},
        .check = descendants_inherit,
        .control = descendants_of_a_new_namespace,
        .control_differs = "the first of the two forks asks for a UTS and an IPC namespace",
    },
    {
        .id = "life.link.names-its-inode",
        .claim = "Each link of /proc/PID/ns reads as type:[inode], with the inode number that stat(2) gives.",
        .how = "Outside reads its eight links and compares them with stat(2) of the same links.",
        .source = "namespaces(7)",
        .since = {5, 6, 0},
        .needs = {Need::all_namespaces},
        .check = every_link_names_its_inode,
        .control = the_inode_of_another,
        .control_differs = "the link of one type is compared with the inode of another",
    },
};

}  // namespace
}  // namespace nsproof
