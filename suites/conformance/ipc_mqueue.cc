// IPC namespaces: POSIX message queues and the mqueue file system that shows them (mq_overview(7)).
#include <linux/sched.h>

#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/mqueue.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

constexpr std::string_view kQueue = "nsproof";
constexpr std::string_view kOther = "made-abroad";
constexpr int kOpen = O_RDWR | O_NONBLOCK | O_CLOEXEC;

int make_queue(Actor& actor, std::string_view name = kQueue) {
  return static_cast<int>(must(sys::mq_open(actor, name, kOpen | O_CREAT | O_EXCL)));
}

// Whether two descriptors are of one queue shows by a message, whatever the names say.
Observation find_queue(Actor& owner, Actor& stranger) {
  const int queue = make_queue(owner);
  const Reply found = sys::mq_open(stranger, kQueue, kOpen);
  if (found.error() == ENOENT) return isolated(say("there is no queue of that name for ", stranger.name()));
  if (!found.ok()) return unknown(say("opening the queue failed with ", errno_name(found.error())));
  must(sys::mq_timedsend(owner, queue, "hello"));
  const auto got = sys::mq_timedreceive(stranger, static_cast<int>(found.value));
  if (got.ok() && got.value == "hello") return leaked(say(stranger.name(), " opened the queue and took a message"));
  return unknown(say(stranger.name(), " opened a queue of that name that is not the same"));
}

Observation outside_name_hidden(World& w) {
  w.inside();
  return find_queue(w.outside(), w.inside());
}
Observation inside_name_hidden(World& w) { return find_queue(w.inside(), w.outside()); }

Observation starts_empty(World& w) {
  make_queue(w.outside());
  const Reply made = sys::mq_open(w.inside(), kQueue, kOpen | O_CREAT | O_EXCL);
  if (made.ok()) return isolated("the name of a queue outside is free inside");
  if (made.error() == EEXIST) return leaked("the name of a queue outside is taken inside");
  return unknown(say("making a queue inside failed with ", errno_name(made.error())));
}

Observation messages_private(World& w) {
  const int in = static_cast<int>(must(sys::mq_open(w.inside(), kQueue, kOpen | O_CREAT)));
  const int out = static_cast<int>(must(sys::mq_open(w.outside(), kQueue, kOpen | O_CREAT)));
  must(sys::mq_timedsend(w.outside(), out, "sent-outside"));
  const auto got = sys::mq_timedreceive(w.inside(), in);
  if (got.error() == EAGAIN) return isolated("the queue inside is empty");
  if (got.ok() && got.value == "sent-outside") return leaked("the message that outside sent came out inside");
  return unknown(say("receiving inside: ", got.ok() ? quoted(got.value) : errno_name(got.error())));
}

Observation unlink_private(World& w) {
  must(sys::mq_open(w.inside(), kQueue, kOpen | O_CREAT));
  must(sys::mq_open(w.outside(), kQueue, kOpen | O_CREAT));
  must(sys::mq_unlink(w.inside(), kQueue));
  const Reply found = sys::mq_open(w.outside(), kQueue, kOpen);
  if (found.ok()) return isolated("the queue outside is still there after its namesake inside was unlinked");
  if (found.error() == ENOENT) return leaked("mq_unlink inside removed the queue outside");
  return unknown(say("opening the queue outside failed with ", errno_name(found.error())));
}

void mount_queues(Actor& actor) { must(sys::mount(actor, "mqueue", "/mnt", "mqueue")); }

bool listed(Actor& actor, std::string_view name) {
  const std::vector<std::string> names = must(sys::list_directory(actor, "/mnt"));
  return std::find(names.begin(), names.end(), name) != names.end();
}

Observation mount_hides_inside(World& w) {
  mount_queues(w.outside());
  make_queue(w.outside(), kOther);
  make_queue(w.inside());
  if (!listed(w.outside(), kOther)) return unknown("the mount does not show the queue of its own namespace");
  if (listed(w.outside(), kQueue)) return leaked("the mount outside shows the queue that was made inside");
  return isolated("the mount outside does not show the queue that was made inside");
}

enum class Mounts { before_leaving, after_leaving };

template <Mounts when>
Observation mount_of_a_leaver(World& w) {
  make_queue(w.outside());
  Actor& leaver = w.fork(w.outside(), "leaver");
  if (when == Mounts::before_leaving) mount_queues(leaver);
  must(sys::unshare(leaver, CLONE_NEWIPC));
  if (when == Mounts::after_leaving) mount_queues(leaver);
  make_queue(leaver, kOther);
  const bool old_one = listed(leaver, kQueue);
  const bool new_one = listed(leaver, kOther);
  if (old_one && !new_one) return isolated("the mount shows the namespace in which it was mounted");
  if (!old_one && new_one) return leaked("the mount shows the namespace that the reader is in");
  return unknown(say("the mount shows ", old_one ? "both queues" : "no queue"));
}

enum class Maker { dies, lives };

