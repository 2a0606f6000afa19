#include "harness/sys/mqueue.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/syscall.h>

#include <cstdio>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {

Reply mq_open(Actor& actor, std::string_view name, int flags, unsigned mode) {
  const auto bits = static_cast<std::uint64_t>(flags);
  std::vector<Arg> args = {path(name), named(bits, open_flags_text(bits))};
  if ((flags & O_CREAT) != 0) {
    char octal[16];
    std::snprintf(octal, sizeof octal, "0%o", mode);
    args.push_back(named(mode, octal));
    mq_attr attributes{};
    attributes.mq_maxmsg = kQueueMessages;
    attributes.mq_msgsize = kQueueMessageBytes;
    args.push_back(
        record(raw(attributes), say("{mq_maxmsg=", kQueueMessages, ", mq_msgsize=", kQueueMessageBytes, "}")));
  }
  return actor.call(SYS_mq_open, "mq_open", std::move(args));
}

Reply mq_unlink(Actor& actor, std::string_view name) { return actor.call(SYS_mq_unlink, "mq_unlink", {path(name)}); }

Reply mq_timedsend(Actor& actor, int queue, std::string_view message, unsigned priority) {
  return actor.call(
      SYS_mq_timedsend, "mq_timedsend",
      {num(queue), bytes(message), num(static_cast<std::int64_t>(message.size())), num(priority), null()});
}

Got<std::string> mq_timedreceive(Actor& actor, int queue) {
  Step receive = step(SYS_mq_timedreceive, "mq_timedreceive",
                      {num(queue), out(kQueueMessageBytes), num(kQueueMessageBytes), null(), null()});
  receive.send = wire::Send::as_returned;
  Got<std::string> got{actor.call(std::move(receive))};
  if (got.ok()) {
    got.value = out_bytes(got.reply, 0, 0);
    actor.shows(quoted(got.value));
  }
  return got;
}

}  // namespace nsproof::sys
