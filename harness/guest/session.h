// The host's side of one guest as a state machine: bytes of its two lines go in, cases come out. It knows no process
// and no clock, so that every way in which a guest can fail is a test without a guest.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/guest/frame.h"
#include "harness/guest/message.h"
#include "harness/world/runner.h"

namespace nsproof::guest {

// What the kernel wrote to its console: the beginning and the end of it, whatever its length.
class ConsoleLog {
 public:
  void take(std::string_view bytes);
  [[nodiscard]] bool silent() const { return total_ == 0; }
  // How much has been written in all; a mark for since().
  [[nodiscard]] std::size_t total() const { return total_; }
  // Lines written after the mark, as far as they are kept.
  [[nodiscard]] std::vector<std::string> since(std::size_t mark) const;
  // The kernel's last words: from its first complaint after the mark on, or else the last lines; at most `lines`.
  [[nodiscard]] std::string last_words(std::size_t mark, std::size_t lines) const;

 private:
  std::string tail_;
  std::size_t total_ = 0;
};

class Session {
 public:
  // Told of what the guest reports; indices are those of the tasks.
  struct Listener {
    std::function<void(const Hello&)> booted;
    std::function<void(std::size_t)> began;
    std::function<void(std::size_t, const Case&)> finished;
  };

  // `tasks` must outlive the session.
  Session(std::span<const Task> tasks, Listener listener);

  void results(std::string_view bytes);
  void console(std::string_view bytes) { console_.take(bytes); }

  [[nodiscard]] bool booted() const { return booted_; }
  // Nothing more is wanted of this guest: it said the last word, or what it says cannot be believed.
  [[nodiscard]] bool over() const { return ended_ || !fault_.empty(); }
  // How the guest went wrong; empty while it did not.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] const ConsoleLog& log() const { return console_; }

  // Why the guest is no more, "it ended", "it was silent for 60 s". Every task that was begun and not finished, and
  // every one that was not reached, gets its case now. Does nothing for a guest that has said its last word.
  void conclude(const std::string& how);

  // In the order of the tasks; without a value: not run, in a session that was interrupted.
  std::vector<std::optional<Case>> take_cases() { return std::move(cases_); }

 private:
  void receive(const Frame& frame);
  void on_hello(const Hello& hello);
  void on_began(const Began& began);
  void on_finished(Finished finished);
  void on_end(const End& end);
  void settle(std::size_t task, Case one);
  [[nodiscard]] Case death_of(std::size_t task, const std::string& how) const;

  std::span<const Task> tasks_;
  Listener listener_;
  FrameReader reader_;
  ConsoleLog console_;
  std::vector<std::optional<Case>> cases_;
  bool booted_ = false;
  bool runs_ = false;     // false if the guest can make no bulkhead
  std::string bulkhead_;  // and why not
  bool ended_ = false;
  std::size_t next_ = 0;                // the task that comes next
  std::optional<std::size_t> running_;  // begun and not finished
  std::size_t received_ = 0;            // bytes of all bodies
  std::size_t mark_ = 0;                // of the console when the last task was finished
  std::string fault_;
};

// A kernel that complains about itself during a property violates it, whatever the check saw.
void blame_kernel(Case& one, const Trouble& trouble);

}  // namespace nsproof::guest
