// What hostile bytes become: every byte alone, sequences that are nearly UTF-8, and markup.
#include <gtest/gtest.h>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

std::string hex(int byte) {
  static constexpr char kDigits[] = "0123456789abcdef";
  return say("\\x", kDigits[byte / 16], kDigits[byte % 16]);
}

TEST(ReportEscape, EveryByteAlone) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    const bool printable = byte >= 0x20 && byte < 0x7f;
    const bool stays_in_text = printable || byte == '\n' || byte == '\t';
    EXPECT_EQ(shown_line(one), printable ? one : hex(byte)) << byte;
    EXPECT_EQ(shown_text(one), stays_in_text ? one : hex(byte)) << byte;
  }
}

TEST(ReportEscape, EveryPairOfBytesIsValidAndStable) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string pair = {static_cast<char>(first), static_cast<char>(second)};
      const std::string line = shown_line(pair);
      // U+00A0 to U+07FF, but for U+061C, are the only characters beyond ASCII that two bytes can hold.
      const bool character = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf &&
                             !(first == 0xc2 && second < 0xa0) && !(first == 0xd8 && second == 0x9c);
      if (character) {
        EXPECT_EQ(line, pair);
      } else {
        for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << first << ' ' << second;
      }
      EXPECT_EQ(shown_line(line), line);
    }
  }
}

struct Row {
  const char* name;
  std::string bytes;
  std::string shown;
};

TEST(ReportEscape, Sequences) {
  const Row rows[] = {
      {"plain", "uts via clone3", "uts via clone3"},
      {"letters beyond ASCII", "K\xc3\xb6ln \xe6\x97\xa5 \xf0\x9f\x90\xa7",
       "K\xc3\xb6ln \xe6\x97\xa5 \xf0\x9f\x90\xa7"},
      {"colour", "\x1b[31mred", "\\x1b[31mred"},
      {"CSI as one character",
       "\xc2\x9b"
       "31m",
       "\\xc2\\x9b31m"},
      {"overlong slash", "\xc0\xaf", "\\xc0\\xaf"},
      {"overlong in three bytes", "\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
      {"overlong in four bytes", "\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},
      {"lone surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"the last before the surrogates", "\xed\x9f\xbb", "\xed\x9f\xbb"},
      {"beyond U+10FFFF", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
      {"U+FFFD", "\xef\xbf\xbd", "\xef\xbf\xbd"},
      {"U+FFFE", "\xef\xbf\xbe", "\\xef\\xbf\\xbe"},
      {"U+FFFF", "\xef\xbf\xbf", "\\xef\\xbf\\xbf"},
      {"U+1FFFF", "\xf0\x9f\xbf\xbf", "\\xf0\\x9f\\xbf\\xbf"},
      {"right-to-left override", "\xe2\x80\xaetxt", "\\xe2\\x80\\xaetxt"},
      {"line separator", "\xe2\x80\xa8", "\\xe2\\x80\\xa8"},
      {"cut at the end", "a\xe6\x97", "a\\xe6\\x97"},
      {"cut by a letter", "\xe6\x97z", "\\xe6\\x97z"},
      {"a backslash is no escape", "\\x1b", "\\x1b"},
      {"newline", "a\nb", "a\\x0ab"},
  };
  for (const Row& row : rows) EXPECT_EQ(shown_line(row.bytes), row.shown) << row.name;
}

TEST(ReportEscape, LimitsKeepCharactersWhole) {
  EXPECT_EQ(shown_line("abcdef", 6), "abcdef");
  EXPECT_EQ(shown_line("abcdefg", 6), "abcdef...");
  EXPECT_EQ(shown_line("abc\xe6\x97\xa5xyz", 5), "abc...");
  EXPECT_EQ(shown_line("abc\xe6\x97\xa5xyz", 4), "abc...");
  EXPECT_LE(shown_line(std::string(1000, '\xff'), 100).size(), 103U);
}

TEST(ReportEscape, CappedKeepsHeadAndTail) {
  EXPECT_EQ(capped("short", 5), "short");
  const std::string text = capped(say("begin", std::string(1000, '-'), "end"), 100);
  EXPECT_TRUE(text.starts_with("begin--"));
  EXPECT_TRUE(text.ends_with("--end"));
  EXPECT_NE(text.find("[908 bytes left out]"), std::string::npos) << text;
}

TEST(ReportEscape, CappedCutsBetweenLines) {
  std::string text;
  for (int line = 100; line < 200; ++line) text += say("line ", line, "\n");
  const std::string shorter = capped(text, 200);
  for (const std::string& line : lines_of(shorter))
    EXPECT_TRUE(line.size() == 8 || line.ends_with("bytes left out]")) << line;
  EXPECT_TRUE(shorter.starts_with("line 100\n"));
  EXPECT_TRUE(shorter.ends_with("line 199\n"));
}

TEST(ReportEscape, CappedCutsNoCharacter) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\xe6\x97\xa5";
  for (std::size_t limit = 20; limit < 40; ++limit) {
    const std::string shorter = capped(text, limit);
    EXPECT_EQ(shown_text(shorter), shorter) << limit;
  }
}

TEST(ReportEscape, MarkdownKeepsNoMarkup) {
  EXPECT_EQ(markdown_line("a|b"), "a&#124;b");
  EXPECT_EQ(markdown_line("`x` <b>&amp;"), "&#96;x&#96; &#60;b&#62;&#38;amp;");
  EXPECT_EQ(markdown_line("@nobody"), "&#64;nobody");
  EXPECT_EQ(markdown_line("http://x"), "http&#58;//x");
  EXPECT_EQ(markdown_line("www.x.org"), "www&#46;x.org");
  EXPECT_EQ(markdown_line("12:34:28 x86_64 a: b"), "12:34:28 x86_64 a: b");
  EXPECT_EQ(markdown_line("_x_"), "&#95;x&#95;");
  EXPECT_EQ(markdown_line("a\nb"), "a&#92;x0ab");
}

TEST(ReportEscape, MarkdownBlockCannotBeLeft) {
  EXPECT_EQ(markdown_block("x"), "```text\nx\n```\n");
  EXPECT_EQ(markdown_block("```\nout\n"), "````text\n```\nout\n````\n");
  EXPECT_EQ(markdown_block("\x1b"), "```text\n\\x1b\n```\n");
}

}  // namespace
}  // namespace nsproof
