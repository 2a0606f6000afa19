#include "harness/guest/plan.h"

#include <charconv>
#include <stdexcept>

#include "harness/catalogue/select.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

constexpr std::string_view kAll = "all";
constexpr std::string_view kDeviations = "deviations";

Milliseconds milliseconds_of(const std::string& word) {
  long long number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size() || number <= 0)
    throw std::runtime_error(say("plan: not a time: ", quoted(word)));
  return Milliseconds(number);
}

// "task uts.hostname.private clone3 [mnt+pid]"
Task task_of(const std::vector<std::string>& words) {
  Task task;
  task.property = find_property(words.at(1));
  if (task.property == nullptr) throw std::runtime_error(say("plan: no property is called ", words.at(1)));
  const std::optional<Way> way = way_named(words.at(2));
  if (!way) throw std::runtime_error(say("plan: no way is called ", words.at(2)));
  task.way = *way;
  if (words.size() > 3) {
    task.combination = combination_named(words.at(3));
    if (!task.combination) throw std::runtime_error(say("plan: no combination is called ", words.at(3)));
  }
  return task;
}

}  // namespace

std::string text_of(const Plan& plan) {
  std::string text = say("call-deadline ", plan.options.call_deadline.count(), "\ncheck-deadline ",
                         plan.options.check_deadline.count(), "\nevidence ",
                         plan.options.evidence == Evidence::of_all ? kAll : kDeviations, "\n");
  for (const Task& task : plan.tasks) {
    text += say("task ", task.property->id, " ", name_of(task.way));
    if (task.combination) text += say(" ", nsproof::text_of(*task.combination));
    text += "\n";
  }
  return text;
}

Plan plan_of(std::string_view text) {
  Plan plan;
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 2) throw std::runtime_error(say("plan: not understood: ", quoted(line)));
    if (words[0] == "task" && (words.size() == 3 || words.size() == 4))
      plan.tasks.push_back(task_of(words));
    else if (words[0] == "call-deadline")
      plan.options.call_deadline = milliseconds_of(words[1]);
    else if (words[0] == "check-deadline")
      plan.options.check_deadline = milliseconds_of(words[1]);
    else if (words[0] == "evidence" && (words[1] == kAll || words[1] == kDeviations))
      plan.options.evidence = words[1] == kAll ? Evidence::of_all : Evidence::of_deviations;
    else
      throw std::runtime_error(say("plan: not understood: ", quoted(line)));
  }
  return plan;
}

}  // namespace nsproof::guest
