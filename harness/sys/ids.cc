#include "harness/sys/ids.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <charconv>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof::sys {
namespace {

struct CapHeader {
  std::uint32_t version = _LINUX_CAPABILITY_VERSION_3;
  int pid = 0;
};

// The low words of the three sets, then the high words (capget(2)).
struct CapData {
  std::uint32_t words[2][3];
};

std::string text_of(const Capabilities& set) {
  return say("{effective=", hex(set.effective).text, ", permitted=", hex(set.permitted).text,
             ", inheritable=", hex(set.inheritable).text, "}");
}

std::uint64_t join_words(const CapData& data, int set) {
  return data.words[0][set] | static_cast<std::uint64_t>(data.words[1][set]) << 32;
}

std::uint64_t number_in(std::string_view text, int base) {
  const std::string digits = trim(text);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw Babbled(say("not a number: ", quoted(digits)));
  return number;
}

}  // namespace

Reply getuid(Actor& actor) { return actor.call(SYS_getuid, "getuid", {}); }
Reply geteuid(Actor& actor) { return actor.call(SYS_geteuid, "geteuid", {}); }
Reply getgid(Actor& actor) { return actor.call(SYS_getgid, "getgid", {}); }

Reply setresuid(Actor& actor, std::int64_t real, std::int64_t effective, std::int64_t saved) {
  return actor.call(SYS_setresuid, "setresuid", {num(real), num(effective), num(saved)});
}

Reply setresgid(Actor& actor, std::int64_t real, std::int64_t effective, std::int64_t saved) {
  return actor.call(SYS_setresgid, "setresgid", {num(real), num(effective), num(saved)});
}

Reply setgroups(Actor& actor, const std::vector<std::uint32_t>& groups) {
  std::string data;
  std::vector<std::string> names;
  for (const std::uint32_t group : groups) {
    data += raw(group);
    names.push_back(std::to_string(group));
  }
  return actor.call(SYS_setgroups, "setgroups",
                    {num(static_cast<std::int64_t>(groups.size())), record(data, say("[", join(names, " "), "]"))});
}

Got<Capabilities> capget(Actor& actor, int pid) {
  const CapHeader header{.pid = pid};
  Got<Capabilities> got{
      actor.call(SYS_capget, "capget", {record(raw(header), say("{pid=", pid, "}")), out(sizeof(CapData))})};
  if (got.ok()) {
    const auto data = out_as<CapData>(got.reply);
    got.value = {join_words(data, 0), join_words(data, 1), join_words(data, 2)};
    actor.shows(text_of(got.value));
  }
  return got;
}

Reply capset(Actor& actor, const Capabilities& set) {
  CapData data{};
  const std::uint64_t sets[] = {set.effective, set.permitted, set.inheritable};
  for (int i = 0; i < 3; ++i) {
    data.words[0][i] = static_cast<std::uint32_t>(sets[i]);
    data.words[1][i] = static_cast<std::uint32_t>(sets[i] >> 32);
  }
  return actor.call(SYS_capset, "capset", {record(raw(CapHeader{}), "{pid=0}"), record(raw(data), text_of(set))});
}

Got<CapabilitySets> capability_sets(Actor& actor) {
  Got<std::string> status = read_file(actor, "/proc/self/status");
  Got<CapabilitySets> got{std::move(status.reply)};
  if (!got.ok()) return got;
  CapabilitySets& sets = got.value;
  const std::pair<std::string_view, std::uint64_t*> fields[] = {{"CapInh:", &sets.inheritable},
                                                                {"CapPrm:", &sets.permitted},
                                                                {"CapEff:", &sets.effective},
                                                                {"CapBnd:", &sets.bounding},
                                                                {"CapAmb:", &sets.ambient}};
  std::string shown;
  for (const auto& [name, set] : fields) {
    bool found = false;
    for (const std::string& line : lines_of(status.value)) {
      if (!line.starts_with(name)) continue;
      *set = number_in(line.substr(name.size()), 16);
      found = true;
    }
    if (!found) throw Babbled(say("/proc/self/status has no ", name));
    shown += say(shown.empty() ? "{" : ", ", name, " ", hex(*set).text);
  }
  actor.shows(shown + "}", 1);
  return got;
}

Got<std::uint64_t> every_capability(Actor& actor) {
  Got<std::string> last = read_file(actor, "/proc/sys/kernel/cap_last_cap");
  Got<std::uint64_t> got{std::move(last.reply)};
  if (!got.ok()) return got;
  const std::uint64_t number = number_in(last.value, 10);
  if (number > 63) throw Babbled("/proc/sys/kernel/cap_last_cap is no capability");
  got.value = number == 63 ? ~0ULL : (1ULL << (number + 1)) - 1;
  return got;
}

Reply drop_bounding(Actor& actor, unsigned capability) {
  return actor.call(SYS_prctl, "prctl",
                    {named(PR_CAPBSET_DROP, "PR_CAPBSET_DROP"), num(capability), num(0), num(0), num(0)});
}

Reply raise_ambient(Actor& actor, unsigned capability) {
  return actor.call(SYS_prctl, "prctl",
                    {named(PR_CAP_AMBIENT, "PR_CAP_AMBIENT"), named(PR_CAP_AMBIENT_RAISE, "PR_CAP_AMBIENT_RAISE"),
                     num(capability), num(0), num(0)});
}

}  // namespace nsproof::sys
