// Numbers and texts as bytes and back, little-endian and with lengths in front. The reader believes nothing: whatever
// does not fit ends in Corrupt.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nsproof::guest {

// What came over the result channel is not what a guest of ours sends.
struct Corrupt : std::runtime_error {
  using runtime_error::runtime_error;
};

class ByteWriter {
 public:
  void u32(std::uint32_t value) { integer(value, 4); }
  void i64(std::int64_t value) { integer(static_cast<std::uint64_t>(value), 8); }
  void text(std::string_view value) {
    u32(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  void integer(std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xff);
  }

  std::string bytes_;
};

// Views into `bytes`, which must outlive it.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
  std::int64_t i64() { return static_cast<std::int64_t>(integer(8)); }
  std::string text() { return std::string(take(u32())); }
  // A number of records that follow, each of at least `least_bytes`.
  std::uint32_t count(std::size_t least_bytes) {
    const std::uint32_t number = u32();
    if (number > rest_.size() / least_bytes) throw Corrupt("a list is longer than the message that holds it");
    return number;
  }
  // A value below `limit`.
  std::uint32_t choice(std::uint32_t limit) {
    const std::uint32_t value = u32();
    if (value >= limit) throw Corrupt("a word that does not exist");
    return value;
  }
  void end() const {
    if (!rest_.empty()) throw Corrupt("a message is longer than its contents");
  }

 private:
  std::string_view take(std::size_t bytes) {
    if (bytes > rest_.size()) throw Corrupt("a message ends within a value");
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::uint64_t integer(int width) {
    std::uint64_t value = 0;
    const std::string_view bytes = take(static_cast<std::size_t>(width));
    for (int i = 0; i < width; ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)])} << (8 * i);
    return value;
  }

  std::string_view rest_;
};

}  // namespace nsproof::guest
