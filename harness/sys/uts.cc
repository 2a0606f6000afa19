#include "harness/sys/uts.h"

#include <sys/syscall.h>
#include <sys/utsname.h>

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

}  // namespace nsproof::sys
