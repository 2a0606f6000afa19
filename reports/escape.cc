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
    const auto plain = std::find_if_not(bytes.begin(), bytes.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    const auto plain_length = static_cast<std::size_t>(plain - bytes.begin());
    text += bytes.substr(0, plain_length);
    bytes.remove_prefix(plain_length);
    if (bytes.empty()) break;
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

// The last place at or before `index` where a character begins. One has at most four bytes; what is no UTF-8 is cut
// anywhere.
std::size_t character_before(std::string_view text, std::size_t index) {
  for (std::size_t back = 0; back < 4 && back <= index; ++back)
    if (!continues(text[index - back])) return index - back;
  return index;
}

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// GitHub also makes links of `www.`, of addresses and of schemes, mentions of `@` and pictures of `:name:`.
bool is_markup(std::string_view line, std::size_t index) {
  const char next = index + 1 < line.size() ? line[index + 1] : ' ';
  switch (line[index]) {
    case '.': return line.substr(0, index).ends_with("www");
    case ':': return next != ' ' && (next < '0' || next > '9');
    case '_': return index == 0 || !is_alphanumeric(line[index - 1]) || !is_alphanumeric(next);
    default: return std::string_view("&<>\"'\\`*{}[]#|~!$@").find(line[index]) != std::string_view::npos;
  }
}

}  // namespace

std::string shown_text(std::string_view bytes) { return shown(bytes, Breaks::keep); }

std::string shown_line(std::string_view bytes) { return shown(bytes, Breaks::show); }

std::string markdown_line(std::string_view bytes) {
  const std::string shown = shown_line(bytes);
  std::string text;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (is_markup(shown, i)) {
      text += say("&#", static_cast<int>(shown[i]), ";");
    } else {
      text += shown[i];
    }
  }
  return text;
}

std::string shown_line(std::string_view bytes, std::size_t limit) {
  const std::string text = shown_line(bytes.substr(0, limit + 4));  // no character that is cut here is kept
  if (text.size() <= limit) return text;
  return text.substr(0, character_before(text, limit)) + "...";
}

std::string shown_text(std::string_view bytes, std::size_t limit) {
  return capped(shown_text(capped(bytes, limit)), limit);
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
  const std::size_t half = limit / 2;
  std::size_t head = character_before(text, half);
  const std::size_t line_end = text.substr(0, half).rfind('\n');
  if (line_end != std::string_view::npos && line_end >= half - half / 4) head = line_end + 1;
  const std::size_t rest = text.size() - half;
  std::size_t tail = rest;
  for (int step = 0; step < 3 && tail < text.size() && continues(text[tail]); ++step) ++tail;
  const std::size_t line_begin = text.find('\n', rest);
  if (line_begin != std::string_view::npos && line_begin < rest + half / 4) tail = line_begin + 1;
  const std::string_view gap = head > 0 && text[head - 1] != '\n' ? "\n" : "";
  return say(text.substr(0, head), gap, "[", tail - head, " bytes left out]\n", text.substr(tail));
}

}  // namespace nsproof
