// The performance report: numbers, hashes and escapes it is made of, and what must hold of every page. How the page
// looks and behaves in a browser is judged in suites/proof/html_page.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "reports/html.h"
#include "reports/html/embedded_json.h"
#include "reports/html/figures.h"
#include "reports/html/markup.h"
#include "reports/html/sections.h"
#include "reports/html/sha256.h"
#include "reports/html/summary.h"

namespace nsproof::bench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string hash_of(std::string_view text) {
  const auto digest = sha256(text);
  return base64(digest.data(), digest.size());
}

// The examples of FIPS 180-4 (NIST, "SHA256"), and a length on each side of a block.
TEST(HtmlHash, KnownAnswers) {
  EXPECT_EQ(hash_of(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(hash_of("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(hash_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
  EXPECT_EQ(hash_of(std::string(1000000, 'a')), "zcduXJkU+5KBocfihNc+Z/GAmkiklyAOBG05zMcRLNA=");
  EXPECT_EQ(csp_hash("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
}

// RFC 4648, section 10.
TEST(HtmlHash, Base64Pads) {
  const std::uint8_t bytes[] = {'f', 'o', 'o', 'b', 'a', 'r'};
  constexpr std::string_view kExpected[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (std::size_t count = 0; count <= 6; ++count) EXPECT_EQ(base64(bytes, count), kExpected[count]);
}

TEST(HtmlFigures, ThreeFiguresThatCount) {
  EXPECT_EQ(number(0), "0");
  EXPECT_EQ(number(0.0060521), "0.00605");
  EXPECT_EQ(number(0.9996), "1.00");
  EXPECT_EQ(number(9.996), "10.0");
  EXPECT_EQ(number(99.96), "100");
  EXPECT_EQ(number(-369.4), "−369");
  EXPECT_EQ(number(1234), "1234");
  EXPECT_EQ(number(82634), "82\u202f634");
  EXPECT_EQ(number(1234567), "1\u202f234\u202f567");
  EXPECT_EQ(brief(3), "3");
  EXPECT_EQ(brief(0.5), "0.5");
  EXPECT_EQ(brief(100), "100");
}

TEST(HtmlFigures, TheUnitThatFits) {
  EXPECT_EQ(quantity(0.141, "us"), "141 ns");
  EXPECT_EQ(quantity(369.07, "us"), "369 µs");
  EXPECT_EQ(quantity(999.9, "us"), "1.00 ms");
  EXPECT_EQ(quantity(54.2, "s"), "54.2 s");
  EXPECT_EQ(quantity(212, "KiB"), "212 KiB");
  EXPECT_EQ(signed_quantity(-2.5, "us"), "−2.50 µs");
  EXPECT_EQ(percent(12.04), "+12.0\u202f%");
}

TEST(HtmlMarkup, NothingBecomesMarkup) {
  EXPECT_EQ(escaped("<a b=\"c\" d='e'>&amp;\n\x1b[31m"),
            "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;\\x0a\\x1b[31m");
  EXPECT_EQ(link_to_case("create/user+net@fork"), "#case-create%2Fuser%2Bnet%40fork");
  EXPECT_EQ(anchor_of_case("create/net"), "case-create/net");
}

TEST(HtmlMarkup, JsonCannotEndItsElement) {
  const nlohmann::json hostile = {{"x", "</script><!--<script>&\xe2\x80\xa8\xe2\x80\xae\x1b"}, {"list", {1, "µs"}}};
  const std::string text = embedded_json(hostile.dump());
  EXPECT_THAT(text, Not(HasSubstr("<")));
  EXPECT_THAT(text, Not(HasSubstr("&")));
  for (const char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80U);
  EXPECT_EQ(nlohmann::json::parse(text)["x"], "</script><!--<script>&\\xe2\\x80\\xa8\\xe2\\x80\\xae\\x1b");
  EXPECT_EQ(nlohmann::json::parse(text)["list"][1], "µs");
}

BenchCase measured_case() {
  BenchCase one;
  one.id = "create/net";
  one.family = "create";
  one.title = "make net";
  one.unit = "us";
  one.floor = "create/none";
  one.head = "total";
  one.state = State::measured;
  one.phases.push_back({"total",
                        "until it is reaped",
                        Timing::wall,
                        {600, 360, 369, 400, 500, 900, {365, 373}},
                        Ratio{16, {15.8, 16.3}},
                        {{360, 0.05}, {400, 0.5}, {900, 1}},
                        {},
                        {}});
  return one;
}

TEST(HtmlPage, ForbidsItselfEverythingButItsOwnParts) {
  const std::string page = html_report(BenchResult{}, {"p{}", "run()"});
  EXPECT_THAT(page,
              HasSubstr("default-src 'none'; script-src " + csp_hash("run()") + "; style-src " + csp_hash("p{}")));
  EXPECT_THAT(page, HasSubstr("<style>p{}</style>"));
  EXPECT_THAT(page, HasSubstr("<script>run()</script>"));
}

TEST(HtmlPage, WithoutChartsThereAreOpenTablesAndNoScript) {
  BenchResult result;
  result.cases.push_back(measured_case());
  const std::string page = html_report(result, {"p{}", ""});
  EXPECT_THAT(page, HasSubstr("script-src 'none'"));
  for (const std::string_view absent : {"<script", "<figure", "<noscript", "<form", "<details class=\"data\">"})
    EXPECT_THAT(page, Not(HasSubstr(absent)));
  for (const std::string_view present : {"create/net", "16.0\u202f×", "15.8 to 16.3", "369 µs", "365 µs to 373 µs"})
    EXPECT_THAT(page, HasSubstr(present));
}

TEST(HtmlPage, EveryChartHasItsTable) {
  BenchResult result;
  result.cases.push_back(measured_case());
  result.matrix.unit = "us";
  result.matrix.effects[Ns::net] = 340;
  result.matrix.cells.push_back({NsSet{Ns::net}, {20, 360, 369, 400, 500, 900, {365, 373}}, 364, 5});
  int charts = 0;
  for (const Section& section : sections_of(result)) {
    EXPECT_LE(section.charts.size(), section.tables.size()) << section.id;
    for (const Table& table : section.tables) EXPECT_FALSE(table.rows.empty()) << table.title;
    charts += static_cast<int>(section.charts.size());
  }
  EXPECT_EQ(charts, 4);  // forest, distributions, lattice, effects
}

TEST(HtmlPage, GapsAreNamedAndWarnedOf) {
  BenchResult result;
  BenchCase failed = measured_case();
  failed.phases.clear();
  failed.state = State::failed;
  failed.reason = "every call was refused";
  failed.error = "EPERM";
  failed.refused = 600;
  result.cases = {measured_case(), failed};
  result.partial = true;
  const Section gaps = gaps_section(result);
  ASSERT_EQ(gaps.tables.size(), 1U);
  EXPECT_THAT(gaps.tables[0].rows.at(0).cells,
              ::testing::ElementsAre("create/net", "make net", "failed", "EPERM", "every call was refused", "600"));
  EXPECT_THAT(gaps.lead, HasSubstr("1 of 2 cases"));
  EXPECT_THAT(warnings(result), ::testing::ElementsAre(HasSubstr("interrupted"), HasSubstr("1 case failed")));
}

}  // namespace
}  // namespace nsproof::bench
