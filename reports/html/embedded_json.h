// The result as the page carries it for its charts.
#pragma once

#include <string>
#include <string_view>

namespace nsproof::bench {

// The same JSON, fit to stand between <script type="application/json"> and </script>: every string in it is
// shown_line() of what it was, as in the tables; and < > & and all that is not ASCII are \u escapes, so no text can end
// the element, begin a comment (HTML Living Standard, 4.12.1.3) or hold a line separator. Throws if `json` is no JSON.
std::string embedded_json(std::string_view json);

}  // namespace nsproof::bench
