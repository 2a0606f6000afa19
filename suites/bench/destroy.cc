// When a namespace is really gone: from the last reference to it until the kernel counts it no longer, and what a
// creation costs that has to pay for its destruction as well.
#include <algorithm>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/bench/limits.h"
#include "harness/bench/statistics.h"
#include "harness/bench/tape.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr double kPatienceMs = 2000;
constexpr double kAtOnceMs = 0.2;

double usual_creation_us(Ns type) {
  std::vector<double> took;
  for (int i = 0; i < 7; ++i)
    if (const Attempt attempt = try_to_create(type); attempt.error == 0) took.push_back(attempt.took_us);
  if (took.empty()) throw Unsupported{"the type cannot be created", try_to_create(type).error};
  return median(took);
}

const char* class_of(const std::vector<double>& after_ms, int blocked) {
  if (blocked * 2 > static_cast<int>(after_ms.size())) return "deferred, and a creation at the limit waits";
  return quantile(after_ms, 0.25) < kAtOnceMs ? "at once" : "deferred";
}

void destruction(Ns type, const Place& place, Notebook& notebook) {
  const int samples = place.effort == Effort::smoke ? 4 : place.effort == Effort::standard ? 12 : 50;
  run_inside(CLONE_NEWUSER, [&] {
    const double usual = usual_creation_us(type);
    sleep_ns(150'000'000);  // the creations above are destroyed
    limit_namespaces(type, 1);
    Gone last = wait_until_gone(type, now_us(), usual, kPatienceMs);
    std::vector<double> after;
    int blocked = 0;
    for (int i = 0; i < samples && last.after_ms >= 0; ++i) {
      // The creation that ended the last wait was reaped a moment ago: its namespace is what we now wait for.
      last = wait_until_gone(type, last.end_us, usual, kPatienceMs);
      if (last.after_ms < 0) break;
      notebook.sample(0, static_cast<std::uint32_t>(i), &last.after_ms, 1);
      after.push_back(last.after_ms);
      blocked += last.blocked ? 1 : 0;
      notebook.progress(static_cast<double>(i + 1) / samples);
    }
    if (after.empty()) return notebook.failed(0, 0, "the namespace was not gone after two seconds");
    notebook.word(0, 0, class_of(after, blocked));
  });
}

std::vector<Study> destructions() {
  std::vector<Study> studies;
  for (const Ns type : kAllNamespaces) {
    CaseSpec one;
    one.id = say("destroy/", name_of(type));
    one.title = say("a ", name_of(type), " namespace loses its last process, until the kernel has destroyed it");
    one.unit = "ms";
    one.head = "destroyed";
    one.set = name_of(type);
    one.phases = {{"destroyed", "until a new one may be made where only one is allowed"}};
    one.figures = {{"class", "how it is destroyed", ""}};
    const bool quick = type == Ns::net || type == Ns::mnt || type == Ns::uts;
    studies.push_back({{one},
                       quick ? Effort::smoke : Effort::standard,
                       {0.4, 0.7, 4},
                       {1, 1, 1},
                       [type](const Place& place, Notebook& notebook) { destruction(type, place, notebook); }});
  }
  return studies;
}

// Creations one after the other without a pause, then the wait until all of them are gone.
void churn(Ns type, const Place& place, Notebook& notebook) {
  const std::vector<int> numbers =
      place.effort == Effort::full ? std::vector<int>{10, 30, 100, 300, 1000} : std::vector<int>{10, 30, 100};
  constexpr std::uint32_t kAtLeast = 3;
  constexpr std::uint32_t kAtMost = 30;
  run_inside(CLONE_NEWUSER, [&] {
    const double usual = usual_creation_us(type);
    for (std::uint32_t repeat = 0; repeat < kAtLeast || (repeat < kAtMost && place.time_left()); ++repeat)
      for (const int number : numbers) {
        limit_namespaces(type, 1);
        wait_until_gone(type, now_us(), usual, kPatienceMs);
        limit_namespaces(type, 100'000);
        const double start = now_us();
        int made = 0;
        for (int i = 0; i < number; ++i) {
          const Attempt attempt = try_to_create(type);
          if (attempt.error != 0)
            notebook.refused(0, attempt.error);
          else
            ++made;
        }
        const double end = now_us();
        limit_namespaces(type, 1);
        const Gone gone = wait_until_gone(type, end, usual, 10 * kPatienceMs);
        notebook.progress(static_cast<double>(repeat) / kAtLeast);
        if (made == 0 || gone.after_ms < 0) continue;
        const double drain = gone.after_ms * 1e3;
        notebook.point(0, 0, number, (end - start) / made, repeat);
        notebook.point(0, 1, number, (end - start + drain) / made, repeat);
        notebook.point(0, 2, number, drain / made, repeat);
      }
  });
}

std::vector<Study> churns() {
  std::vector<Study> studies;
  for (const Ns type : kAllNamespaces) {
    CaseSpec one;
    one.id = say("churn/", name_of(type));
    one.title = say(name_of(type), " namespaces made and left one after the other, until the last is destroyed");
    one.set = name_of(type);
    const char* const x = "namespaces in a row";
    one.series = {{"loop", "creation and exit, without a pause", x, "us", ""},
                  {"cycle", "with what the kernel puts off", x, "us", ""},
                  {"drain", "of that, after the last exit", x, "us", ""}};
    const bool usual = type == Ns::net || type == Ns::mnt || type == Ns::ipc || type == Ns::pid || type == Ns::user;
    studies.push_back({{one},
                       usual ? Effort::standard : Effort::full,
                       {0.5, 0.8, 6},
                       {1, 1, 1},
                       [type](const Place& place, Notebook& notebook) { churn(type, place, notebook); }});
  }
  return studies;
}

const FamilyRow rows[] = {{{"destroy", "Destruction", 6, nullptr, destructions}},
                          {{"churn", "Sustained creation and destruction", 7, nullptr, churns}}};

}  // namespace
}  // namespace nsproof::bench
