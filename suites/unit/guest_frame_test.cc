// The result channel of a guest under every damage: whatever is cut off, flipped or added, no frame comes of it that
// was not sent.
#include <gmock/gmock.h>

#include <vector>

#include "harness/guest/frame.h"
#include "harness/guest/message.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

using testing::HasSubstr;

// What a guest with two tasks sends, in frames.
std::vector<std::string> sent_frames() {
  Finished finished;
  finished.found.verdict = Verdict::holds;
  finished.found.reason = "hidden";
  finished.found.subject.emplace(nsproof::Run{
      "uts via clone3", isolated("hidden"), {{{"inside", "uname()", 0, {std::string(390, '\0')}, "{}", 12}}}, 1.5});
  finished.found.control.emplace(nsproof::Run{"none via clone3", leaked("seen"), {}, 1.25});
  return {pack({FrameKind::hello, 0, encode(Hello{{}, "", "", {"a note"}})}),
          pack({FrameKind::began, 1, encode(Began{0})}), pack({FrameKind::finished, 2, encode(finished)}),
          pack({FrameKind::end, 3, encode(End{1, {}})})};
}

// Frames that a reader gives of these bytes before it gives up or wants more.
struct Reading {
  std::vector<Frame> frames;
  std::string complaint;
};

Reading read(std::string_view bytes, std::size_t piece = std::string_view::npos) {
  Reading reading;
  FrameReader reader;
  try {
    for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size())) {
      reader.take(bytes.substr(at, piece));
      while (auto frame = reader.next()) reading.frames.push_back(*frame);
    }
  } catch (const Corrupt& corrupt) {
    reading.complaint = corrupt.what();
  }
  return reading;
}

TEST(GuestFrame, ComesBackHoweverItIsCutIntoPieces) {
  const std::string bytes = join(sent_frames(), "");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string_view::npos}) {
    const Reading reading = read(bytes, piece);
    EXPECT_EQ(reading.complaint, "");
    ASSERT_EQ(reading.frames.size(), 4U);
    const Finished finished = finished_of(reading.frames[2].body);
    EXPECT_EQ(finished.found.reason, "hidden");
    EXPECT_EQ(finished.found.subject->transcript.entries.at(0).outs.at(0).size(), 390U);
    EXPECT_DOUBLE_EQ(finished.found.control->milliseconds, 1.25);
  }
}

TEST(GuestFrame, EveryTruncationGivesOnlyWhatCameWhole) {
  const std::vector<std::string> frames = sent_frames();
  const std::string bytes = join(frames, "");
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    std::size_t whole = 0;
    for (std::size_t end = 0; whole < frames.size() && end + frames[whole].size() <= length; ++whole)
      end += frames[whole].size();
    EXPECT_EQ(read(std::string_view(bytes).substr(0, length)).frames.size(), whole) << length << " bytes";
  }
}

TEST(GuestFrame, EveryFlippedBitEndsTheChannelBeforeItsFrame) {
  const std::vector<std::string> frames = sent_frames();
  const std::string bytes = join(frames, "");
  std::size_t frame = 0;
  std::size_t end = frames[0].size();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    while (at >= end) end += frames[++frame].size();
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const Reading reading = read(damaged);
      EXPECT_EQ(reading.frames.size(), frame) << "byte " << at << ", bit " << bit;
      EXPECT_NE(reading.complaint, "") << "byte " << at << ", bit " << bit;
    }
  }
}

TEST(GuestFrame, NoiseAndRepetitionEndTheChannel) {
  const std::vector<std::string> frames = sent_frames();
  EXPECT_THAT(read("[    0.1] BUG: unable to handle page fault for address").complaint, HasSubstr("no frame"));
  EXPECT_THAT(read(frames[0] + "\n" + frames[1] + frames[2]).complaint, HasSubstr("no frame"));
  EXPECT_THAT(read(frames[0] + frames[0]).complaint, HasSubstr("in place of"));
  EXPECT_THAT(read(frames[1]).complaint, HasSubstr("in place of"));
}

TEST(GuestFrame, AfterDamageNothingIsBelieved) {
  FrameReader reader;
  reader.take(std::string(64, 'x'));
  EXPECT_THROW(reader.next(), Corrupt);
  reader.take(sent_frames()[0]);
  EXPECT_THROW(reader.next(), Corrupt);
}

// A header that is right in itself may still announce what would exhaust the host.
TEST(GuestFrame, SizesAreBounded) {
  const std::string large = pack({FrameKind::finished, 0, std::string(kMaxBody + 1, '\0')});
  EXPECT_THAT(read(large).complaint, HasSubstr("larger than any of ours"));
}

TEST(GuestMessage, EveryTruncationIsCorrupt) {
  Finished finished;
  finished.found.subject.emplace(
      nsproof::Run{"world", leaked("seen"), {{{"inside", "call()", -1, {"out", ""}, "shows", 3}}}, 1});
  const std::string body = encode(finished);
  EXPECT_NO_THROW(finished_of(body));
  for (std::size_t length = 0; length < body.size(); ++length)
    EXPECT_THROW(finished_of(std::string_view(body).substr(0, length)), Corrupt) << length;
  EXPECT_THROW(finished_of(body + '\0'), Corrupt);
}

TEST(GuestMessage, LongListsAreNotBelieved) {
  ByteWriter writer;
  writer.u32(0x7fffffff);
  const std::string bytes = writer.take();
  ByteReader reader(bytes);
  EXPECT_THROW(reader.count(4), Corrupt);
}

}  // namespace
}  // namespace nsproof::guest
