// One decoder, by the table of well-formed sequences of the Unicode standard (section 3.9, table 3-7), and what is
// built on it.
#include "reports/escape.h"

#include <algorithm>
#include <cstddef>

#include "harness/support/text.h"

namespace nsproof {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t index) { return static_cast<unsigned char>(bytes[index]); }

struct Decoded {
  char32_t character = 0;
  std::size_t length = 0;  // 0: not well-formed here
};

Decoded decode(std::string_view bytes) {
  const unsigned lead = byte_at(bytes, 0);
  if (lead < 0x80) return {lead, 1};
  std::size_t length = 0;
  if (lead >= 0xc2 && lead <= 0xdf) length = 2;
  if (lead >= 0xe0 && lead <= 0xef) length = 3;
  if (lead >= 0xf0 && lead <= 0xf4) length = 4;
  if (length == 0 || bytes.size() < length) return {};
  // The second byte is where overlong forms, surrogates and what lies beyond U+10FFFF are told apart.
  const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (byte_at(bytes, 1) < low || byte_at(bytes, 1) > high) return {};
  char32_t character = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned next = byte_at(bytes, i);
    if (next < 0x80 || next > 0xbf) return {};
    character = (character << 6) | (next & 0x3f);
  }
  return {character, length};
}

bool harmless(char32_t c) {
  if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return false;
  if (c == 0x61c || c == 0x200e || c == 0x200f) return false;
  if ((c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)) return false;
  return (c & 0xfffe) != 0xfffe && (c < 0xfdd0 || c > 0xfdef);
}

void append_hex(std::string& text, std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += "\\x";
    text += kHex[byte_at(bytes, i) >> 4];
    text += kHex[byte_at(bytes, i) & 15];
  }
}

enum class Breaks { keep, show };

std::string shown(std::string_view bytes, Breaks breaks) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const Decoded next = decode(bytes);
    const std::string_view part = bytes.substr(0, std::max<std::size_t>(next.length, 1));
    const bool kept_break = breaks == Breaks::keep && (part == "\n" || part == "\t");
    if (next.length != 0 && (harmless(next.character) || kept_break)) {
      text += part;
    } else {
      append_hex(text, part);
    }
    bytes.remove_prefix(part.size());
  }
  return text;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::string shown_text(std::string_view bytes) { return shown(bytes, Breaks::keep); }

std::string shown_line(std::string_view bytes) { return shown(bytes, Breaks::show); }

std::string markdown_line(std::string_view bytes) {
  std::string text;
  for (const char c : shown_line(bytes)) {
    // GitHub also makes links of `www.` and of addresses, and mentions of `@`, after it has undone backslashes.
    const bool special = std::string_view("&<>\"'\\`*_{}[]#|~!$@:").find(c) != std::string_view::npos;
    if (special || (c == '.' && text.ends_with('w'))) {
      text += say("&#", static_cast<int>(c), ";");
    } else {
      text += c;
    }
  }
  return text;
}

std::string markdown_block(std::string_view bytes) {
  const std::string text = shown_text(bytes);
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return say(fence, "text\n", text, text.ends_with('\n') ? "" : "\n", fence, "\n");
}

std::string capped(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  std::size_t head = limit / 2;
  std::size_t tail = text.size() - (limit - head);
  const std::size_t line_end = text.rfind('\n', head);
  if (line_end != std::string_view::npos && line_end + 1 > head - head / 4) {
    head = std::min(head, line_end + 1);
  } else {
    while (head > 0 && continues(text[head])) --head;
  }
  const std::size_t line_begin = text.find('\n', tail);
  if (line_begin != std::string_view::npos && line_begin < tail + (text.size() - tail) / 4) {
    tail = line_begin + 1;
  } else {
    while (tail < text.size() && continues(text[tail])) ++tail;
  }
  const std::string_view gap = head > 0 && text[head - 1] != '\n' ? "\n" : "";
  return say(text.substr(0, head), gap, "[", tail - head, " bytes left out]\n", text.substr(tail));
}

}  // namespace nsproof
