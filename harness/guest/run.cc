#include "harness/guest/run.h"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "harness/guest/initramfs.h"
#include "harness/guest/plan.h"
#include "harness/guest/running_guest.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

// Fewer tasks than this are done before a second guest is up.
constexpr std::size_t kTasksPerGuest = 32;
constexpr int kStep = 200;  // milliseconds

// A guest, the tasks that it has, and where they are in the list of all.
struct Share {
  std::vector<Task> tasks;
  std::vector<std::size_t> places;
  std::unique_ptr<RunningGuest> guest;
  bool told = false;  // how it went wrong
};

// In turn, so that long and short ones are spread.
std::vector<Share> shares_of(std::span<const Task> tasks, int guests) {
  std::vector<Share> shares(static_cast<std::size_t>(guests));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    Share& share = shares[i % shares.size()];
    share.tasks.push_back(tasks[i]);
    share.places.push_back(i);
  }
  return shares;
}

// "serial.log", and for the second guest "serial.log.2"
std::string console_file_of(const std::string& file, std::size_t guest) {
  return file.empty() || guest == 0 ? file : say(file, ".", guest + 1);
}

void start(Share& share, const GuestRun& wish, const std::string& base, const std::string& console_file,
           GuestObserver& observer, GuestResults& results) {
  Plan plan{share.tasks, wish.run};
  const RunningGuest::Limits limits{wish.deadline, 2 * wish.run.check_deadline + Milliseconds{30'000}};
  const auto booted = [&](const Hello& hello) {
    for (const std::string& note : hello.notes) observer.noted(note);
    if (results.hello) return;
    results.hello = hello;
    observer.booted(hello, share.guest->machine(), share.guest->seconds());
  };
  const auto began = [&](std::size_t task) { observer.began(share.tasks[task]); };
  const auto finished = [&](std::size_t /*task*/, const Case& one) { observer.finished(one); };
  share.guest = std::make_unique<RunningGuest>(wish.options, share.tasks, make_initramfs(base, plan),
                                               Session::Listener{booted, began, finished}, limits, console_file);
}

void wait_for_news(const std::vector<Share>& shares) {
  std::vector<pollfd> polled;
  for (const Share& share : shares) share.guest->add_to(polled);
  ::poll(polled.data(), polled.size(), kStep);
}

std::string why_not_started(const GuestRun& wish, const std::system_error& error) {
  if (wish.options.kind != ImageKind::uml && error.code().value() == ENOENT)
    return "qemu-system-x86_64 is not installed; Debian has it in the package qemu-system-x86";
  return say("the guest cannot be started: ", error.what());
}

}  // namespace

int guests_for(std::size_t tasks, int jobs) {
  return static_cast<int>(std::clamp<std::size_t>(tasks / kTasksPerGuest, 1, static_cast<std::size_t>(jobs)));
}

GuestResults run_in_guests(std::span<const Task> tasks, const GuestRun& wish, GuestObserver& observer,
                           const std::atomic<bool>& stop) {
  const std::string base = base_archive(own_program(), wish.modules.modules);
  for (const std::string& note : wish.modules.notes) observer.noted(note);
  GuestResults results;
  std::vector<Share> shares = shares_of(tasks, guests_for(tasks.size(), wish.run.jobs));
  try {
    for (std::size_t i = 0; i < shares.size(); ++i)
      start(shares[i], wish, base, console_file_of(wish.console_file, i), observer, results);
  } catch (const std::system_error& error) {
    throw std::runtime_error(why_not_started(wish, error));
  }
  const auto running = [&] {
    return std::any_of(shares.begin(), shares.end(), [](const Share& share) { return !share.guest->over(); });
  };
  while (running() && !stop) {
    wait_for_news(shares);
    for (Share& share : shares) {
      share.guest->step();
      if (share.guest->over() && !share.told && !share.guest->session().fault().empty()) {
        share.told = true;
        observer.noted(say("a guest went wrong: ", share.guest->session().fault()));
      }
    }
  }
  results.cases.resize(tasks.size());
  for (Share& share : shares) {
    std::vector<std::optional<Case>> own = share.guest->session().take_cases();
    for (std::size_t i = 0; i < own.size(); ++i) results.cases[share.places[i]] = std::move(own[i]);
  }
  return results;
}

}  // namespace nsproof::guest
