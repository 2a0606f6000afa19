// The additive model of the 256 combinations by least squares.
#include <array>
#include <cmath>

#include "harness/bench/statistics.h"

namespace nsproof::bench {
namespace {

constexpr std::size_t kTerms = 1 + kAllNamespaces.size();
using Row = std::array<double, kTerms>;

Row terms_of(NsSet set) {
  Row row{};
  row[0] = 1;
  for (std::size_t i = 0; i < kAllNamespaces.size(); ++i) row[i + 1] = set.has(kAllNamespaces[i]) ? 1 : 0;
  return row;
}

// Gauss and Jordan with pivots; a term that no cell decides stays 0.
Row solve(std::array<Row, kTerms> matrix, Row right) {
  for (std::size_t column = 0; column < kTerms; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < kTerms; ++row)
      if (std::abs(matrix[row][column]) > std::abs(matrix[pivot][column])) pivot = row;
    if (std::abs(matrix[pivot][column]) < 1e-9) continue;
    std::swap(matrix[pivot], matrix[column]);
    std::swap(right[pivot], right[column]);
    for (std::size_t row = 0; row < kTerms; ++row) {
      if (row == column) continue;
      const double factor = matrix[row][column] / matrix[column][column];
      for (std::size_t i = column; i < kTerms; ++i) matrix[row][i] -= factor * matrix[column][i];
      right[row] -= factor * right[column];
    }
  }
  Row solution{};
  for (std::size_t i = 0; i < kTerms; ++i) solution[i] = std::abs(matrix[i][i]) < 1e-9 ? 0 : right[i] / matrix[i][i];
  return solution;
}

}  // namespace

void fit_additive_model(Matrix& matrix) {
  if (matrix.cells.empty()) return;
  std::array<Row, kTerms> normal{};
  Row right{};
  double sum = 0;
  for (const Cell& cell : matrix.cells) {
    const Row row = terms_of(cell.set);
    for (std::size_t i = 0; i < kTerms; ++i) {
      for (std::size_t j = 0; j < kTerms; ++j) normal[i][j] += row[i] * row[j];
      right[i] += row[i] * cell.estimate.p5;
    }
    sum += cell.estimate.p5;
  }
  const Row solution = solve(normal, right);
  matrix.base = solution[0];
  for (std::size_t i = 0; i < kAllNamespaces.size(); ++i) matrix.effects[kAllNamespaces[i]] = solution[i + 1];

  const auto cells = static_cast<double>(matrix.cells.size());
  double unexplained = 0;
  double all = 0;
  double worst = -1;
  for (Cell& cell : matrix.cells) {
    const Row row = terms_of(cell.set);
    cell.model = 0;
    for (std::size_t i = 0; i < kTerms; ++i) cell.model += row[i] * solution[i];
    cell.residual = cell.estimate.p5 - cell.model;
    unexplained += cell.residual * cell.residual;
    all += (cell.estimate.p5 - sum / cells) * (cell.estimate.p5 - sum / cells);
    if (std::abs(cell.residual) > worst) {
      worst = std::abs(cell.residual);
      matrix.worst = cell.set;
    }
  }
  matrix.r2 = all == 0 ? 1 : 1 - unexplained / all;
  matrix.rms_residual = std::sqrt(unexplained / cells);
}

}  // namespace nsproof::bench