template <Maker maker>
Observation mount_after_death(World& w) {
  Actor& actor = w.clone(w.outside(), CLONE_NEWIPC, "mounter");
  mount_queues(actor);  // the mount namespace is that of outside
  make_queue(actor);
  if (maker == Maker::dies) w.end(w.outside(), actor);
  must(sys::list_directory(w.outside(), "/mnt"));
  const Reply made = sys::make_file(w.outside(), "/mnt/late", "");
  if (made.error() == EACCES && !listed(w.outside(), "late"))
    return refused("no queue can be made in the mount: EACCES");
  // An empty write to a queue's file is EINVAL; what counts is the file.
  if (listed(w.outside(), "late")) return allowed("a queue can be made in the mount");
  return unknown(say("making a queue in the mount failed with ", errno_name(made.error())));
}

enum class Reach { descriptor, name };

// The claim is that the queue is still reached, so that is what `isolated` stands for here.
template <Reach reach>
Observation queue_of_a_leaver(World& w) {
  const int queue = make_queue(w.outside());
  Actor& leaver = w.fork(w.outside(), "leaver");
  int mine = queue;  // inherited, in the same numbers
  must(sys::unshare(leaver, CLONE_NEWIPC));
  if (reach == Reach::name) {
    const Reply found = sys::mq_open(leaver, kQueue, kOpen);
    if (found.error() == ENOENT) return leaked("the queue is not reached by its name any more: ENOENT");
    mine = static_cast<int>(must(found));
  }
  must(sys::mq_timedsend(leaver, mine, "from-abroad"));
  const auto got = sys::mq_timedreceive(w.outside(), queue);
  if (got.ok() && got.value == "from-abroad") return isolated("a message through the old descriptor arrives");
  return unknown(say("the message did not arrive: ", errno_name(got.error())));
}

Property row(Id id, std::string_view claim, std::string_view how, Check check) {
  return {.id = id,
          .claim = claim,
          .how = how,
          .source = "ipc_namespaces(7), mq_overview(7)",
          .since = {2, 6, 30},
          .isolated_by = Ns::ipc,
          .needs = {Need::mqueue},
          .check = check};
}

Property rule(Id id, std::string_view claim, std::string_view how, Check check, Check control,
              std::string_view control_differs) {
  return {.id = id,
          .claim = claim,
          .how = how,
          .source = "mq_overview(7), commit 7eafd7c74c3f",
          .since = {2, 6, 30},
          .needs = {Need::mqueue},
          .check = check,
          .control = control,
          .control_differs = control_differs};
}

const Rows rows = {
    row("ipc.mqueue.starts-empty", "The name of a POSIX message queue made outside is free inside.",
        "Outside makes a queue and then the sandbox; inside makes one of the same name with O_EXCL.", starts_empty),
    row("ipc.mqueue.outside-name-hidden", "A POSIX message queue made outside cannot be opened inside.",
        "Outside makes a queue; inside opens the name without O_CREAT.", outside_name_hidden),
    row("ipc.mqueue.inside-name-hidden", "A POSIX message queue made inside cannot be opened outside.",
        "Inside makes a queue; outside opens the name without O_CREAT.", inside_name_hidden),
    row("ipc.mqueue.messages-private", "A message that outside sends does not come out of a queue of that name inside.",
        "Both make or open one name; outside sends a message and inside receives without waiting.", messages_private),
    row("ipc.mqueue.unlink-private", "Removing a queue inside leaves the queue of the same name outside.",
        "Both make or open one name; inside unlinks it and outside opens it again.", unlink_private),
    row("ipc.mqueue.mount-hides-inside", "An mqueue file system mounted outside does not show the queues made inside.",
        "Outside mounts an mqueue file system; inside makes a queue; outside lists the mount.", mount_hides_inside),
    rule(
        "ipc.mqueue.mount-keeps-namespace", "An mqueue mount shows the namespace of its mounter, whoever reads it.",
        "A child of outside mounts an mqueue file system, leaves its IPC namespace, makes a queue and lists the mount.",
        mount_of_a_leaver<Mounts::before_leaving>, mount_of_a_leaver<Mounts::after_leaving>,
        "the child mounts after it has left"),
    rule(
        "ipc.mqueue.mount-outlives-namespace", "In an mqueue mount whose namespace is gone no queue can be made.",
        "A process with an IPC namespace of its own mounts an mqueue file system and dies; outside lists the mount and "
        "makes a file in it.",
        mount_after_death<Maker::dies>, mount_after_death<Maker::lives>, "the process and its namespace live"),
    rule("ipc.mqueue.descriptor-survives-unshare",
         "An open queue descriptor still works when its process has left the IPC namespace.",
         "A child of outside with a descriptor of a queue leaves its IPC namespace and sends; outside receives.",
         queue_of_a_leaver<Reach::descriptor>, queue_of_a_leaver<Reach::name>, "the child opens the name again"),
};

}  // namespace
}  // namespace nsproof
