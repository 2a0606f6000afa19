#include "harness/sys/set_tid.h"

#include <linux/sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <csignal>
#include <cstddef>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

// The child must have a channel to wait on, and it is one that leads nowhere: a pair of sockets that it inherits both
// ends of. They are the first thing in the arena, where loaded_word(0) finds one of them.
Step dead_channel() {
  Step made = step(SYS_socketpair, "socketpair",
                   {named(AF_UNIX, "AF_UNIX"), named(SOCK_STREAM | SOCK_CLOEXEC, "SOCK_STREAM|SOCK_CLOEXEC"), num(0),
                    out(2 * sizeof(int))});
  made.plumbing = true;
  made.on_error = wire::OnError::stop;
  return made;
}

}  // namespace

Reply clone3_set_tid(Actor& actor, std::uint64_t flags, const std::vector<int>& numbers) {
  clone_args args{};
  args.flags = flags;
  args.exit_signal = SIGCHLD;
  args.set_tid_size = numbers.size();
  std::string list;
  std::vector<std::string> words;
  for (const int number : numbers) {
    list += raw(number);
    words.push_back(say(number));
  }
  Arg request = record(
      raw(args), say("{flags=", clone_flags_text(flags), ", exit_signal=SIGCHLD, set_tid=[", join(words, ", "), "]}"));
  // A size of zero goes with a null pointer only (clone(2)).
  if (!numbers.empty()) request.pointers = {{offsetof(clone_args, set_tid), record(std::move(list), "")}};
  Step clone =
      step(SYS_clone3, "clone3", {std::move(request), num(sizeof args), null(), null(), null(), loaded_word(0)});
  clone.kind = wire::Kind::clone;
  clone.hidden_args = 4;
  std::vector<Step> steps;
  steps.push_back(dead_channel());
  steps.push_back(std::move(clone));
  std::vector<Reply> replies = actor.batch(std::move(steps));
  return std::move(replies.back());
}

}  // namespace nsproof::sys
