// PID namespaces: a process born with numbers of its creator's choice, as checkpoint and restore need it (clone(2),
// "set_tid").
#include <linux/sched.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/process.h"
#include "harness/sys/set_tid.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// Numbers that nothing in the few processes of a world comes near.
constexpr int kInner = 500;
constexpr int kOuter = 3000;

enum class Choice { by_creator, by_kernel };

template <Choice choice>
Observation numbers_as_asked(World& w) {
  const std::vector<int> asked = choice == Choice::by_creator ? std::vector{kInner, kOuter} : std::vector<int>{};
  const auto number = must(sys::clone3_set_tid(w.inside(), 0, asked));
  const auto status = sys::read_file(w.outside(), say("/proc/", kOuter, "/status"));
  if (!status.ok()) return allowed(say("the child is ", number, " inside and not ", kOuter, " outside"));
  for (const std::string& line : lines_of(status.value))
    if (line == say("NSpid:\t", kOuter, "\t", kInner) && number == kInner)
      return refused(say("the child is ", kInner, " inside and ", kOuter, " outside, as asked"));
  return unknown(say("there is a process ", kOuter, ", but its other number is not ", kInner));
}

Observation judge(const Reply& reply, int refusal) {
  if (reply.ok()) return allowed(say(reply.call, " made process ", reply.value));
  if (reply.error() == refusal) return refused(say(reply.call, " is refused with ", errno_name(refusal)));
  return unknown(say(reply.call, " failed with ", errno_name(reply.error())));
}

enum class Number { busy, free };

template <Number number>
Observation number_taken(World& w) {
  const auto asked = number == Number::busy ? static_cast<int>(must(sys::getpid(w.inside()))) : kInner;
  return judge(sys::clone3_set_tid(w.inside(), 0, {asked}), EEXIST);
}

enum class Privilege { dropped, kept };

template <Privilege privilege>
Observation number_for_the_powerless(World& w) {
  if (privilege == Privilege::dropped) must(sys::capset(w.inside(), {}));
  return judge(sys::clone3_set_tid(w.inside(), 0, {kInner}), EPERM);
}

template <int first>
Observation first_number(World& w) {
  return judge(sys::clone3_set_tid(w.inside(), CLONE_NEWPID, {first}), EINVAL);
}

const Rows rows = {
    {
        .id = "pid.set-tid.one-per-level",
        .claim = "A process can be made with a chosen number for its own pid namespace and for every ancestor.",
        .how = "Inside asks clone3(2) for a number inside and one outside; outside reads NSpid of the child.",
        .source = "clone(2), \"set_tid\"",
        .since = {5, 5},
        .sandbox = {.namespaces = Ns::pid},
        .check = numbers_as_asked<Choice::by_creator>,
        .control = numbers_as_asked<Choice::by_kernel>,
        .control_differs = "no numbers are asked for",
    },
    {
        .id = "pid.set-tid.busy-refused",
        .claim = "A number that a process of the pid namespace has cannot be given to another one.",
        .how = "Inside asks clone3(2) for its own number for a child.",
        .source = "clone(2), \"EEXIST\"",
        .since = {5, 5},
        .sandbox = {.namespaces = Ns::pid},
        .check = number_taken<Number::busy>,
        .control = number_taken<Number::free>,
        .control_differs = "the number is free",
    },
    {
        .id = "pid.set-tid.needs-privilege",
        .claim = "Choosing the number of a process needs a capability over its pid namespace.",
        .how = "Inside drops all capabilities and asks clone3(2) for a number for a child.",
        .source = "clone(2), \"EPERM\"",
        .since = {5, 5},
        .sandbox = {.namespaces = Ns::pid},
        .check = number_for_the_powerless<Privilege::dropped>,
        .control = number_for_the_powerless<Privilege::kept>,
        .control_differs = "inside keeps its capabilities",
    },
    {
        .id = "pid.set-tid.first-must-be-one",
        .claim = "The first process of a pid namespace can have no other number than 1.",
        .how = "Inside asks clone3(2) with CLONE_NEWPID for another number for the child.",
        .source = "clone(2), \"EINVAL\"",
        .since = {5, 5},
        .sandbox = {.namespaces = Ns::pid},
        .check = first_number<2>,
        .control = first_number<1>,
        .control_differs = "the number asked for is 1",
    },
};

}  // namespace
}  // namespace nsproof
