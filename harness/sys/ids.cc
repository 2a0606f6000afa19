#include "harness/sys/ids.h"

#include <linux/capability.h>
#include <sys/syscall.h>

#include "harness/support/text.h"

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

}  // namespace nsproof::sys
