#include "harness/sys/uts.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include <cstddef>
#include <cstring>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

template <std::size_t Size>
std::string field(const char (&bytes)[Size]) {
  return {bytes, ::strnlen(bytes, Size)};
}

}  // namespace

Got<Uts> uname(Actor& actor) {
  Got<Uts> got{actor.call(SYS_uname, "uname", {out(sizeof(utsname))})};
  if (got.ok()) {
    const auto raw_names = out_as<utsname>(got.reply);
    got.value = {field(raw_names.sysname), field(raw_names.nodename), field(raw_names.release),
                 field(raw_names.version), field(raw_names.machine),  field(raw_names.domainname)};
    actor.shows(say("{nodename=", quoted(got.value.nodename), ", domainname=", quoted(got.value.domainname),
                    ", release=", quoted(got.value.release), "}"));
  }
  return got;
}

Reply sethostname(Actor& actor, std::string_view name) {
  return actor.call(SYS_sethostname, "sethostname", {bytes(name), num(static_cast<std::int64_t>(name.size()))});
}

Reply setdomainname(Actor& actor, std::string_view name) {
  return actor.call(SYS_setdomainname, "setdomainname", {bytes(name), num(static_cast<std::int64_t>(name.size()))});
}

Got<std::string> uname_release_bytes(Actor& actor, char fill) {
  Got<std::string> got{actor.call(SYS_uname, "uname", {in_out(std::string(sizeof(utsname), fill), "...")})};
  if (got.ok()) {
    got.value = out_bytes(got.reply, 0, sizeof(utsname)).substr(offsetof(utsname, release), sizeof(utsname::release));
    actor.shows(say("{release=", quoted(got.value, got.value.size()), "}"));
  }
  return got;
}

Got<std::string> getcwd_bytes(Actor& actor, char fill) {
  constexpr std::size_t kSize = sizeof(utsname::release);
  Got<std::string> got{actor.call(SYS_getcwd, "getcwd", {in_out(std::string(kSize, fill), "..."), num(kSize)})};
  if (got.ok()) {
    got.value = out_bytes(got.reply, 0, kSize);
    actor.shows(quoted(got.value, got.value.size()));
  }
  return got;
}

Reply personality(Actor& actor, std::uint64_t persona, std::string_view persona_name) {
  return actor.call(SYS_personality, "personality", {named(persona, std::string(persona_name))});
}

Reply poll_change(Actor& actor, int fd, Milliseconds timeout) {
  const pollfd polled{fd, POLLERR | POLLPRI, 0};
  const timespec time{timeout.count() / 1000, timeout.count() % 1000 * 1'000'000};
  Reply reply = actor.call(SYS_ppoll, "ppoll",
                           {in_out(raw(polled), say("[{fd=", fd, ", events=POLLERR|POLLPRI}]")), num(1),
                            record(raw(time), say(timeout.count(), " ms")), null(), num(0)});
  if (reply.ok() && reply.value > 0)
    actor.shows(say("{revents=", hex(static_cast<unsigned short>(out_as<pollfd>(reply).revents)).text, "}"));
  return reply;
}

}  // namespace nsproof::sys
