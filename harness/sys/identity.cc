#include "harness/sys/identity.h"

#include <sys/syscall.h>

#include <algorithm>
#include <cstring>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

Got<ThreeIds> three_ids(Actor& actor, long number, std::string_view name) {
  Got<ThreeIds> got{
      actor.call(number, name, {out(sizeof(std::uint32_t)), out(sizeof(std::uint32_t)), out(sizeof(std::uint32_t))})};
  if (!got.ok()) return got;
  got.value = {out_as<std::uint32_t>(got.reply, 0), out_as<std::uint32_t>(got.reply, 1),
               out_as<std::uint32_t>(got.reply, 2)};
  actor.shows(say("[", got.value.real, ", ", got.value.effective, ", ", got.value.saved, "]"));
  return got;
}

std::string text_of(const rlimit& limits) {
  return say("{rlim_cur=", limit_text(limits.rlim_cur), ", rlim_max=", limit_text(limits.rlim_max), "}");
}

Arg resource_arg(int resource, std::string_view name) {
  return named(static_cast<std::uint64_t>(resource), std::string(name));
}

}  // namespace

Got<ThreeIds> getresuid(Actor& actor) { return three_ids(actor, SYS_getresuid, "getresuid"); }
Got<ThreeIds> getresgid(Actor& actor) { return three_ids(actor, SYS_getresgid, "getresgid"); }

Got<std::vector<std::uint32_t>> getgroups(Actor& actor) {
  constexpr std::size_t kMost = 1024;
  Got<std::vector<std::uint32_t>> got{
      actor.call(SYS_getgroups, "getgroups", {num(kMost), out(kMost * sizeof(std::uint32_t))})};
  if (!got.ok()) return got;
  const auto count = static_cast<std::size_t>(got.reply.value);
  if (count > kMost) throw Babbled("getgroups returned more groups than it was asked for");
  got.value.resize(count);
  std::vector<std::string> shown;
  std::memcpy(got.value.data(), out_bytes(got.reply, 0, count * sizeof(std::uint32_t)).data(),
              count * sizeof(std::uint32_t));
  std::sort(got.value.begin(), got.value.end());
  for (const std::uint32_t group : got.value) shown.push_back(std::to_string(group));
  actor.shows(say("[", join(shown, " "), "]"));
  return got;
}

Reply umask(Actor& actor, unsigned mask) { return actor.call(SYS_umask, "umask", {num(mask)}); }

Got<rlimit> get_limit(Actor& actor, int resource, std::string_view resource_name) {
  Got<rlimit> got{actor.call(SYS_prlimit64, "prlimit64",
                             {num(0), resource_arg(resource, resource_name), null(), out(sizeof(rlimit))})};
  if (got.ok()) {
    got.value = out_as<rlimit>(got.reply);
    actor.shows(text_of(got.value));
  }
  return got;
}

Reply set_limits(Actor& actor, int resource, std::string_view resource_name, const rlimit& limits) {
  return actor.call(SYS_prlimit64, "prlimit64",
                    {num(0), resource_arg(resource, resource_name), record(raw(limits), text_of(limits)), null()});
}

std::string limit_text(std::uint64_t limit) { return limit == RLIM_INFINITY ? "unlimited" : std::to_string(limit); }

}  // namespace nsproof::sys
