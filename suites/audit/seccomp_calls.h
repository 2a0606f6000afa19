// What the rules about seccomp filters have in common: calls that are tried together, in words what came of them, and
// the texts that close the door to them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/reach.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"

namespace nsproof::audit {

// A call that is tried; without its argument the label is its name.
struct Trial {
  std::string label;  // "socket(AF_ALG)"
  ReachCall call;
};

Trial trial(long number, std::string name, std::array<std::uint64_t, 5> arguments = {});
Trial labelled(std::string label, Trial of);
Trial trial_i386(long number, std::string name, std::array<std::uint64_t, 5> arguments = {});

struct Outcome {
  std::vector<std::string> through;
  std::vector<std::pair<std::string, std::vector<std::string>>> refused;  // by "EPERM", or "killed"
  // "through: mount, umount2; EPERM: fsopen; killed: bpf", with at most a dozen names of each kind.
  [[nodiscard]] std::string text() const;
};

Outcome outcome_of(const std::vector<Trial>& trials, const std::vector<Reached>& answers);
Outcome try_calls(View& view, const std::vector<Trial>& trials);

// Calls that some rule will try: all of them are tried at once with the first.
void announce(const std::vector<Trial>& trials);

// The call of each table that changes nothing, and a number that no table has.
Trial getpid_of(Abi abi);
Trial number_without_call(long number = 700);
// Whether any call of this table kills: then nobody need die for another.
bool table_kills(View& view, Abi abi);

// At most `limit` of the names, and how many more there are.
std::string some_of(const std::vector<std::string>& names, std::size_t limit);

// Whether the audited process has the capability in effect: anywhere, and where the kernel asks for the host's own.
bool holds(View& view, unsigned capability);
bool holds_outside(View& view, unsigned capability);

// "1" of a file of /proc/sys as a number; none if it does not exist. Throws CouldNotLook if it cannot be read.
std::optional<long> number_in(View& view, const std::string& path);

// How all of them are seen.
inline constexpr std::string_view kTried =
    "A filter that is stacked on the container's stops each call that the container's lets through, and so shows which "
    "they are; none of them is executed (seccomp(2), SECCOMP_RET_USER_NOTIF).";

// A change of config.json that appends rules to the filter. Of two rules without arguments for one call libseccomp
// keeps the first, so rules that match one of `without` are taken away: also of those appended, if they match.
std::string filter_change(const std::string& without, const std::string& rules);
// {"names":["mount","umount2"],"action":"SCMP_ACT_ERRNO","errnoRet":1}, and with the action that allows.
std::string refusal_rule(const std::vector<std::string>& names, int error);
std::string allowing_rule(const std::vector<std::string>& names);
// Every refusal of the profile: its default action refuses the same calls, and so gives way to an allowing rule.
inline constexpr std::string_view kAllRefusals = R"({"action":"SCMP_ACT_ERRNO"})";

// Which profile is the answer: that of the engine, or one of one's own, since the engine's lets the calls through.
enum class Profile { usual, stricter };
// `oci` is the change, `names` are the calls that a profile must not allow.
Fix refuse_with(std::string oci, const std::vector<std::string>& names, Profile profile);
// The same with the change made from the names: it refuses them, and takes a rule away that allows just them.
Fix refuse(const std::vector<std::string>& names, int error, Profile profile);

}  // namespace nsproof::audit
