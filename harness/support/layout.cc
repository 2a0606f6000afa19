// Columns of text.
#include "harness/support/layout.h"

#include <algorithm>

#include "harness/support/text.h"

namespace nsproof {
namespace {

constexpr std::size_t kLabelWidth = 11;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }

// How many bytes the first `width` columns take.
std::size_t bytes_of(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (begins_character(text[at]) && width-- == 0) break;
  return at;
}

// Cuts one line into pieces; the further ones are set in, so that they do not look like lines of their own.
std::vector<std::string> folded(std::string_view line, std::size_t width) {
  constexpr std::string_view kFurther = "    ";
  std::vector<std::string> pieces;
  std::string_view prefix;
  do {
    std::size_t cut = bytes_of(line, width - prefix.size());
    const std::size_t blank = line.substr(0, cut).rfind(' ');
    // Between words if that leaves not too much of the line empty.
    if (cut < line.size() && blank != std::string_view::npos && blank > cut * 2 / 3) cut = blank + 1;
    pieces.push_back(say(prefix, line.substr(0, cut)));
    line.remove_prefix(cut);
    prefix = kFurther;
  } while (!line.empty());
  return pieces;
}

std::vector<std::string> folded(const std::vector<std::string>& lines, std::size_t width) {
  std::vector<std::string> all;
  for (const std::string& line : lines)
    for (std::string& piece : folded(line, width)) all.push_back(std::move(piece));
  return all;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  const std::size_t taken = width_of(text);
  if (taken < width) result.append(width - taken, ' ');
  return result;
}

std::string shortened(std::string_view text, std::size_t width) {
  constexpr std::string_view kDots = "...";
  if (width_of(text) <= width) return std::string(text);
  if (width <= kDots.size()) return std::string(kDots.substr(0, width));
  return say(text.substr(0, bytes_of(text, width - kDots.size())), kDots);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  width = std::max<std::size_t>(width, 8);
  std::vector<std::string> lines(1);
  for (std::string_view word : words_of(text)) {
    if (!lines.back().empty() && width_of(lines.back()) + 1 + width_of(word) > width) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    // A word may be megabytes long: each look at it goes no further than a line.
    for (std::size_t cut = bytes_of(word, width); cut < word.size(); cut = bytes_of(word, width)) {
      lines.back() += word.substr(0, cut);
      lines.emplace_back();
      word.remove_prefix(cut);
    }
    lines.back() += word;
  }
  return lines;
}

std::vector<std::string> labelled(std::string_view label, std::string_view text, std::size_t width) {
  const std::size_t margin = 2 + kLabelWidth;
  std::vector<std::string> lines = wrapped(text, width > margin + 20 ? width - margin : 20);
  for (std::size_t i = 0; i < lines.size(); ++i)
    lines[i] = say("  ", padded(i == 0 ? label : "", kLabelWidth), lines[i]);
  return lines;
}

std::vector<std::string> side_by_side(const std::vector<std::string>& left, const std::vector<std::string>& right,
                                      std::size_t width) {
  constexpr std::string_view kBar = " | ";
  const std::size_t half = std::max<std::size_t>(20, (width - std::min(width, kBar.size())) / 2);
  const std::vector<std::string> lefts = folded(left, half);
  const std::vector<std::string> rights = folded(right, half);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::max(lefts.size(), rights.size()); ++i) {
    const std::string_view one = i < lefts.size() ? std::string_view(lefts[i]) : "";
    const std::string_view other = i < rights.size() ? std::string_view(rights[i]) : "";
    lines.push_back(other.empty() ? say(padded(one, half), " |") : say(padded(one, half), kBar, other));
  }
  return lines;
}

std::string counted(long number, std::string_view one, std::string_view many) {
  return say(number, " ", number == 1 ? one : many);
}

}  // namespace nsproof
