#include "suites/audit/seccomp_fingerprint.h"

#include <cstdint>

#include "harness/support/text.h"
#include "suites/audit/seccomp_calls.h"
#include "suites/audit/seccomp_sweep.h"

namespace nsproof::audit {

std::string fingerprint(const std::vector<long>& numbers) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const long number : numbers) {
    for (const char c : say(number, " ")) {
      hash ^= static_cast<unsigned char>(c);
      hash *= 0x100000001b3;
    }
  }
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; hash >>= 4) text[i] = "0123456789abcdef"[hash & 15];
  return text;
}

std::string ranges(const std::vector<long>& numbers, std::size_t limit) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t end = i;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    const std::string range =
        say(text.empty() ? "" : " ", numbers[i], end > i ? say("-", numbers[end]) : std::string());
    if (text.size() + range.size() > limit) return say(text, " and ", numbers.size() - i, " more");
    text += range;
    i = end + 1;
  }
  return text;
}

namespace {

// More than any table has; fixed, so that the same filter gives the same text on every kernel.
constexpr long kNumbers = kMostNumbers;
constexpr std::size_t kShown = 400;

constexpr char kTrouble = '!';

// Shown as one line: 512 of them would tell nobody anything.
sys::Got<std::string> swept(Actor& actor, Abi abi) {
  sys::Got<std::string> answers;
  try {
    answers.value = sweep(actor, abi, kNumbers);
  } catch (const Broken& broken) {
    // The one who called is gone, and who looks is not.
    if (actor.busy()) throw;
    answers.value = kTrouble + std::string(broken.what());
  }
  actor.transcript().entries.push_back({actor.name(),
                                        say("syscall(0..", kNumbers - 1, ")"),
                                        0,
                                        {},
                                        "{each on top of a filter of ours, which stops what comes through}",
                                        0});
  return answers;
}

Sight look_at_set(View& view, Abi abi, const std::string& name) {
  if (view.status().seccomp_mode == 0) return not_applicable("there is no filter: every call gets through");
  if (abi != Abi::native && !sys::has_compat_gate()) return not_applicable("this machine has no such calls");
  if (abi != Abi::native && table_kills(view, abi))
    return not_applicable(say(name, ": no call gets through, for the very first kills; set ", fingerprint({})));
  if (table_kills(view, Abi::native))
    return unknown(say("the filter kills for what it refuses, and ", kNumbers, " deaths would fill the host's log"));
  const std::string& all = view.ask(say("sweep ", name), [&](Actor& actor) { return swept(actor, abi); }).value;
  if (all.starts_with(kTrouble)) return unknown(all.substr(1));
  std::vector<long> through;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] == 't') through.push_back(static_cast<long>(i));
  return not_applicable(say(name, ": set ", fingerprint(through), ", ", through.size(), " of the numbers 0 to ",
                            kNumbers - 1, " get through: ", ranges(through, kShown)));
}

struct Table {
  Abi abi;
  std::string id;
  std::string name;
};

std::vector<Rule> make_rules() {
#if defined(__x86_64__)
  const std::vector<Table> tables = {
      {Abi::native, "native", "64-bit calls"}, {Abi::i386, "i386", "32-bit calls"}, {Abi::x32, "x32", "x32 calls"}};
#else
  const std::vector<Table> tables = {{Abi::native, "native", "system calls"}};
#endif
  std::vector<Rule> all;
  all.reserve(tables.size());
  for (const Table& table : tables) {
    all.push_back({.id = say("seccomp.fingerprint.", table.id),
                   .title = say("The set of ", table.name, " that the seccomp filter lets through."),
                   .severity = Severity::info,
                   .why = "A profile that an update has changed, or that is not the one asked for, has another set.",
                   .how = say(kTried, " Each number from 0 to ", kNumbers - 1,
                              " is tried with arguments of 0, but for 335 and 336, which pass every filter."),
                   .references = {"seccomp(2)", "syscalls(2)"},
                   .side = Side::inside,
                   .look = [table](View& view) { return look_at_set(view, table.abi, table.name); }});
  }
  return all;
}

const Rules rows(make_rules());

}  // namespace
}  // namespace nsproof::audit
