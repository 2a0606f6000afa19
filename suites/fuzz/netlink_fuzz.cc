// The netlink parsers read datagrams that a probe hands over: any bytes must give messages or Babbled (libFuzzer).
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/actor/transport.h"
#include "harness/sys/netlink_messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const std::vector<std::string> datagrams = {std::string(bytes)};
    const nsproof::netlink::Answer answer = nsproof::netlink::answer_of(datagrams);
    for (const nsproof::netlink::Message& message : answer.messages) {
      nsproof::netlink::link_of(message);
      nsproof::netlink::address_of(message);
      nsproof::netlink::route_of(message);
    }
  } catch (const nsproof::Babbled&) {
  }
  try {
    nsproof::netlink::attributes_of(bytes);
  } catch (const nsproof::Babbled&) {
  }
  return 0;
}
