// The run as a page of GitHub-flavoured Markdown for the summary of a CI job: counts first, then what needs a person.
#pragma once

#include <string>

#include "harness/catalogue/result.h"

namespace nsproof {

// GitHub drops a summary over 1 MiB as a whole, and readers give up long before: this is never larger, in bytes.
inline constexpr std::size_t kMarkdownLimit = 60 * 1024;

std::string render_markdown(const Results& results);

}  // namespace nsproof
