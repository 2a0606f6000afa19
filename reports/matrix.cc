#include "reports/matrix.h"

#include <map>
#include <set>
#include <stdexcept>

#include "harness/support/text.h"

namespace nsproof {
namespace {

std::string kernel_of(const Results& run) { return say("Linux ", run.environment.kernel_release); }

// The users who ran on each kernel: a column is named after its user only where there are others.
using Users = std::map<std::string, std::set<std::string>>;

Users users_of(const std::vector<const Results*>& runs) {
  Users users;
  for (const Results* run : runs) users[kernel_of(*run)].insert(run->environment.user);
  return users;
}

std::string column_name(const Case& one, const Results& run, const Users& users) {
  if (!one.target.empty()) return one.target;
  const std::string kernel = kernel_of(run);
  return users.at(kernel).size() == 1 ? kernel : say(kernel, ", ", run.environment.user);
}

bool deviates(const Case& one) {
  switch (standing_of(one)) {
    case Standing::violated:
    case Standing::unexpected_pass:
    case Standing::expected_failure: return true;
    case Standing::holds:
    case Standing::vacuous:
    case Standing::broken:
    case Standing::unsupported: return false;
  }
  return false;
}

struct Worst {
  const Case* one = nullptr;
  int cases = 0;
};

MatrixCell cell_of(const Worst& worst) {
  return {.standing = standing_of(*worst.one),
          .effective = worst.one->effective,
          .expected = worst.one->expected,
          .deviates = deviates(*worst.one),
          .cases = worst.cases};
}

void count_in(MatrixColumn& column, const MatrixCell& cell) {
  column.deviations += cell.deviates ? 1 : 0;
  switch (cell.standing) {
    case Standing::holds: ++column.counts.holds; break;
    case Standing::violated: ++column.counts.violated; break;
    case Standing::vacuous: ++column.counts.vacuous; break;
    case Standing::broken: ++column.counts.broken; break;
    case Standing::unsupported: ++column.counts.unsupported; break;
    case Standing::expected_failure: ++column.counts.expected_failures; break;
    case Standing::unexpected_pass: ++column.counts.unexpected_passes; break;
  }
}

class Maker {
 public:
  void add(const Results& run, const Users& users) {
    for (const Case& one : run.cases) {
      const std::size_t column = column_of(column_name(one, run, users));
      table_.columns[column].partial |= run.partial;
      Worst& worst = found_[one.area][one.id][column];
      ++worst.cases;
      if (worst.one == nullptr || is_worse(one.verdict, worst.one->verdict)) worst.one = &one;
    }
  }

  MatrixTable take() {
    for (const auto& [area, rows] : found_) {
      table_.areas.push_back({area, {}});
      for (const auto& [id, cells] : rows) table_.areas.back().rows.push_back(row_of(id, cells));
    }
    return std::move(table_);
  }

 private:
  using Cells = std::map<std::size_t, Worst>;  // by column

  std::size_t column_of(const std::string& name) {
    const auto [found, is_new] = columns_.emplace(name, table_.columns.size());
    if (is_new && table_.columns.size() == kMatrixColumns)
      throw std::runtime_error(say("a matrix has at most ", kMatrixColumns, " columns"));
    if (is_new) table_.columns.push_back({name});
    return found->second;
  }

  MatrixRow row_of(const std::string& id, const Cells& cells) {
    MatrixRow row{id, cells.begin()->second.one->claim, {}};
    row.cells.resize(table_.columns.size());
    for (const auto& [column, worst] : cells) {
      row.cells[column] = cell_of(worst);
      count_in(table_.columns[column], *row.cells[column]);
    }
    return row;
  }

  MatrixTable table_;
  std::map<std::string, std::size_t> columns_;
  std::map<std::string, std::map<std::string, Cells>> found_;  // by area, then by id
};

}  // namespace

MatrixTable matrix_of(const std::vector<const Results*>& runs) {
  const Users users = users_of(runs);
  Maker maker;
  for (const Results* run : runs) maker.add(*run, users);
  return maker.take();
}

}  // namespace nsproof
