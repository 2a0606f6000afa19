// Tables and definitions as HTML.
#include "reports/html/markup.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof::bench {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  return value.empty() ? "" : say(" ", name, "=\"", escaped(value), "\"");
}

std::string_view class_of(const Column& column) { return column.align == Align::right ? " class=\"number\"" : ""; }

std::string header_cell(const Row& row, const Column& column) {
  const std::string text = escaped(row.cells.front());
  const std::string inside = row.link.empty() ? text : say("<a", attribute("href", row.link), ">", text, "</a>");
  return say("<th scope=\"row\"", class_of(column), ">", inside, "</th>");
}

std::string row_markup(const Table& table, const std::vector<bool>& shown, const Row& row) {
  std::string text = say("<tr", attribute("id", row.anchor), attribute("data-case", row.case_id), ">",
                         header_cell(row, table.columns.front()));
  for (std::size_t i = 1; i < row.cells.size() && i < table.columns.size(); ++i)
    if (shown[i]) text += say("<td", class_of(table.columns[i]), ">", escaped(row.cells[i]), "</td>");
  return text + "</tr>\n";
}

// A column in which nobody has anything says nothing.
bool is_empty(const Table& table, std::size_t column) {
  return std::all_of(table.rows.begin(), table.rows.end(),
                     [&](const Row& row) { return column >= row.cells.size() || row.cells[column].empty(); });
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : shown_line(text)) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

// As encodeURIComponent (ECMA-262, 19.2.6.4) does it, for the charts make the same link.
std::string link_to_case(std::string_view id) {
  static constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
  std::string link = "#case-";
  for (const char c : shown_line(id))
    link += kPlain.find(c) != std::string_view::npos ? std::string(1, c)
                                                     : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return link;
}

std::string anchor_of_case(std::string_view id) { return say("case-", shown_line(id)); }

std::string markup_of(const Table& table, Fold fold) {
  const std::string title = escaped(table.title);
  std::string text = say("<details class=\"data\"", fold == Fold::open ? " open" : "", "><summary>", title,
                         " <span class=\"count\">", table.rows.size(), table.rows.size() == 1 ? " row" : " rows",
                         "</span></summary>\n", "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"",
                         title, "\"><table><caption>", title, "</caption>\n<thead><tr>");
  std::vector<bool> shown;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    shown.push_back(i == 0 || !is_empty(table, i));
    if (shown[i])
      text += say("<th scope=\"col\"", class_of(table.columns[i]), ">", escaped(table.columns[i].title), "</th>");
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const Row& row : table.rows) text += row_markup(table, shown, row);
  return text + "</tbody></table></div></details>\n";
}

std::string definitions(const std::vector<std::pair<std::string, std::string>>& entries, std::string_view css_class) {
  std::string text = say("<dl class=\"", css_class, "\">\n");
  for (const auto& [term, description] : entries)
    text += say("<div><dt>", escaped(term), "</dt><dd>", escaped(description), "</dd></div>\n");
  return text + "</dl>\n";
}

}  // namespace nsproof::bench
