// Remote calls about POSIX message queues (mq_overview(7)). Names are the kernel's: without the slash in front.
#pragma once

#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// The queues made here hold four messages of up to 64 bytes, so that they cost little of RLIMIT_MSGQUEUE.
inline constexpr long kQueueMessages = 4;
inline constexpr long kQueueMessageBytes = 64;

Reply mq_open(Actor& actor, std::string_view name, int flags, unsigned mode = 0600);
Reply mq_unlink(Actor& actor, std::string_view name);
// Whether these wait is up to the descriptor: O_NONBLOCK makes them fail with EAGAIN instead.
Reply mq_timedsend(Actor& actor, int queue, std::string_view message, unsigned priority = 0);
Got<std::string> mq_timedreceive(Actor& actor, int queue);

}  // namespace nsproof::sys
