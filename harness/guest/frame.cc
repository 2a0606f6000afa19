#include "harness/guest/frame.h"

#include <zlib.h>

#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

constexpr std::uint32_t kMagic = 0x47504e53;  // "SNPG"
constexpr std::size_t kHeaderBytes = 28;

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<z_size_t>(bytes.size())));
}

struct Header {
  std::uint32_t sequence;
  FrameKind kind;
  std::uint32_t packed;  // bytes that follow the header
  std::uint32_t size;    // bytes that they become
  std::uint32_t body_checksum;
};

// The header has a checksum of its own: a length that is wrong must be known before anybody waits for that many bytes.
std::string header_bytes(const Header& header) {
  ByteWriter writer;
  writer.u32(kMagic);
  writer.u32(header.sequence);
  writer.u32(static_cast<std::uint32_t>(header.kind));
  writer.u32(header.packed);
  writer.u32(header.size);
  writer.u32(header.body_checksum);
  std::string bytes = writer.take();
  ByteWriter sum;
  sum.u32(checksum(bytes));
  return bytes + sum.take();
}

Header header_of(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.u32() != kMagic) throw Corrupt(say("bytes that are no frame: ", quoted(bytes.substr(0, 16))));
  Header header{};
  header.sequence = reader.u32();
  const std::uint32_t kind = reader.u32();
  header.packed = reader.u32();
  header.size = reader.u32();
  header.body_checksum = reader.u32();
  if (reader.u32() != checksum(bytes.substr(0, kHeaderBytes - 4))) throw Corrupt("the checksum of a header is wrong");
  if (kind < static_cast<std::uint32_t>(FrameKind::hello) || kind > static_cast<std::uint32_t>(FrameKind::end))
    throw Corrupt(say("a frame of the unknown kind ", kind));
  if (header.packed > kMaxPacked || header.size > kMaxBody) throw Corrupt("a frame is larger than any of ours");
  header.kind = static_cast<FrameKind>(kind);
  return header;
}

std::string unpacked(std::string_view packed, std::uint32_t size) {
  // One byte more than announced, so that a longer body shows.
  std::string body(std::size_t{size} + 1, '\0');
  uLongf length = body.size();
  if (::uncompress(reinterpret_cast<Bytef*>(body.data()), &length, reinterpret_cast<const Bytef*>(packed.data()),
                   packed.size()) != Z_OK ||
      length != size)
    throw Corrupt("a frame does not unpack to the size that it announces");
  body.resize(size);
  return body;
}

}  // namespace

std::string pack(const Frame& frame) {
  std::string packed(::compressBound(frame.body.size()), '\0');
  uLongf length = packed.size();
  if (::compress2(reinterpret_cast<Bytef*>(packed.data()), &length, reinterpret_cast<const Bytef*>(frame.body.data()),
                  frame.body.size(), Z_BEST_SPEED) != Z_OK)
    throw std::runtime_error("compressing a frame failed");
  packed.resize(length);
  return header_bytes({frame.sequence, frame.kind, static_cast<std::uint32_t>(packed.size()),
                       static_cast<std::uint32_t>(frame.body.size()), checksum(packed)}) +
         packed;
}

std::optional<Frame> FrameReader::next() {
  if (spoilt_) throw Corrupt("the channel was corrupted before");
  const std::string_view rest = std::string_view(buffer_).substr(read_);
  if (rest.size() < kHeaderBytes) return std::nullopt;
  spoilt_ = true;
  const Header header = header_of(rest.substr(0, kHeaderBytes));
  if (header.sequence != sequence_) throw Corrupt(say("frame ", header.sequence, " came in place of ", sequence_));
  if (rest.size() - kHeaderBytes < header.packed) {
    spoilt_ = false;
    return std::nullopt;
  }
  const std::string_view packed = rest.substr(kHeaderBytes, header.packed);
  if (checksum(packed) != header.body_checksum) throw Corrupt(say("the checksum of frame ", sequence_, " is wrong"));
  Frame frame{header.kind, header.sequence, unpacked(packed, header.size)};
  read_ += kHeaderBytes + header.packed;
  if (read_ == buffer_.size() || read_ > 64 * 1024) {
    buffer_.erase(0, read_);
    read_ = 0;
  }
  ++sequence_;
  spoilt_ = false;
  return frame;
}

}  // namespace nsproof::guest
