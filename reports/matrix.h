// Properties against targets: what was found of each property on each runtime or kernel, as one table. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/result.h"
#include "reports/paint.h"
#include "reports/projection.h"

namespace nsproof {

// The worst of the cases that a property has on a target, if it has several (ways of creation, combinations).
struct MatrixCell {
  Standing standing = Standing::holds;
  std::string
      effective;         // of a runtime: what the probe observed, "isolated" or "open"; empty of a claim about a kernel
  std::string expected;  // what the policy demands; may be empty
  bool deviates = false;  // what was observed is not what is expected
  int cases = 0;
};

struct MatrixRow {
  std::string id;
  std::string claim;
  std::vector<std::optional<MatrixCell>> cells;  // one a column; nothing where the property was not run
};

struct MatrixArea {
  std::string name;
  std::vector<MatrixRow> rows;  // sorted by id
};

struct MatrixColumn {
  std::string name;    // the target; of cases without one the kernel: "Linux 6.1.0-18-amd64"
  Counts counts = {};  // of the cells
  int deviations = 0;
  bool partial = false;  // an interrupted run is in it
};

struct MatrixTable {
  std::vector<MatrixColumn> columns;  // in the order of the runs
  std::vector<MatrixArea> areas;      // sorted by name
};

// Runs on the same kernel as different users are different columns. A hostile record cannot ask for more than
// kMatrixColumns: throws std::runtime_error.
inline constexpr std::size_t kMatrixColumns = 256;
MatrixTable matrix_of(const std::vector<const Results*>& runs);
inline MatrixTable matrix_of(const Results& run) { return matrix_of(std::vector{&run}); }

// A mark a cell, with a legend of those that occur.
std::string render_matrix_text(const MatrixTable& table, const Paint& paint);
// A word a cell.
std::string render_matrix_markdown(const MatrixTable& table);
// nsproof.matrix.v1, described by schema/nsproof.matrix.v1.schema.json.
std::string render_matrix_json(const MatrixTable& table);

}  // namespace nsproof
