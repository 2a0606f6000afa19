#include "harness/bench/tape.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "harness/actor/actor.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr std::uint64_t kRecords = 4'000'000;
constexpr std::uint64_t kRemarks = 1024;

}  // namespace

struct Tape::Memory {
  std::atomic<std::uint64_t> records;
  std::atomic<std::uint64_t> remarks;
  std::atomic<double> progress;
  Remark remark[kRemarks];
  Record record[kRecords];
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<double>::is_always_lock_free);

Tape::Tape() {
  // Zero pages are a valid Memory: nothing but numbers.
  void* memory =
      ::mmap(nullptr, sizeof(Memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<Memory*>(memory);
}

Tape::~Tape() { ::munmap(memory_, sizeof(Memory)); }

void Tape::write(const Record& record) {
  const std::uint64_t index = memory_->records.fetch_add(1, std::memory_order_relaxed);
  if (index >= kRecords) return;
  Record& place = memory_->record[index];
  place = record;
  place.process = process_;
}

void Tape::remark(std::uint32_t case_index, Remark::Kind kind, std::uint16_t metric, int error, std::string_view text) {
  const std::uint64_t index = memory_->remarks.fetch_add(1, std::memory_order_relaxed);
  if (index >= kRemarks) return;
  Remark& place = memory_->remark[index];
  place.case_index = case_index;
  place.kind = kind;
  place.metric = metric;
  place.error = error;
  const std::size_t bytes = std::min(text.size(), sizeof place.text - 1);
  std::memcpy(place.text, text.data(), bytes);
  place.text[bytes] = 0;
}

void Tape::set_progress(double fraction) { memory_->progress.store(fraction, std::memory_order_relaxed); }

double Tape::progress() const { return std::clamp(memory_->progress.load(std::memory_order_relaxed), 0.0, 1.0); }

std::span<const Record> Tape::records() const {
  return {memory_->record, static_cast<std::size_t>(std::min(memory_->records.load(), kRecords))};
}

std::vector<Remark> Tape::remarks() const {
  const std::uint64_t count = std::min(memory_->remarks.load(), kRemarks);
  return {memory_->remark, memory_->remark + count};
}

std::uint64_t Tape::lost() const {
  const auto beyond = [](std::uint64_t count, std::uint64_t room) { return count > room ? count - room : 0; };
  return beyond(memory_->records.load(), kRecords) + beyond(memory_->remarks.load(), kRemarks);
}

void Tape::rewind() {
  ::madvise(memory_, sizeof(Memory), MADV_REMOVE);  // a shared mapping reads as zero afterwards (madvise(2))
  memory_->records = 0;
  memory_->remarks = 0;
  memory_->progress = 0;
}

Archive::Archive() : file_(::memfd_create("nsproof-records", MFD_CLOEXEC)) {
  if (!file_) throw Broken(say("memfd_create: ", errno_name(errno)));
}

void Archive::add(std::span<const Record> records) {
  const auto bytes = std::as_bytes(records);
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t written = ::write(file_.get(), bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw Broken(say("keeping records: ", errno_name(errno)));
    done += static_cast<std::size_t>(written);
  }
  count_ += records.size();
}

std::vector<Record> Archive::all() const {
  std::vector<Record> records(count_);
  const auto bytes = std::as_writable_bytes(std::span(records));
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got = ::pread(file_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Broken(say("reading records: ", errno_name(errno)));
    done += static_cast<std::size_t>(got);
  }
  return records;
}

void Notebook::sample(std::uint32_t one, std::uint32_t round, const double* values, std::size_t count) {
  for (std::size_t phase = 0; phase < count; ++phase)
    tape_.write({first_ + one, RecordKind::sample, static_cast<std::uint16_t>(phase), round, 0, 0, values[phase]});
}

void Notebook::point(std::uint32_t one, std::uint16_t series, double x, double value, std::uint32_t round) {
  tape_.write({first_ + one, RecordKind::point, series, round, 0, x, value});
}

void Notebook::figure(std::uint32_t one, std::uint16_t figure, double value) {
  tape_.write({first_ + one, RecordKind::figure, figure, 0, 0, 0, value});
}

void Notebook::word(std::uint32_t one, std::uint16_t figure, std::string_view text) {
  tape_.remark(first_ + one, Remark::Kind::word, figure, 0, text);
}

void Notebook::pass(std::uint32_t one, double milliseconds) {
  tape_.write({first_ + one, RecordKind::pass, 0, 0, 0, 0, milliseconds});
}

void Notebook::refused(std::uint32_t one, int error) {
  tape_.write({first_ + one, RecordKind::refused, 0, 0, 0, static_cast<double>(error), 1});
}

void Notebook::unsupported(std::uint32_t one, int error, std::string_view reason) {
  tape_.remark(first_ + one, Remark::Kind::unsupported, 0, error, reason);
}

void Notebook::failed(std::uint32_t one, int error, std::string_view reason) {
  tape_.remark(first_ + one, Remark::Kind::failed, 0, error, reason);
}

}  // namespace nsproof::bench
