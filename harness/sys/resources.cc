#include "harness/sys/resources.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof::sys {

Reply map_shared(Actor& actor, int fd, std::size_t bytes) {
  return actor.call(
      SYS_mmap, "mmap",
      {null(), num(static_cast<std::int64_t>(bytes)), named(PROT_READ | PROT_WRITE, "PROT_READ|PROT_WRITE"),
       named(MAP_SHARED, "MAP_SHARED"), num(fd), num(0)});
}

Reply ftruncate(Actor& actor, int fd, std::size_t bytes) {
  return actor.call(SYS_ftruncate, "ftruncate", {num(fd), num(static_cast<std::int64_t>(bytes))});
}

Got<std::string> peek(Actor& actor, std::uint64_t where, std::size_t bytes) {
  const Pair pipe_ends = must(pipe(actor));
  Reply put =
      actor.call(SYS_write, "write", {num(pipe_ends.second), hex(where), num(static_cast<std::int64_t>(bytes))});
  Got<std::string> got;
  if (put.ok()) {
    got = read(actor, pipe_ends.first, bytes);
  } else {
    got.reply = std::move(put);
  }
  must(close(actor, pipe_ends.first));
  must(close(actor, pipe_ends.second));
  return got;
}

Reply poke(Actor& actor, std::uint64_t where, std::string_view data) {
  const Pair pipe_ends = must(pipe(actor));
  must(write(actor, pipe_ends.second, data));
  Reply reply =
      actor.call(SYS_read, "read", {num(pipe_ends.first), hex(where), num(static_cast<std::int64_t>(data.size()))});
  must(close(actor, pipe_ends.first));
  must(close(actor, pipe_ends.second));
  return reply;
}

Reply set_limit(Actor& actor, int resource, std::string_view resource_name, std::uint64_t limit) {
  const rlimit both{limit, limit};
  return actor.call(SYS_prlimit64, "prlimit64",
                    {num(0), named(static_cast<std::uint64_t>(resource), std::string(resource_name)),
                     record(raw(both), say("{rlim_cur=", limit, ", rlim_max=", limit, "}")), null()});
}

}  // namespace nsproof::sys
