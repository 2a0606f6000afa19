#include "suites/audit/seccomp_calls.h"

#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kNames = 12;  // of one kind in a sentence

std::vector<ReachCall>& announced() {
  static std::vector<ReachCall> all;
  return all;
}

// One round of questions for all rules is several times quicker than one for each. Not where the filter kills: there
// every question costs a life. Whoever came first does not show the others' calls as its own evidence.
void try_announced(View& view) {
  bool first = false;
  view.ask("calls announced", [&](Actor&) {
    first = true;
    return sys::Got<std::string>{};
  });
  if (!first) return;
  if (view.reach(number_without_call().call).how != Reached::How::killed) view.reach(announced());
  view.take_evidence();
}

std::string answer_text(const Reached& answer) {
  return answer.how == Reached::How::killed ? "killed" : errno_name(answer.error);
}

}  // namespace

Trial trial(long number, std::string name, std::array<std::uint64_t, 5> arguments) {
  return {name, {number, name, arguments, Abi::native}};
}

Trial labelled(std::string label, Trial of) {
  of.label = std::move(label);
  return of;
}

Trial trial_i386(long number, std::string name, std::array<std::uint64_t, 5> arguments) {
  return {name, {number, name, arguments, Abi::i386}};
}

std::string some_of(const std::vector<std::string>& names, std::size_t limit) {
  if (names.size() <= limit) return join(names, ", ");
  return say(join({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(limit)}, ", "), " and ",
             names.size() - limit, " more");
}

std::string Outcome::text() const {
  std::vector<std::string> parts;
  if (!through.empty()) parts.push_back(say("through: ", some_of(through, kNames)));
  for (const auto& [how, names] : refused) parts.push_back(say(how, ": ", some_of(names, kNames)));
  return join(parts, "; ");
}

Outcome outcome_of(const std::vector<Trial>& trials, const std::vector<Reached>& answers) {
  Outcome outcome;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Reached& answer = answers.at(i);
    if (answer.how == Reached::How::reached) {
      outcome.through.push_back(trials[i].label);
      continue;
    }
    const std::string how = answer_text(answer);
    auto found =
        std::find_if(outcome.refused.begin(), outcome.refused.end(), [&](const auto& one) { return one.first == how; });
    if (found == outcome.refused.end()) found = outcome.refused.insert(found, {how, {}});
    found->second.push_back(trials[i].label);
  }
  return outcome;
}

Outcome try_calls(View& view, const std::vector<Trial>& trials) {
  try_announced(view);
  std::vector<ReachCall> calls;
  calls.reserve(trials.size());
  for (const Trial& one : trials) calls.push_back(one.call);
  return outcome_of(trials, view.reach(calls));
}

void announce(const std::vector<Trial>& trials) {
  for (const Trial& one : trials) announced().push_back(one.call);
}

Trial number_without_call(long number) { return trial(number, std::to_string(number)); }

Trial getpid_of(Abi abi) {
  constexpr long kNumber32 = 20;
  if (abi == Abi::i386) return trial_i386(kNumber32, "getpid");
  Trial made = trial(SYS_getpid, "getpid");
  made.call.abi = abi;
  return made;
}

bool table_kills(View& view, Abi abi) {
  if (abi == Abi::native) return view.reach(number_without_call().call).how == Reached::How::killed;
  // Both at once, for each death means a new process and filter.
  view.reach({getpid_of(Abi::i386).call, getpid_of(Abi::x32).call});
  return view.reach(getpid_of(abi).call).how == Reached::How::killed;
}

bool holds(View& view, unsigned capability) { return view.status().effective(capability); }

bool holds_outside(View& view, unsigned capability) {
  return holds(view, capability) && view.user_namespace().ownership != Ownership::own;
}

std::optional<long> number_in(View& view, const std::string& path) {
  const sys::Got<std::string>& text = view.file(path);
  if (text.error() == ENOENT) return std::nullopt;
  if (!text.ok()) throw CouldNotLook(say(path, ": ", errno_name(text.error())));
  const std::string word = trim(text.value);
  long value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size())
    throw CouldNotLook(say(path, " holds no number: ", quoted(word)));
  return value;
}

namespace {

std::string quoted_names(const std::vector<std::string>& names) {
  std::vector<std::string> words;
  words.reserve(names.size());
  for (const std::string& name : names) words.push_back(say("\"", name, "\""));
  return join(words, ",");
}

}  // namespace

std::string refusal_rule(const std::vector<std::string>& names, int error) {
  return say(R"({"names":[)", quoted_names(names), R"(],"action":"SCMP_ACT_ERRNO","errnoRet":)", error, "}");
}

std::string allowing_rule(const std::vector<std::string>& names) {
  return say(R"({"names":[)", quoted_names(names), R"(],"action":"SCMP_ACT_ALLOW"})");
}

std::string filter_change(const std::string& without, const std::string& rules) {
  return say(R"({"linux":{"seccomp":{"-syscalls":[)", without, R"(],"+syscalls":[)", rules, "]}}}");
}

Fix refuse_with(std::string oci, const std::vector<std::string>& names, Profile profile) {
  const std::string own = say("--security-opt seccomp=profile.json, whose rules do not allow ", join(names, ", "));
  if (profile == Profile::usual)
    return {.oci = std::move(oci),
            .docker = "without --security-opt seccomp=unconfined and without --privileged",
            .podman = own,
            .kubernetes = "securityContext: {seccompProfile: {type: RuntimeDefault}}",
            .bwrap = "--seccomp 10 10<filter.bpf"};
  return {.oci = std::move(oci),
          .docker = own,
          .kubernetes = "securityContext: {seccompProfile: {type: Localhost, localhostProfile: profile.json}}",
          .bwrap = "--seccomp 10 10<filter.bpf"};
}

Fix refuse(const std::vector<std::string>& names, int error, Profile profile) {
  return refuse_with(filter_change(allowing_rule(names), refusal_rule(names, error)), names, profile);
}

}  // namespace nsproof::audit
