// What the rows about mount namespaces share: mounts that can be told from what they cover, and refusals that are
// judged by errno and effect together.
#pragma once

#include <fcntl.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <string>
#include <string_view>

#include "harness/catalogue/verdict.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof::mnt {

// Where most checks make their mount: on the tmpfs of the layer, whose files outside and inside share.
inline constexpr std::string_view kPoint = "/tmp/point";

// A new tmpfs on a directory that is there, with a file `mark` in it. That it is there is seen by its device number,
// lest a mount(2) that says yes and does nothing let the mark fall on what was to be covered.
inline void mount_marked(Actor& actor, std::string_view directory) {
  const auto before = must(sys::stat(actor, directory)).st_dev;
  must(sys::mount(actor, "tmpfs", directory, "tmpfs"));
  if (must(sys::stat(actor, directory)).st_dev == before) throw Broken(say("mount(2) on ", directory, " did nothing"));
  must(sys::make_file(actor, say(directory, "/mark"), "mark"));
}

inline void make_marked(Actor& actor, std::string_view directory) {
  must(sys::mkdir(actor, directory));
  mount_marked(actor, directory);
}

// Whether a path leads to something. Any error but those that say "nothing there" throws Broken.
inline bool reaches(Actor& actor, std::string_view path) {
  const Reply reply = sys::access(actor, path);
  if (reply.error() == ENOENT || reply.error() == ENOTDIR) return false;
  must(reply);
  return true;
}

inline bool sees_mark(Actor& actor, std::string_view directory) { return reaches(actor, say(directory, "/mark")); }

inline Reply bind(Actor& actor, std::string_view from, std::string_view to, std::uint64_t more_flags = 0) {
  return sys::mount(actor, from, to, "", MS_BIND | more_flags);
}

// MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE, for one mount.
inline Reply set_type(Actor& actor, std::string_view target, std::uint64_t type) {
  return sys::mount(actor, "", target, "", type);
}

// A process of outside that has entered the mount namespace of another actor with setns(2). It keeps the privileges
// of outside, so it can mount there whatever user namespace `host` is in.
inline Actor& visitor_of(World& w, Actor& host) {
  Actor& visitor = w.fork(w.outside(), "visitor");
  const auto fd = must(sys::open(visitor, say("/proc/", host.pid(), "/ns/mnt"), O_RDONLY | O_CLOEXEC));
  must(sys::setns(visitor, static_cast<int>(fd), clone_flag(Ns::mnt)));
  return visitor;
}

// Whether the call had its effect decides; the errno must be one that the documentation gives.
inline Observation refusal(const Reply& reply, std::initializer_list<int> errnos, bool effect, std::string_view what) {
  const bool documented = std::find(errnos.begin(), errnos.end(), reply.error()) != errnos.end();
  if (effect && reply.ok()) return allowed(say(what, " succeeded"));
  if (effect) return allowed(say(what, " took effect although it failed with ", errno_name(reply.error())));
  if (reply.ok()) return unknown(say(what, " returned success and had no effect"));
  if (!documented) return unknown(say(what, " failed with ", errno_name(reply.error()), ", which is not documented"));
  return refused(say(what, " was refused with ", errno_name(reply.error())));
}

}  // namespace nsproof::mnt
