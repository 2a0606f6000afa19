// Frames as bytes, both ways. Pure: the fuzz target of the frame parser stands on this file alone.
#include <cstring>

#include "harness/actor/transport.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

constexpr std::size_t kAlignment = 16;

// The image of the arena that a request carries.
struct Image {
  std::string data;
  std::uint64_t base;

  std::size_t place(const std::string& bytes) {
    const std::size_t at = (data.size() + kAlignment - 1) / kAlignment * kAlignment;
    data.resize(at);
    data += bytes;
    return at;
  }
  [[nodiscard]] std::uint64_t address(std::size_t offset) const { return base + offset; }
};

std::uint64_t place_memory(Image& image, const Arg& arg, wire::Call& call) {
  std::string data = arg.bytes;
  for (const auto& [offset, pointee] : arg.pointers) {
    const std::uint64_t address =
        pointee.kind == Arg::Kind::memory ? place_memory(image, pointee, call) : pointee.value;
    if (offset + sizeof address > data.size()) throw std::logic_error("a pointer outside its record");
    std::memcpy(data.data() + offset, &address, sizeof address);
  }
  const std::size_t at = image.place(data);
  if (arg.comes_back) {
    // All outputs of a call lie between the first and the last of them, so that one range carries them back.
    if (call.out_bytes == 0) call.out_offset = static_cast<std::uint32_t>(at);
    call.out_bytes = static_cast<std::uint32_t>(at + data.size() - call.out_offset);
  }
  return image.address(at);
}

wire::Call encode_call(const Step& step, Image& image) {
  wire::Call call{};
  call.number = static_cast<std::uint64_t>(step.number);
  call.kind = step.kind;
  call.on_error = step.on_error;
  call.send = step.send;
  call.files = step.files;
  if (step.args.size() > wire::kArguments) throw std::logic_error(step.name + ": too many arguments");
  for (std::size_t i = 0; i < step.args.size(); ++i) {
    const Arg& arg = step.args[i];
    switch (arg.kind) {
      case Arg::Kind::value: call.args[i] = arg.value; break;
      case Arg::Kind::result_of: call.result_of[i] = static_cast<std::uint8_t>(arg.value + 1); break;
      case Arg::Kind::loaded_word:
        call.args[i] = arg.value;
        call.result_of[i] = wire::kLoadWord;
        break;
      case Arg::Kind::memory: call.args[i] = place_memory(image, arg, call); break;
    }
  }
  return call;
}

// The same walk as place_memory, cutting the returned range into the outputs.
void cut_outputs(const Arg& arg, std::size_t& cursor, std::size_t first, std::string_view range,
                 std::vector<std::string>& outs) {
  for (const auto& [offset, pointee] : arg.pointers)
    if (pointee.kind == Arg::Kind::memory) cut_outputs(pointee, cursor, first, range, outs);
  cursor = (cursor + kAlignment - 1) / kAlignment * kAlignment;
  if (arg.comes_back) {
    const std::size_t at = cursor - first;
    outs.emplace_back(at < range.size() ? range.substr(at, arg.bytes.size()) : std::string_view{});
  }
  cursor += arg.bytes.size();
}

std::size_t first_output(const Arg& arg, std::size_t& cursor) {
  for (const auto& [offset, pointee] : arg.pointers) {
    if (pointee.kind != Arg::Kind::memory) continue;
    if (const std::size_t at = first_output(pointee, cursor); at != std::string::npos) return at;
  }
  cursor = (cursor + kAlignment - 1) / kAlignment * kAlignment;
  if (arg.comes_back) return cursor;
  cursor += arg.bytes.size();
  return std::string::npos;
}

std::vector<std::string> outputs(const Step& step, std::size_t& cursor, std::string_view range) {
  std::size_t probe = cursor;
  std::size_t first = std::string::npos;
  for (const Arg& arg : step.args) {
    if (arg.kind != Arg::Kind::memory) continue;
    first = first_output(arg, probe);
    if (first != std::string::npos) break;
  }
  std::vector<std::string> outs;
  for (const Arg& arg : step.args)
    if (arg.kind == Arg::Kind::memory) cut_outputs(arg, cursor, first, range, outs);
  return outs;
}

}  // namespace

std::string encode(std::span<const Step> steps, std::uint64_t arena, std::uint32_t sequence) {
  if (steps.size() > wire::kMaxCalls) throw std::logic_error("too many calls for one frame");
  Image image{{}, arena};
  std::string calls;
  for (const Step& step : steps) calls += raw(encode_call(step, image));
  if (image.data.size() > wire::kArenaBytes) throw std::logic_error("a frame larger than the arena");
  const wire::Request header{wire::kRequestMagic, sequence, static_cast<std::uint32_t>(steps.size()),
                             static_cast<std::uint32_t>(image.data.size())};
  return raw(header) + calls + image.data;
}

std::size_t body_bytes(std::span<const Step> steps, const wire::Reply& header, std::uint32_t sequence) {
  if (header.magic != wire::kReplyMagic) throw Babbled("the probe sent bytes that are no reply");
  if (header.sequence != sequence) throw Babbled("the probe answered a question that was not asked");
  if (header.executed > steps.size() || header.out_bytes > wire::kArenaBytes * wire::kMaxCalls)
    throw Babbled("the probe's reply is larger than the question allows");
  return header.executed * sizeof(wire::Result) + header.out_bytes;
}

std::vector<Reply> decode(std::span<const Step> steps, const wire::Reply& header, std::string_view body) {
  if (header.executed > steps.size() || body.size() < header.executed * sizeof(wire::Result))
    throw Babbled("the probe's reply is cut short");
  const std::size_t results_bytes = header.executed * sizeof(wire::Result);
  std::string_view tail = body.substr(results_bytes);
  std::vector<Reply> replies;
  std::size_t cursor = 0;
  std::vector<std::int64_t> values;
  for (std::uint32_t i = 0; i < header.executed; ++i) {
    wire::Result result;
    std::memcpy(&result, body.data() + i * sizeof result, sizeof result);
    if (result.out_bytes > tail.size()) throw Babbled("the probe's reply names bytes that it did not send");
    Reply reply;
    reply.value = result.value;
    reply.outs = outputs(steps[i], cursor, tail.substr(0, result.out_bytes));
    reply.call = text_of(steps[i], values);
    tail.remove_prefix(result.out_bytes);
    values.push_back(result.value);
    replies.push_back(std::move(reply));
  }
  if (!tail.empty()) throw Babbled("the probe sent bytes that nobody asked for");
  return replies;
}

}  // namespace nsproof
