// What measuring processes write and the harness reads: a memory that they share, so that a sample costs no system call
// and wakes nobody.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/bench_result.h"
#include "harness/support/fd.h"

namespace nsproof::bench {

enum class RecordKind : std::uint16_t {
  sample,   // of a phase; x: the speed of the machine around it, nanoseconds of one getppid, 0 if not known
  point,    // of a series, at x
  figure,   // a number
  guard,    // one getppid in nanoseconds, once a round
  pass,     // milliseconds of one pass over all combinations
  refused,  // value calls failed with the errno `x`
};

struct Record {
  std::uint32_t case_index = 0;
  RecordKind kind = RecordKind::sample;
  std::uint16_t metric = 0;  // which phase, series or figure
  std::uint32_t round = 0;
  std::uint32_t process = 0;
  double x = 0;
  double value = 0;
};

// Words of a case: why it was not measured, or a figure that is a word.
struct Remark {
  enum class Kind : std::uint8_t { unsupported, failed, word };
  std::uint32_t case_index = 0;
  Kind kind = Kind::failed;
  std::uint16_t metric = 0;
  int error = 0;
  char text[176] = {};
};

class Tape {
 public:
  Tape();  // throws std::bad_alloc
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;
  ~Tape();

  // From any process that shares it. What does not fit is counted, see lost().
  void write(const Record& record);
  void remark(std::uint32_t case_index, Remark::Kind kind, std::uint16_t metric, int error, std::string_view text);
  void set_progress(double fraction);

  [[nodiscard]] double progress() const;
  [[nodiscard]] std::span<const Record> records() const;
  [[nodiscard]] std::vector<Remark> remarks() const;
  [[nodiscard]] std::uint64_t lost() const;
  // Empties it and gives its memory back.
  void rewind();

  // The process number that records get from now on.
  void set_process(std::uint32_t process) { process_ = process; }
  [[nodiscard]] std::uint32_t process() const { return process_; }

 private:
  struct Memory;
  Memory* memory_ = nullptr;
  std::uint32_t process_ = 0;
};

// The records of all measuring processes until the run is over, in a file in memory: in the harness's own memory they
// would make every later process in fork style dearer, since each copies the page tables of what it was forked from.
class Archive {
 public:
  Archive();  // throws Broken
  void add(std::span<const Record> records);
  [[nodiscard]] std::vector<Record> all() const;

 private:
  Fd file_;
  std::size_t count_ = 0;
};

// The hand that a study writes with. `first` is the index of its first case; `one` counts from there.
class Notebook {
 public:
  Notebook(Tape& tape, std::uint32_t first) : tape_(tape), first_(first) {}

  void sample(std::uint32_t one, std::uint32_t round, const double* values, std::size_t count);
  void point(std::uint32_t one, std::uint16_t series, double x, double value, std::uint32_t round = 0);
  void figure(std::uint32_t one, std::uint16_t figure, double value);
  void word(std::uint32_t one, std::uint16_t figure, std::string_view text);
  void pass(std::uint32_t one, double milliseconds);
  void refused(std::uint32_t one, int error);
  void unsupported(std::uint32_t one, int error, std::string_view reason);
  void failed(std::uint32_t one, int error, std::string_view reason);
  void progress(double fraction) { tape_.set_progress(fraction); }

 private:
  Tape& tape_;
  std::uint32_t first_;
};

}  // namespace nsproof::bench
