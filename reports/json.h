// The record of a run, nsproof.run.v1: the one format that loses nothing. Every other format can be made from it later.
// Its JSON Schema is schema/nsproof.run.v1.schema.json.
#pragma once

#include <string>
#include <string_view>

#include "harness/catalogue/result.h"

namespace nsproof {

inline constexpr std::string_view kRunSchema = "nsproof.run.v1";

// Text is shown_text() of what was seen; the raw output bytes of each call are kept as hexadecimal.
std::string render_json(const Results& results);

// The run that render_json() wrote. Fields that follow from others (names, counts, exit status) are not read, fields
// that it does not know are skipped. Throws std::runtime_error that says what is wrong, and where.
Results read_json(std::string_view text);

}  // namespace nsproof
