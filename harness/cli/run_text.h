// A run as text for people: the evidence of the cases that need a look, and how it ended.
#pragma once

#include "harness/catalogue/result.h"
#include "harness/cli/commands.h"
#include "harness/cli/console.h"
#include "reports/matrix.h"
#include "reports/paint.h"

namespace nsproof {

// Quiet: a line for each red case. Normal: the evidence of the red ones. Verbose: the evidence of all.
void print_evidence(Console& console, const Results& results, Verbosity verbosity);

// Properties against targets.
void print_table(Console& console, const MatrixTable& table, TableFormat format);

// How a report is coloured on this console.
Paint paint_of(const Console& console);
// A text that ends with its own line feed.
void print_whole(Console& console, std::string_view text);

// The truth table of a sweep, what was unsupported and why, and the result in a line. Quiet: only that line.
void print_end(Console& console, const Results& results, Verbosity verbosity);

}  // namespace nsproof
