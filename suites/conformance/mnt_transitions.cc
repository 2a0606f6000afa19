// Mount namespaces: what make-shared, make-slave, make-private and make-unbindable turn each propagation type into (the
// table of mount_namespaces(7)), read back from the tags of mountinfo.
#include "harness/catalogue/property.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

constexpr std::string_view kOrigin = "/tmp/origin";

// A mount at kPoint in each of the states that the table knows.
void make_private(Actor& actor) {
  make_marked(actor, kPoint);
  must(set_type(actor, kPoint, MS_PRIVATE));
}

void make_shared_alone(Actor& actor) {
  make_marked(actor, kPoint);
  must(set_type(actor, kPoint, MS_SHARED));
}

void make_shared_with_peer(Actor& actor) {
  make_marked(actor, kOrigin);
  must(set_type(actor, kOrigin, MS_SHARED));
  must(sys::mkdir(actor, kPoint));
  must(bind(actor, kOrigin, kPoint));
}

void make_slave(Actor& actor) {
  make_shared_with_peer(actor);
  must(set_type(actor, kPoint, MS_SLAVE));
}

void make_slave_and_shared(Actor& actor) {
  make_slave(actor);
  must(set_type(actor, kPoint, MS_SHARED));
}

void make_unbindable(Actor& actor) {
  make_marked(actor, kPoint);
  must(set_type(actor, kPoint, MS_UNBINDABLE));
}

struct State {
  std::string_view name;
  std::string_view type;  // what mountinfo calls it
  void (*make)(Actor&);
};

constexpr State kStates[] = {
    {"private", "private", make_private},
    {"shared alone", "shared", make_shared_alone},
    {"shared with a peer", "shared", make_shared_with_peer},
    {"slave", "slave", make_slave},
    {"slave and shared", "slave+shared", make_slave_and_shared},
    {"unbindable", "unbindable", make_unbindable},
};

// The columns of the table, in the order of kStates.
struct Operation {
  std::uint64_t flag;
  std::string_view becomes[std::size(kStates)];
};

constexpr Operation kMakeShared = {MS_SHARED, {"shared", "shared", "shared", "slave+shared", "slave+shared", "shared"}};
constexpr Operation kMakeSlave = {MS_SLAVE, {"private", "private", "slave", "slave", "slave", "unbindable"}};
constexpr Operation kMakePrivate = {MS_PRIVATE, {"private", "private", "private", "private", "private", "private"}};
constexpr Operation kMakeUnbindable = {
    MS_UNBINDABLE, {"unbindable", "unbindable", "unbindable", "unbindable", "unbindable", "unbindable"}};

std::string tag(const std::vector<sys::MountInfo>& mounts, std::string_view target, std::string_view kind) {
  const auto mount = sys::mount_at(mounts, target);
  if (!mount) throw Broken(say("no mount at ", target));
  for (const std::string& one : mount->tags)
    if (one.starts_with(kind)) return one.substr(kind.size());
  return "";
}

// The type that the tags spell. A master must be the group that the origin is in.
std::string type_at_point(Actor& actor) {
  const auto mounts = must(sys::mountinfo(actor));
  const std::string master = tag(mounts, kPoint, "master:");
  const bool shared = !tag(mounts, kPoint, "shared:").empty();
  if (sys::mount_at(mounts, kPoint)->tags == std::vector<std::string>{"unbindable"}) return "unbindable";
  if (!master.empty() && master != tag(mounts, kOrigin, "shared:")) return "slave of a group that is not its master's";
  if (!master.empty()) return shared ? "slave+shared" : "slave";
  return shared ? "shared" : "private";
}

enum class Act { change, look_only };

// Walks the six states; each is built anew and taken down again.
Observation walk(World& w, const Operation& operation, Act act) {
  Actor& inside = w.inside();
  std::vector<std::string> wrong;
  for (std::size_t i = 0; i < std::size(kStates); ++i) {
    const State& state = kStates[i];
    state.make(inside);
    const std::string before = type_at_point(inside);
    if (before != state.type) return unknown(say("a mount that should be ", state.name, " is ", before));
    if (act == Act::change) must(set_type(inside, kPoint, operation.flag));
    const std::string after = type_at_point(inside);
    if (after != operation.becomes[i])
      wrong.push_back(say(state.name, " is ", after, " and not ", operation.becomes[i]));
    for (const std::string_view directory : {kPoint, kOrigin}) {
      if (!sees_mark(inside, directory)) continue;
      must(sys::umount(inside, directory));
      must(sys::rmdir(inside, directory));
    }
  }
  if (wrong.empty()) return isolated("all six states became what the table says");
  return leaked(join(wrong, "; "));
}

