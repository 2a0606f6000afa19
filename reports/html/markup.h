// The few pieces of HTML that the page is made of. Whatever is not a literal of this directory goes through escaped().
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nsproof::bench {

// Text for an element or a quoted attribute: shown_line() of it, and & < > " ' as character references.
std::string escaped(std::string_view text);

// "#case-create%2Fnet": where the table of all figures has a case, and the name of that place.
std::string link_to_case(std::string_view id);
std::string anchor_of_case(std::string_view id);

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::right;
};

struct Row {
  std::vector<std::string> cells;  // the first is the row's header
  std::string case_id = {};        // the filter goes by it; empty: the row always stays
  std::string link = {};           // of the header
  std::string anchor = {};         // the row's own name
};

struct Table {
  std::string title;
  std::vector<Column> columns;
  std::vector<Row> rows;
};

enum class Fold { open, closed };

// The table under a summary that folds it; wide ones scroll by themselves.
std::string markup_of(const Table& table, Fold fold);

// Terms with their descriptions.
std::string definitions(const std::vector<std::pair<std::string, std::string>>& entries, std::string_view css_class);

}  // namespace nsproof::bench
