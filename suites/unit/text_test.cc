// The small text helpers, and the columns that the command line is made of.
#include "harness/support/text.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>

#include "harness/support/layout.h"

namespace nsproof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Text, Say) {
  EXPECT_EQ(say("inside sees ", 3, " of ", std::string("them"), '!', -1LL), "inside sees 3 of them!-1");
  EXPECT_EQ(say(), "");
}

TEST(Text, SplitAndJoin) {
  EXPECT_THAT(split("a,b,,c", ','), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split(",", ','), ElementsAre("", ""));
  EXPECT_THAT(lines_of(""), IsEmpty());
  EXPECT_THAT(lines_of("a\nb\n"), ElementsAre("a", "b"));
  EXPECT_THAT(lines_of("a\n\nb"), ElementsAre("a", "", "b"));
  EXPECT_THAT(words_of("  a\tb\n c "), ElementsAre("a", "b", "c"));
  EXPECT_THAT(words_of(" \n"), IsEmpty());
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(trim(" \ta b\n"), "a b");
  EXPECT_EQ(trim(" \t\n"), "");
}

TEST(Text, Quoted) {
  using namespace std::string_literals;
  EXPECT_EQ(nsproof::quoted("plain"), "\"plain\"");
  EXPECT_EQ(nsproof::quoted("a\"b\\c\n\t"), R"("a\"b\\c\n\t")");
  EXPECT_EQ(nsproof::quoted("\0\x1b\x7f\xff"s), R"("\x00\x1b\x7f\xff")");
  EXPECT_EQ(nsproof::quoted("abcdef", 3), "\"abc\"...");
  EXPECT_EQ(nsproof::quoted("abc", 3), "\"abc\"");
  EXPECT_EQ(nsproof::quoted(""), "\"\"");
}

TEST(Text, Globs) {
  struct Row {
    const char* pattern;
    const char* text;
    bool matches;
  };
  const Row table[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "uts.a.b", true},
      {"?", "", false},
      {"?", "a", true},
      {"uts.*", "uts.a.b", true},
      {"uts.*", "utsx", false},
      {"*.b", "uts.a.b", true},
      {"*.b", "uts.b.a", false},
      {"a*b*c", "aXbYbZc", true},
      {"a*b*c", "aXbYbZ", false},
      {"**", "x", true},
      {"a**", "a", true},
      {"uts", "uts.a", false},
      {"u?s", "uts", true},
      {"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
  };
  for (const Row& row : table)
    EXPECT_EQ(glob_match(row.pattern, row.text), row.matches) << row.pattern << ' ' << row.text;
}

TEST(Text, ErrnoNames) {
  EXPECT_EQ(errno_name(EPERM), "EPERM");
  EXPECT_EQ(errno_name(ENOENT), "ENOENT");
  EXPECT_EQ(errno_name(99999), "errno 99999");
}

TEST(Layout, WidthsCountCharacters) {
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("K\xc3\xb6ln"), 4U);
  EXPECT_EQ(padded("K\xc3\xb6ln", 6), "K\xc3\xb6ln  ");
  EXPECT_EQ(padded("abc", 2), "abc");
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abc...");
  EXPECT_EQ(shortened("\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6", 4), "\xc3\xb6...");
  EXPECT_EQ(shortened("abcdef", 2), "..");
}

TEST(Layout, Wrapping) {
  EXPECT_THAT(wrapped("one two three four", 9), ElementsAre("one two", "three", "four"));
  EXPECT_THAT(wrapped("", 9), ElementsAre(""));
  EXPECT_THAT(wrapped("abcdefghijklmnop", 10), ElementsAre("abcdefghij", "klmnop"));
  EXPECT_THAT(labelled("claim", "one two three four five six", 33),
              ElementsAre("  claim      one two three four", "             five six"));
}

TEST(Layout, SideBySideLosesNothing) {
  const std::vector<std::string> left = {"short", std::string(50, 'x')};
  const std::vector<std::string> right = {"one", "two", "three", "four"};
  std::size_t letters = 0;
  const std::vector<std::string> lines = side_by_side(left, right, 63);
  for (const std::string& line : lines) {
    EXPECT_LE(width_of(line), 63U);
    EXPECT_EQ(line.find('|'), 31U) << line;
    letters += static_cast<std::size_t>(std::count(line.begin(), line.end(), 'x'));
  }
  EXPECT_EQ(lines.size(), 4U);
  EXPECT_EQ(letters, 50U);
}

TEST(Layout, Numbers) {
  EXPECT_EQ(counted(0, "case", "cases"), "0 cases");
  EXPECT_EQ(counted(1, "case", "cases"), "1 case");
  EXPECT_EQ(counted(2, "case", "cases"), "2 cases");
}

}  // namespace
}  // namespace nsproof
