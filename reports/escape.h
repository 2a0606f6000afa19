// Makes text from inside a sandbox safe to show: host names, paths and mount options are bytes that an attacker chose.
// What is no printable UTF-8 becomes \xNN, so neither a terminal sequence nor a malformed document can come of it.
#pragma once

#include <string>
#include <string_view>

namespace nsproof {

// Valid UTF-8 in which every control byte (C0, DEL and C1, so ESC and CSI too), every byte that is no UTF-8, U+FFFE and
// U+FFFF, and every character that reorders or breaks lines (U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to
// U+2069) is shown as \xNN, a byte each. Line feed and tab stay. The result is legal XML 1.0 character data
// (section 2.2 there); markup is escaped by the XML writer. Showing it a second time changes nothing.
std::string shown_text(std::string_view bytes);

// The same on one line: line feed and tab are shown as well. For terminals, attributes and table cells.
std::string shown_line(std::string_view bytes);

// The same, at most `limit` bytes: of a line the beginning (and "..."), of a text the head and the tail as capped()
// does.
std::string shown_line(std::string_view bytes, std::size_t limit);
std::string shown_text(std::string_view bytes, std::size_t limit);

// The same on one line, with the punctuation that means something to GitHub-flavoured Markdown or to HTML as numeric
// references, which both undo and neither takes for markup.
std::string markdown_line(std::string_view bytes);

// A fenced block of Markdown around shown_text(): the fence is longer than any run of backticks inside.
std::string markdown_block(std::string_view bytes);

// At most `limit` bytes of UTF-8 text (and the line that says what was left out): its head and its tail, cut between
// lines where that loses little.
std::string capped(std::string_view text, std::size_t limit);

}  // namespace nsproof
