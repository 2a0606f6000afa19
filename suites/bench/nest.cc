// How deep user and pid namespaces nest, and what a creation costs at each depth.
#include <cerrno>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/bench/tape.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr int kDeepest = 64;  // twice what the kernel allows (MAX_PID_NS_LEVEL, and the level of user namespaces)

void measure(Ns type, int depth, std::uint32_t samples, Notebook& notebook) {
  for (std::uint32_t i = 0; i < samples; ++i) {
    CloneTimes times;
    timed_clone(0, CloneStyle::vfork, times);  // prime
    if (timed_clone(0, CloneStyle::vfork, times) == 0)
      notebook.point(0, 0, depth, us_of(times.reaped - times.called), i);
    if (timed_clone(clone_flag(type), CloneStyle::vfork, times) == 0)
      notebook.point(0, 1, depth, us_of(times.reaped - times.called), i);
  }
}

// Every level is the child of the one above and waits for the one below.
void descend(Ns type, int depth, std::uint32_t samples, Notebook& notebook) {
  measure(type, depth, samples, notebook);
  notebook.progress(depth / 33.0);
  if (depth == kDeepest) return notebook.failed(0, 0, "nesting has no limit");
  try {
    run_inside(clone_flag(type), [&] { descend(type, depth + 1, samples, notebook); });
  } catch (const Unsupported& gap) {
    // Only the deepest level gets here with an errno of clone3; what it says ends the descent.
    notebook.figure(0, 0, depth);
    notebook.word(0, 1, errno_name(gap.error));
  }
}

std::vector<Study> nesting() {
  std::vector<Study> studies;
  for (const Ns type : {Ns::user, Ns::pid}) {
    CaseSpec one;
    one.id = say("nest/", name_of(type));
    one.title = say(name_of(type), " namespaces inside each other");
    one.set = name_of(type);
    const char* const x = "depth below the measuring process";
    one.series = {{"plain", "a plain creation at this depth", x, "us", "us per level"},
                  {"create", "a creation of the next level", x, "us", "us per level"}};
    one.figures = {{"levels", "levels that could be made", "levels"}, {"refused_with", "the next is refused with", ""}};
    studies.push_back(
        {{one}, Effort::standard, {0.5, 0.7, 3}, {1, 1, 3}, [type](const Place& place, Notebook& notebook) {
           descend(type, 0, place.effort == Effort::full ? 100 : 25, notebook);
         }});
  }
  return studies;
}

const FamilyRow row = {{"nest", "Nesting", 10, nullptr, nesting}};

}  // namespace
}  // namespace nsproof::bench