constexpr std::string_view kHow =
    "Inside puts a mount into each of six states (private, shared alone, shared with a peer, slave, slave and shared, "
    "unbindable), makes the call and reads the tags of mountinfo, of which a master must be the group of the origin.";
constexpr std::string_view kTable = "mount_namespaces(7), propagation type transitions";
const Sandbox kOwnMounts = {.namespaces = Ns::mnt};
constexpr std::string_view kNoCall = "the same states without the call";

enum class Flags { two, one };

Observation set_propagation(World& w, Flags flags) {
  make_marked(w.inside(), kPoint);
  must(set_type(w.inside(), kPoint, MS_PRIVATE));
  const Reply reply = set_type(w.inside(), kPoint, flags == Flags::two ? MS_SHARED | MS_SLAVE : MS_SHARED);
  const auto mount = sys::mount_at(must(sys::mountinfo(w.inside())), kPoint);
  if (!mount) return unknown("the mount is gone");
  return refusal(reply, {EINVAL}, !mount->tags.empty(), "the change of the propagation type");
}

enum class Copy { untouched, made_anew };

Observation peer_group_agrees(World& w, Copy copy) {
  make_shared_alone(w.outside());
  if (copy == Copy::made_anew) {
    must(set_type(w.inside(), kPoint, MS_PRIVATE));
    must(set_type(w.inside(), kPoint, MS_SHARED));
  }
  const std::string outside = tag(must(sys::mountinfo(w.outside())), kPoint, "shared:");
  const std::string inside = tag(must(sys::mountinfo(w.inside())), kPoint, "shared:");
  if (outside.empty() || inside.empty()) return unknown("one of the two mounts is not shared");
  if (outside == inside) return isolated(say("both namespaces call the peer group ", outside));
  return leaked(say("the peer group is ", outside, " outside and ", inside, " inside"));
}

const Rows rows = {
    {
        .id = "mnt.mountinfo.peer-groups-agree",
        .claim = "mountinfo gives a peer group the same number in every mount namespace that has a member of it.",
        .how = "Outside makes a mount shared before the sandbox; both read the tag of their copy.",
        .source = "proc(5)",
        .since = {2, 6, 26},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return peer_group_agrees(w, Copy::untouched); },
        .control = [](World& w) { return peer_group_agrees(w, Copy::made_anew); },
        .control_differs = "the copy inside is made private and shared anew, which is another group",
    },
    {
        .id = "mnt.transition.make-shared",
        .claim = "make-shared makes private, unbindable and shared mounts shared, and slaves slave and shared.",
        .how = kHow,
        .source = kTable,
        .since = {2, 6, 26},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return walk(w, kMakeShared, Act::change); },
        .control = [](World& w) { return walk(w, kMakeShared, Act::look_only); },
        .control_differs = kNoCall,
    },
    {
        .id = "mnt.transition.make-slave",
        .claim =
            "make-slave makes a shared mount a slave of its peers, or private if it has none, and leaves private and "
            "unbindable mounts as they are.",
        .how = kHow,
        .source = kTable,
        .since = {2, 6, 26},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return walk(w, kMakeSlave, Act::change); },
        .control = [](World& w) { return walk(w, kMakeSlave, Act::look_only); },
        .control_differs = kNoCall,
    },
    {
        .id = "mnt.transition.make-private",
        .claim = "make-private makes every mount private.",
        .how = kHow,
        .source = kTable,
        .since = {2, 6, 26},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return walk(w, kMakePrivate, Act::change); },
        .control = [](World& w) { return walk(w, kMakePrivate, Act::look_only); },
        .control_differs = kNoCall,
    },
    {
        .id = "mnt.transition.make-unbindable",
        .claim = "make-unbindable makes every mount unbindable.",
        .how = kHow,
        .source = kTable,
        .since = {2, 6, 26},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return walk(w, kMakeUnbindable, Act::change); },
        .control = [](World& w) { return walk(w, kMakeUnbindable, Act::look_only); },
        .control_differs = kNoCall,
    },
    {
        .id = "mnt.transition.one-type-a-call",
        .claim = "mount(2) refuses to set two propagation types in one call: EINVAL.",
        .how = "Inside asks for MS_SHARED and MS_SLAVE on a private mount and reads its tags.",
        .source = "mount(2)",
        .since = {2, 6, 26},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return set_propagation(w, Flags::two); },
        .control = [](World& w) { return set_propagation(w, Flags::one); },
        .control_differs = "MS_SHARED alone",
    },
};

}  // namespace
}  // namespace nsproof
