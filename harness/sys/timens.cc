#include "harness/sys/timens.h"

#include <charconv>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof::sys {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<TimensOffsets> parse_timens_offsets(std::string_view text) {
  std::optional<Nanoseconds> monotonic;
  std::optional<Nanoseconds> boottime;
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() != 3) return std::nullopt;
    const auto seconds = number(words[1]);
    const auto rest = number(words[2]);
    if (!seconds || !rest) return std::nullopt;
    const Nanoseconds offset = nanoseconds_of({*seconds, *rest});
    if (words[0] == "monotonic") monotonic = offset;
    if (words[0] == "boottime") boottime = offset;
  }
  if (!monotonic || !boottime) return std::nullopt;
  return TimensOffsets{*monotonic, *boottime};
}

std::string text_of(const TimensOffsets& offsets) {
  return say("monotonic ", time_text(offsets.monotonic), ", boottime ", time_text(offsets.boottime));
}

Got<TimensOffsets> timens_offsets(Actor& actor, std::string_view process) {
  Got<std::string> text = read_file(actor, say("/proc/", process, "/timens_offsets"));
  Got<TimensOffsets> got{std::move(text.reply)};
  if (!got.ok()) return got;
  const auto offsets = parse_timens_offsets(text.value);
  if (!offsets) throw Babbled(say("timens_offsets holds no offsets: ", quoted(text.value)));
  got.value = *offsets;
  return got;
}

Reply set_timens_offsets(Actor& actor, std::string_view lines) {
  return write_file(actor, "/proc/self/timens_offsets", lines);
}

}  // namespace nsproof::sys
