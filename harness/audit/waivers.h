// Waivers: weak findings that somebody answers for until a day. Kept in a TOML file beside whatever is audited.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/gate_file.h"

namespace nsproof::audit {

// One [[waive]] table; every key is mandatory.
struct Waiver {
  std::string pattern;  // `id`: a rule, the beginning of ids, or a pattern
  std::string reason;
  std::string owner;    // who answers for it
  std::string expires;  // ISO date, the last day on which it holds
  std::string where;    // "waivers.toml:12"
};

// Both throw GateFileError.
std::vector<Waiver> parse_waivers(std::string_view text, std::string_view file);
std::vector<Waiver> read_waivers(const std::string& file);

bool concerns(const Waiver& waiver, std::string_view id);
bool is_over(const Waiver& waiver, std::string_view today);  // "2026-11-23"

// The waiver of a rule: one that still holds before one that is over. nullptr if there is none.
const Waiver* waiver_of(std::string_view id, const std::vector<Waiver>& waivers, std::string_view today);

}  // namespace nsproof::audit
