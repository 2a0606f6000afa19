#include "harness/guest/session.h"

#include <algorithm>
#include <utility>

#include "harness/guest/kernel_log.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

// Enough for any oops with its stack.
constexpr std::size_t kTailBytes = 256 * 1024;
constexpr std::size_t kWordLines = 24;
constexpr std::size_t kLastLines = 8;
// A line of a kernel log is shorter (PRINTKRB_RECORD_MAX is 1024); what is longer is noise.
constexpr std::size_t kLineBytes = 1024;
constexpr std::size_t kReasonBytes = 64 * 1024;
// All bodies of one guest together: far above any plan's, far below what would hurt the host.
constexpr std::size_t kAllBodies = 512U * 1024 * 1024;

// On one line, as reasons are.
std::string on_one_line(std::string_view words) { return join(lines_of(words), " | "); }

// The judgement that follows from what a guest says it observed: its own must be the same.
std::optional<Verdict> verdict_of(const Task& task, const Case& found) {
  if (!found.subject) return std::nullopt;
  if (task.combination)
    return judge_combination(found.subject->observation, must_isolate(*task.property, *task.combination)).verdict;
  if (!found.control) return std::nullopt;
  return judge(found.subject->observation, found.control->observation).verdict;
}

void check(const Task& task, const Case& found) {
  if (found.reason.size() > kReasonBytes || found.missing.size() > kReasonBytes)
    throw Corrupt("a case with a reason that is too long");
  if (found.verdict == Verdict::unsupported) {
    if (found.missing.empty() || found.subject || found.control)
      throw Corrupt("an unsupported case that names no need, or that ran");
    return;
  }
  if (verdict_of(task, found) != found.verdict)
    throw Corrupt(say("the verdict ", name_of(found.verdict), " does not follow from what was observed"));
}

}  // namespace

void ConsoleLog::take(std::string_view bytes) {
  total_ += bytes.size();
  tail_ += bytes.substr(bytes.size() - std::min(bytes.size(), kTailBytes));
  if (tail_.size() > 2 * kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
}

std::vector<std::string> ConsoleLog::since(std::size_t mark) const {
  const std::size_t wanted = std::min(total_ - std::min(mark, total_), tail_.size());
  std::vector<std::string> lines = split(std::string_view(tail_).substr(tail_.size() - wanted), '\n');
  for (std::string& line : lines) line = trim(line).substr(0, kLineBytes);
  std::erase_if(lines, [](const std::string& line) { return line.empty(); });
  return lines;
}

std::string ConsoleLog::last_words(std::size_t mark, std::size_t lines) const {
  std::vector<std::string> all = since(mark);
  if (std::string complaint = complaint_in(all, lines); !complaint.empty()) return complaint;
  if (all.size() > lines) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(lines));
  return join(all, "\n");
}

void blame_kernel(Case& one, const Trouble& trouble) {
  if (!trouble.any()) return;
  std::string blame = "the kernel complained of itself";
  if (!trouble.taint.empty()) blame += say(", new taint: ", trouble.taint);
  if (!trouble.words.empty()) blame += say(": ", on_one_line(trouble.words));
  one.reason = one.verdict == Verdict::violated ? say(one.reason, "; and ", blame) : blame;
  one.verdict = Verdict::violated;
  one.missing.clear();
}

Session::Session(std::span<const Task> tasks, Listener listener)
    : tasks_(tasks), listener_(std::move(listener)), cases_(tasks.size()) {}

void Session::results(std::string_view bytes) {
  if (over()) return;
  reader_.take(bytes);
  try {
    while (!ended_) {
      const std::optional<Frame> frame = reader_.next();
      if (!frame) return;
      receive(*frame);
    }
  } catch (const Corrupt& corrupt) {
    fault_ = say("its result channel cannot be believed: ", corrupt.what());
  }
}

void Session::receive(const Frame& frame) {
  received_ += frame.body.size();
  if (received_ > kAllBodies) throw Corrupt("more than any guest of ours would say");
  if (booted_ == (frame.kind == FrameKind::hello)) throw Corrupt("a message that is out of turn");
  switch (frame.kind) {
    case FrameKind::hello: return on_hello(hello_of(frame.body));
    case FrameKind::began: return on_began(began_of(frame.body));
    case FrameKind::finished: return on_finished(finished_of(frame.body));
    case FrameKind::end: return on_end(end_of(frame.body));
  }
}

