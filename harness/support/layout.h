// Text in columns: widths, wrapping and two texts side by side. Pure; the text is UTF-8 without control characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nsproof {

// Columns that the text takes, one a code point.
std::size_t width_of(std::string_view text);

std::string padded(std::string_view text, std::size_t width);

// At most `width` columns; what was cut off shows as "...".
std::string shortened(std::string_view text, std::size_t width);

// Breaks between words; a word longer than a line is cut. Never empty.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// "  claim      A process ..." with the further lines beneath the text.
std::vector<std::string> labelled(std::string_view label, std::string_view text, std::size_t width);

// Two columns with a bar between them, each line cut into as many as it needs.
std::vector<std::string> side_by_side(const std::vector<std::string>& left, const std::vector<std::string>& right,
                                      std::size_t width);

// "1 case", "2 cases"
std::string counted(long number, std::string_view one, std::string_view many);

}  // namespace nsproof
