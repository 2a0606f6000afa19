// Puts the page together: head, summary, contents, filter, sections, and the result for the charts.
#include "reports/html.h"

#include <algorithm>

#include "harness/support/text.h"
#include "reports/bench_json.h"
#include "reports/html/embedded_json.h"
#include "reports/html/markup.h"
#include "reports/html/sections.h"
#include "reports/html/sha256.h"
#include "reports/html/summary.h"

namespace nsproof::bench {
namespace {

std::string head(const BenchResult& result, const PageAssets& assets) {
  const std::string script_source = assets.charts.empty() ? "'none'" : csp_hash(assets.charts);
  return say("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src ", script_source,
             "; style-src ", csp_hash(assets.style), "; img-src data:; base-uri 'none'; form-action 'none'\">\n",
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
             "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
             "<link rel=\"icon\" href=\"data:,\">\n<title>", escaped(headline(result)), " – nsproof</title>\n<style>",
             assets.style, "</style>\n</head>\n");
}

std::string summary(const BenchResult& result) {
  std::string text = say("<header class=\"top\">\n<p class=\"kicker\">nsproof performance report</p>\n<h1>",
                         escaped(headline(result)), "</h1>\n<p class=\"run\">", escaped(run_line(result)), "</p>\n");
  for (const std::string& warning : warnings(result))
    text += say("<p class=\"warning\"><strong>Note:</strong> ", escaped(warning), "</p>\n");
  const Facts facts = key_figures(result);
  if (!facts.empty()) text += definitions(facts, "key");
  return text + "</header>\n";
}

std::string contents(const std::vector<Section>& sections) {
  std::string text = "<nav aria-label=\"Contents\"><ol>\n";
  for (const Section& section : sections)
    text += say("<li><a href=\"#", section.id, "\">", escaped(section.title), "</a></li>\n");
  return text + "</ol></nav>\n";
}

// Shown by the script: without it nothing could answer.
std::string filter(const BenchResult& result) {
  std::vector<std::string> families;
  for (const BenchCase& one : result.cases)
    if (std::find(families.begin(), families.end(), one.family) == families.end()) families.push_back(one.family);
  std::string text =
      "<form id=\"filter\" role=\"search\" aria-label=\"Filter of cases\" hidden>\n"
      "<div><label for=\"words\">Show cases with</label> "
      "<input id=\"words\" name=\"words\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" "
      "placeholder=\"net fork\"> <button type=\"reset\">Clear</button> "
      "<output id=\"filter-count\" for=\"words\"></output></div>\n<fieldset><legend>of families</legend>\n";
  for (const std::string& family : families)
    text += say("<label><input type=\"checkbox\" name=\"family\" value=\"", escaped(family), "\">", escaped(family),
                "</label>\n");
  return text + "</fieldset>\n</form>\n";
}

std::string figure(const Chart& chart) {
  return say("<figure data-chart=\"", chart.name, "\"><div class=\"plot\"></div><figcaption>", escaped(chart.caption),
             "</figcaption></figure>\n");
}

// A chart stands above its table.
std::string section_markup(const Section& section, const PageAssets& assets) {
  std::string text = say("<section id=\"", section.id, "\" aria-labelledby=\"title-", section.id,
                         "\">\n<h2 id=\"title-", section.id, "\">", escaped(section.title), "</h2>\n");
  if (!section.lead.empty()) text += say("<p class=\"lead\">", escaped(section.lead), "</p>\n");
  for (std::size_t i = 0; i < section.tables.size(); ++i) {
    const bool drawn = !assets.charts.empty() && i < section.charts.size();
    if (drawn) text += figure(section.charts[i]);
    const bool small = section.charts.empty() && section.tables.size() == 1;
    text += markup_of(section.tables[i], assets.charts.empty() || small ? Fold::open : Fold::closed);
  }
  return text + "</section>\n";
}

}  // namespace

std::string html_report(const BenchResult& result, const PageAssets& assets) {
  const std::vector<Section> sections = sections_of(result);
  std::string page = say(head(result, assets), "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n",
                         summary(result), "<div class=\"columns\">\n", contents(sections), "<main id=\"main\">\n");
  if (!assets.charts.empty())
    page += say(
        "<noscript><p class=\"warning\">The charts need JavaScript; the tables below say the same.</p></noscript>\n",
        filter(result));
  for (const Section& section : sections) page += section_markup(section, assets);
  page += "</main>\n</div>\n";
  if (!assets.charts.empty())
    page += say("<script type=\"application/json\" id=\"result\">", embedded_json(render_bench_json(result)),
                "</script>\n<script>", assets.charts, "</script>\n");
  return page + "</body>\n</html>\n";
}

}  // namespace nsproof::bench