void Session::on_hello(const Hello& hello) {
  booted_ = true;
  bulkhead_ = hello.bulkhead;
  runs_ = bulkhead_.empty();
  mark_ = console_.total();
  if (listener_.booted) listener_.booted(hello);
}

void Session::on_began(const Began& began) {
  if (!runs_ || running_ || began.task != next_ || next_ == tasks_.size()) throw Corrupt("a task that is out of turn");
  running_ = next_++;
  if (listener_.began) listener_.began(*running_);
}

void Session::on_finished(Finished finished) {
  if (running_ != finished.task) throw Corrupt("a case of a task that was not begun");
  const Task& task = tasks_[finished.task];
  check(task, finished.found);
  // Only what the guest found out is taken from it; what the property is, the catalogue says.
  Case one = case_of(task);
  one.verdict = finished.found.verdict;
  one.reason = std::move(finished.found.reason);
  one.missing = std::move(finished.found.missing);
  one.subject = std::move(finished.found.subject);
  one.control = std::move(finished.found.control);
  one.milliseconds = finished.found.milliseconds;
  blame_kernel(one, finished.trouble);
  running_.reset();
  mark_ = console_.total();
  settle(finished.task, std::move(one));
}

void Session::on_end(const End& end) {
  if (running_ || end.finished != next_ || (runs_ && next_ != tasks_.size()))
    throw Corrupt("the end came before the last case");
  if (!cases_.empty() && cases_.back()) blame_kernel(*cases_.back(), end.trouble);
  ended_ = true;
  if (runs_) return;
  for (std::size_t task = 0; task < tasks_.size(); ++task) {
    Case one = case_of(tasks_[task]);
    one.verdict = Verdict::unsupported;
    one.reason = one.missing = say("bulkhead: ", bulkhead_);
    settle(task, std::move(one));
  }
}

void Session::settle(std::size_t task, Case one) {
  cases_[task] = std::move(one);
  if (listener_.finished) listener_.finished(task, *cases_[task]);
}

// A kernel that says on its console what killed it has been told apart from one that fell silent.
Case Session::death_of(std::size_t task, const std::string& how) const {
  Case one = case_of(tasks_[task]);
  one.verdict = Verdict::broken;
  const std::vector<std::string> said = console_.since(mark_);
  const std::string complaint = complaint_in(said, kWordLines);
  if (!complaint.empty()) {
    blame_kernel(one, {"", complaint});
    one.reason = say("the guest ended during this property (", how, "); ", one.reason);
  } else {
    const std::string words = console_.last_words(0, kLastLines);
    one.reason = say("the guest ended during this property: ", how,
                     words.empty() ? "; its console is empty" : say("; its last words: ", on_one_line(words)));
  }
  return one;
}

void Session::conclude(const std::string& how) {
  if (ended_) return;
  const std::string why = fault_.empty() ? how : fault_;
  fault_ = why;
  const std::string last = running_    ? say("during ", name_of(case_of(tasks_[*running_])))
                           : next_ > 0 ? say("after ", name_of(case_of(tasks_[next_ - 1])))
                           : booted_   ? "before its first property"
                                       : "before nsproof was up in it";
  if (running_) settle(*running_, death_of(*running_, why));
  // A guest that stops between the last case and its last word did not stop by itself: what the last property left
  // behind ended it.
  if (!running_ && runs_ && next_ == tasks_.size() && next_ > 0) cases_.back() = death_of(next_ - 1, why);
  // Once, with the first of them.
  std::string words = running_ || next_ > 0 ? "" : on_one_line(console_.last_words(0, kLastLines));
  for (std::size_t task = next_; task < tasks_.size(); ++task) {
    Case one = case_of(tasks_[task]);
    one.verdict = Verdict::broken;
    one.reason = say("not reached: the guest ended ", last, ": ", why);
    if (!words.empty()) one.reason += say("; its last words: ", std::exchange(words, ""));
    settle(task, std::move(one));
  }
  running_.reset();
  ended_ = true;
}

}  // namespace nsproof::guest
