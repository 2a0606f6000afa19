// Where people read: a stream, whether it is a terminal, how wide it is and whether it takes colour.
// On anything but a terminal there is never a carriage return, and without colour never an escape sequence.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace nsproof {

enum class Color { automatic, always, never };

// What decides about colour: --color, then NO_COLOR, then CLICOLOR_FORCE, then the terminal (no-color.org,
// bixense.com/clicolors).
struct Surroundings {
  bool terminal = false;
  std::string no_color;
  std::string clicolor_force;
  std::string term;
};

Surroundings surroundings_of(std::FILE* stream);
bool wants_color(Color color, const Surroundings& surroundings);

enum class Style { plain, strong, faint, good, bad, doubt };

class Console {
 public:
  // Bytes that a sandbox chose must have gone through shown_line() before they come here.
  Console(std::FILE* stream, Color color);
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console();

  [[nodiscard]] bool terminal() const { return terminal_; }
  [[nodiscard]] int columns() const;  // 80 where nobody knows
  [[nodiscard]] std::string paint(Style style, std::string_view text) const;

  void print(std::string_view line);  // without its line feed
  void print(const std::vector<std::string>& lines);
  // One line that the next one overwrites. Only on a terminal; elsewhere nothing.
  void status(std::string_view line);
  void clear_status();
  // False if the stream took less than it was given (a full disk, a closed pipe).
  bool flush();

 private:
  std::FILE* stream_;
  bool terminal_ = false;
  bool color_ = false;
  std::size_t status_width_ = 0;
};

}  // namespace nsproof
