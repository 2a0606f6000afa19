// Colour, width and the status line of a terminal.
#include "harness/cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/support/layout.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

constexpr int kUsualColumns = 80;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Select Graphic Rendition (console_codes(4)).
std::string_view code_of(Style style) {
  switch (style) {
    case Style::plain: return "";
    case Style::strong: return "1";
    case Style::faint: return "2";
    case Style::good: return "32";
    case Style::bad: return "1;31";
    case Style::doubt: return "33";
  }
  return "";
}

}  // namespace

Surroundings surroundings_of(std::FILE* stream) {
  return {isatty(fileno(stream)) == 1, variable("NO_COLOR"), variable("CLICOLOR_FORCE"), variable("TERM")};
}

bool wants_color(Color color, const Surroundings& surroundings) {
  if (color != Color::automatic) return color == Color::always;
  if (!surroundings.no_color.empty()) return false;
  if (!surroundings.clicolor_force.empty() && surroundings.clicolor_force != "0") return true;
  return surroundings.terminal && !surroundings.term.empty() && surroundings.term != "dumb";
}

Console::Console(std::FILE* stream, Color color) : stream_(stream) {
  const Surroundings surroundings = surroundings_of(stream);
  terminal_ = surroundings.terminal;
  color_ = wants_color(color, surroundings);
}

Console::~Console() {
  clear_status();
  std::fflush(stream_);
}

int Console::columns() const {
  winsize size{};
  if (terminal_ && ioctl(fileno(stream_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kUsualColumns;
}

std::string Console::paint(Style style, std::string_view text) const {
  if (!color_ || style == Style::plain) return std::string(text);
  return say("\x1b[", code_of(style), "m", text, "\x1b[0m");
}

void Console::print(std::string_view line) {
  clear_status();
  std::fwrite(line.data(), 1, line.size(), stream_);
  std::fputc('\n', stream_);
  std::fflush(stream_);  // the log of a CI job is read while it grows
}

void Console::print(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) print(line);
}

void Console::status(std::string_view line) {
  if (!terminal_) return;
  // The last column stays free: a terminal wraps as soon as it is filled.
  const auto room = static_cast<std::size_t>(std::max(1, columns() - 1));
  const std::string shown = shortened(line, room);
  const std::size_t width = width_of(shown);
  // A status line may have been written when the terminal was wider; blanks beyond its edge would begin a new line.
  const std::size_t blanks = std::min(room, std::max(width, status_width_)) - width;
  std::fputs(say("\r", shown, std::string(blanks, ' '), "\r", shown).c_str(), stream_);
  std::fflush(stream_);
  status_width_ = width;
}

void Console::clear_status() {
  if (status_width_ == 0) return;
  const auto room = static_cast<std::size_t>(std::max(1, columns() - 1));
  std::fputs(say("\r", std::string(std::min(room, status_width_), ' '), "\r").c_str(), stream_);
  status_width_ = 0;
}

bool Console::flush() {
  clear_status();
  return std::fflush(stream_) == 0 && std::ferror(stream_) == 0;
}

}  // namespace nsproof
