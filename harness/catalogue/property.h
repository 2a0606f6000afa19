// A property: one claim about isolation, where it comes from, and the check that puts it to the test.
// A row in any file under suites/conformance is all it takes; every front end and report is made from the rows.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "harness/catalogue/needs.h"
#include "harness/catalogue/verdict.h"
#include "harness/world/sandbox.h"

namespace nsproof {

class World;
struct Contract;

// The id of a row, which also remembers where the row stands.
struct Id : std::string_view {
  // The builtins behind std::source_location, which clang 14 does not have.
  constexpr Id(const char* text,  // NOLINT(google-explicit-constructor): `.id = "uts.hostname.private"`
               const char* in_file = __builtin_FILE(), unsigned at_line = __builtin_LINE())
      : std::string_view(text), file(in_file), line(at_line) {}
  const char* file;
  unsigned line;
};

// Acts through the actors of a world and says what it saw. Throws Broken when a set-up step fails.
using Check = Observation (*)(World&);

// Which of the sandbox's processes a claim is about.
enum class Member {
  any,   // holds for every process inside
  init,  // about the first process of the sandbox, so only ways that make `inside` that process can show it
};

// What the actors of a check do.
enum class Manner {
  act,   // they change something, be it for a moment
  look,  // they only look, so that the claim can be put to a container that somebody uses
};

// Where a claim about the kernel can be put to the test.
enum class Reach {
  own_sandbox,  // in sandboxes that the harness made: it asks for privileges or files that no other need have
  any_sandbox,  // in a runtime's, too: it asks of inside what any process may do, and leaves nothing behind
  any_alone,    // the same, but what it leaves behind could be seen: in a container that no other property uses
};

struct Property {
  Id id;                                      // area.subject.claim, stable for ever
  std::string_view claim;                     // one sentence that is true on a healthy kernel
  std::string_view how;                       // how the check tells, in a sentence or two
  std::string_view source;                    // man page, kernel document, commit or CVE
  KernelVersion since;                        // the first kernel that has it
  std::vector<KernelVersion> backports = {};  // and the stable releases of older series that took it over: {6, 1, 20}

  // Isolation claims: the namespace type that isolates. The subject has it, the control is the same world without.
  std::optional<Ns> isolated_by = std::nullopt;
  // Types that give the same result for another reason (a user namespace takes away the privilege to interfere, say);
  // the control withholds them too and the truth table knows them. `exception` says why.
  NsSet also_isolated_by = {};
  std::string_view exception = {};

  // What the sandbox has besides, in subject and control alike.
  Sandbox sandbox = {};
  Member member = Member::any;
  Reach reach = Reach::own_sandbox;
  Manner manner = Manner::act;
  NsSet makes = {};  // types that the check makes or joins by itself, besides the sandbox's and that of its area
  std::vector<Need> needs = {};

  Check check = nullptr;

  // Rules ("a second unshare is refused"): the neighbouring case that must be allowed, and in words what differs.
  Check control = nullptr;
  std::string_view control_differs = {};

  // Claims about a runtime: what this target was asked for, in words; nothing if it was not asked, and then there is
  // nothing to judge. Null: users believe it of every sandbox, asked or not.
  std::optional<std::string> (*asked)(const Contract&) = nullptr;
};

// Puts rows into the catalogue before main() begins: `const Rows rows = {{.id = ...}, ...};`
class Rows {
 public:
  Rows(std::initializer_list<Property> rows);
};

// The same for claims about runtimes, whose subject is a target and whose control is the same check, or the row's own,
// in a process that nothing isolates.
class RuntimeRows {
 public:
  RuntimeRows(std::initializer_list<Property> rows);
};

// All rows about the kernel, and all about runtimes, sorted by id.
const std::vector<Property>& catalogue();
const std::vector<Property>& runtime_catalogue();

// Of either catalogue.
const Property* find_property(std::string_view id);
std::string_view area_of(const Property& property);  // "uts" of "uts.hostname.private"

// What is wrong with the rows themselves: a duplicate id, a claim without control or source. Empty if nothing is.
std::vector<std::string> defects(const std::vector<Property>& rows);
std::vector<std::string> runtime_defects(const std::vector<Property>& rows);

// The namespaces of the subject and of the control of an isolation claim.
NsSet subject_namespaces(const Property& property);
NsSet control_namespaces(const Property& property);

// Whether a sandbox with these types must isolate (the truth table), for properties that a sweep can judge.
bool can_sweep(const Property& property);
bool must_isolate(const Property& property, NsSet combination);

// Whether this way of creation can show the property.
bool shown_by(const Property& property, Way way);

// Whether a kernel has it by its version, and the versions from which on: "6.3", "6.3 or 6.1.20".
bool exists_on(const Property& property, KernelVersion kernel);
std::string since_text(const Property& property);

// The types without which the check cannot run: the sandbox's, that of its area, and those that it makes by itself.
NsSet needed_namespaces(const Property& property);

// Why the property cannot be tested here; nothing if it can.
std::optional<std::string> unmet_need(const Property& property, const Facts& facts);

// How the control breaks the claim, in words: the row's, or derived from what it withholds.
std::string control_text(const Property& property);

}  // namespace nsproof
