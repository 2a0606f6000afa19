#include "harness/actor/step.h"

#include <charconv>

#include "harness/support/text.h"

namespace nsproof {
namespace {

Arg memory(std::string data, std::string text, bool comes_back) {
  Arg arg;
  arg.kind = Arg::Kind::memory;
  arg.bytes = std::move(data);
  arg.comes_back = comes_back;
  arg.text = std::move(text);
  return arg;
}

std::string hex_text(std::uint64_t value) {
  char buffer[24] = "0x";
  const auto end = std::to_chars(buffer + 2, buffer + sizeof buffer, value, 16);
  return {buffer, end.ptr};
}

void append_outputs(const Arg& arg, std::vector<std::string>& outs) {
  for (const auto& [offset, pointee] : arg.pointers)
    if (pointee.kind == Arg::Kind::memory) append_outputs(pointee, outs);
  if (arg.comes_back) outs.push_back(arg.bytes);
}

}  // namespace

Arg named(std::uint64_t value, std::string text) {
  Arg arg;
  arg.value = value;
  arg.text = std::move(text);
  return arg;
}

Arg num(std::int64_t value) { return named(static_cast<std::uint64_t>(value), std::to_string(value)); }
Arg hex(std::uint64_t value) { return named(value, hex_text(value)); }
Arg null() { return named(0, "NULL"); }
Arg address(std::uint64_t value, std::string text) { return named(value, std::move(text)); }

Arg str(std::string_view text) { return memory(std::string(text) + '\0', quoted(text), false); }
Arg path(std::string_view text) { return memory(std::string(text) + '\0', quoted(text, 4096), false); }
Arg bytes(std::string_view data) { return memory(std::string(data), quoted(data), false); }
Arg record(std::string data, std::string text) { return memory(std::move(data), std::move(text), false); }
Arg out(std::size_t size) { return memory(std::string(size, '\0'), "", true); }
Arg in_out(std::string data, std::string text) { return memory(std::move(data), std::move(text), true); }

Arg result_of(int step) {
  Arg arg;
  arg.kind = Arg::Kind::result_of;
  arg.value = static_cast<std::uint64_t>(step);
  return arg;
}

Arg loaded_word(std::uint32_t offset) {
  Arg arg;
  arg.kind = Arg::Kind::loaded_word;
  arg.value = offset;
  return arg;
}

std::string text_of(const Step& step, std::span<const std::int64_t> results) {
  std::string text = step.name + "(";
  bool first = true;
  const std::size_t shown = step.args.size() - static_cast<std::size_t>(step.hidden_args);
  for (std::size_t i = 0; i < shown; ++i) {
    const Arg& arg = step.args[i];
    if (!first) text += ", ";
    first = false;
    if (arg.kind == Arg::Kind::result_of) {
      text += arg.value < results.size() ? std::to_string(results[arg.value]) : "?";
    } else {
      text += arg.text.empty() ? "..." : arg.text;
    }
  }
  return text + ")";
}

Reply unchanged_reply(const Step& step) {
  Reply reply;
  for (const Arg& arg : step.args) append_outputs(arg, reply.outs);
  return reply;
}

}  // namespace nsproof
