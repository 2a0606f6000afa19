#include "harness/world/enter.h"

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/nsfs.h"
#include "harness/sys/process.h"

namespace nsproof {

void must_enter(Actor& actor, int pid, Ns type) {
  const auto fd = static_cast<int>(must(sys::open_ns(actor, std::to_string(pid), type)));
  must_enter_descriptor(actor, fd, type);
  must(sys::close(actor, fd));
}

void must_enter_descriptor(Actor& actor, int fd, Ns type) {
  must(sys::setns(actor, fd, clone_flag(type)));
  // setns moves one thread, which may not be the one that "self" is. A pid namespace is entered by the next child
  // (setns(2)).
  const std::string link = type == Ns::pid ? "pid_for_children" : std::string(name_of(type));
  if (must(sys::ns_identity(actor, "thread-self", link)) != must(sys::ns_identity(actor, fd)))
    throw Broken(say(actor.name(), " joined a ", name_of(type), " namespace, setns said, but is not in it"));
}

}  // namespace nsproof
