// A question to the kernel over netlink(7) and its answer, as one frame of a probe. What rtnetlink and nfnetlink share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/support/text.h"
#include "harness/sys/netlink_messages.h"
#include "harness/sys/sys.h"

namespace nsproof::sys {

struct NetlinkRequest {
  std::string bytes;  // one message or several
  std::string text;   // for the transcript
};

// What lay ready in a netlink socket. `reply` is that of the first call that failed, or of the request.
struct NetlinkDatagrams {
  Reply reply;
  std::vector<std::string> datagrams;
};

// How many datagrams are read at once: of a dump, and of a request that is only acknowledged.
inline constexpr std::size_t kDumpDatagrams = 6;
inline constexpr std::size_t kAskDatagrams = 3;

Step netlink_socket_step(int protocol);

// Makes a socket, sends, reads what there is and closes the socket. The kernel answers within the send, or, for the
// later parts of a dump, within the receive, so that nothing has to be waited for.
NetlinkDatagrams netlink_exchange(Actor& actor, int protocol, const NetlinkRequest& request, std::size_t datagrams);
// The same without the request, over a socket that is open.
NetlinkDatagrams netlink_receive(Actor& actor, int fd);

// A request that is acknowledged: the reply has the errno of the acknowledgement. Throws Babbled without one.
Reply netlink_ask(Actor& actor, int protocol, const NetlinkRequest& request);
Reply netlink_ask_by(Actor& actor, int fd, const NetlinkRequest& request);

// The errno of a dump, or nothing if it is whole; throws Broken if it is longer than what is read at once.
Reply dump_reply(Reply reply, const netlink::Answer& answer);

template <class T>
Got<std::vector<T>> netlink_dump(Actor& actor, int protocol, const NetlinkRequest& request,
                                 T (*parse)(const netlink::Message&), std::string (*text)(const T&)) {
  const NetlinkDatagrams answered = netlink_exchange(actor, protocol, request, kDumpDatagrams);
  Got<std::vector<T>> got{answered.reply};
  if (!got.ok()) return got;
  const netlink::Answer answer = netlink::answer_of(answered.datagrams);
  got.reply = dump_reply(std::move(got.reply), answer);
  std::vector<std::string> words;
  for (const netlink::Message& one : answer.messages) {
    got.value.push_back(parse(one));
    words.push_back(text(got.value.back()));
  }
  actor.shows(got.ok() ? say("[", join(words, ", "), "]") : errno_name(got.error()), 1);
  return got;
}

}  // namespace nsproof::sys
