#include "harness/runtime/container.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <csignal>

#include "harness/actor/unseen.h"
#include "harness/runtime/layer_command.h"
#include "harness/runtime/oci_config.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/world/patience.h"
#include "harness/world/spawn.h"

namespace nsproof {
namespace {

// How long a runtime may take to end after its payload, and its payload to be found.
constexpr Milliseconds kEndPatience{5'000};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::string expand(std::string word, const ContainerPlaces& places) {
  word = replaced(std::move(word), "{rootfs}", places.rootfs);
  word = replaced(std::move(word), "{probe}", places.probe);
  word = replaced(std::move(word), "{outside-probe}", say(kLayerHome, places.probe));
  word = replaced(std::move(word), "{bundle}", places.state + "/bundle");
  word = replaced(std::move(word), "{state}", places.state);
  word = replaced(std::move(word), "{id}", places.id);
  return replaced(std::move(word), "{holder}", std::to_string(places.holder));
}

std::vector<std::string> expand(std::vector<std::string> words, const ContainerPlaces& places) {
  for (std::string& word : words) word = expand(std::move(word), places);
  return words;
}

void give_to(Actor& warden, const std::string& path, RunAs owner) {
  if (owner == RunAs::user) must(sys::chown(warden, path, kLayerUser, kLayerUser));
}

void make_state(Actor& warden, const Target& target, const ContainerPlaces& places) {
  must(sys::mkdir(warden, places.state, 0755));
  give_to(warden, places.state, target.run_as);
  if (target.requested.private_root) furnish_root(warden, places.rootfs, target.run_as, target.planting);
  for (const std::string& file : target.files) {
    const std::size_t equals = file.find('=');
    const std::string path = say(places.state, "/", file.substr(0, equals));
    must(sys::make_file(warden, path, expand(file.substr(equals + 1), places), 0644));
    give_to(warden, path, target.run_as);
  }
  if (target.config.empty()) return;
  must(sys::mkdir(warden, places.state + "/bundle"));
  give_to(warden, places.state + "/bundle", target.run_as);
  const std::string config = places.state + "/bundle/config.json";
  must(sys::make_file(warden, config, config_for_probe(target.config, {places.rootfs, places.probe}), 0644));
  give_to(warden, config, target.run_as);
}

LayerCommand command_of(const Target& target, const std::vector<std::string>& words, const ContainerPlaces& places) {
  return {expand(words, places), target.run_as, target.planting, target.environment,
          say(kLayerHome, "/", places.id, ".err")};
}

std::string ending(int status) { return sys::status_text(status); }

// The last lines that the tool wrote to its standard error.
std::string last_words(Actor& warden, const LayerCommand& command) {
  const sys::Got<std::string> text = sys::read_file(warden, command.errors);
  const std::string words = text.ok() ? trim(text.value) : "";
  constexpr std::size_t kShown = 600;
  return words.empty() ? "it wrote nothing to its standard error"
                       : say("it said: ", words.size() > kShown ? words.substr(words.size() - kShown) : words);
}

void run_all(Actor& warden, const Target& target, const std::vector<std::vector<std::string>>& commands,
             const ContainerPlaces& places) {
  for (const std::vector<std::string>& words : commands) {
    const LayerCommand command = command_of(target, words, places);
    const int status = run_to_end(warden, command);
    if (status != 0)
      throw Broken(say("`", shell_line(command.words), "` ", ending(status), "; ", last_words(warden, command)));
  }
}

// What no other process is called, so that a probe can be found among the layer's processes.
std::string next_mark() {
  static std::atomic<unsigned> next{0};
  return say("nsp-", ++next);
}

ContainerPlaces new_places(const std::string& name) {
  static std::atomic<unsigned> next{0};
  const std::string id = say("nsproof-", name, "-", ++next);
  const std::string state = say(kLayerHome, "/", id);
  return {state + "/rootfs", state, id, kProbeInside, 0};
}

}  // namespace

int pid_seen_by(Actor& watcher, Actor& actor) {
  const Unseen search(watcher);
  const std::string mark = next_mark();
  Step name = step(SYS_prctl, "prctl", {named(PR_SET_NAME, "PR_SET_NAME"), str(mark)});
  name.plumbing = true;
  if (!actor.call(std::move(name)).ok()) return 0;
  std::vector<std::string> pids = must(sys::list_directory(watcher, "/proc"));
  std::erase_if(pids,
                [](const std::string& entry) { return entry.find_first_not_of("0123456789") != std::string::npos; });
  std::reverse(pids.begin(), pids.end());  // it is among the youngest
  for (const std::string& pid : pids) {
    const sys::Got<std::string> comm = sys::read_file(watcher, say("/proc/", pid, "/comm"));
    if (comm.ok() && trim(comm.value) == mark) return std::stoi(pid);
  }
  return 0;
}

Container::Container(ForeignLayer& layer, const Target& target, const std::string& name, Transcript& transcript)
    : layer_(layer), target_(target), places_(new_places(name)) {
  Actor& warden = layer.warden();
  if (!target.joins.empty()) {
    const Target* joined = builtin_target(target.joins);
    if (joined == nullptr) throw Broken(say(target.name, " joins ", target.joins, ", which is no target"));
    holder_ = std::make_unique<Container>(layer, *joined, "holder", transcript);
    places_.holder = holder_->root().pid();
  }
  if (target.requested.private_root) rootfs_ = places_.rootfs;
  make_state(warden, target, places_);
  run_all(warden, target, target.prepare, places_);
  const LayerCommand command = command_of(target, target.command, places_);
  const std::string program = find_program(warden, command.words.at(0));
  root_ = prepare_process(warden, command, name);
  root_->set_transcript(transcript);
  launcher_ = root_->pid();
  const auto fail = [&](const std::string& what) {
    std::optional<int> status = wait_for_end(warden, launcher_, Milliseconds{500});
    if (!status) {
      sys::kill(warden, launcher_, SIGKILL);
      sys::wait4(warden, launcher_);
    }
    stopped_ = true;
    throw Broken(say("`", shell_line(command.words), "` ", status ? ending(*status) : "goes on", " (", what, "); ",
                     last_words(warden, command)));
  };
  try {
    must(root_->execute(execve_step(program, command)));
  } catch (const Broken& broken) {
    fail(broken.what());
  }
  root_->transport().carry_bytes_only();
  root_->set_pid(pid_seen_by(warden, *root_));
  if (target.copies_root) rootfs_ = say("/proc/", root_->pid(), "/root");
}

Container::~Container() {
  if (stopped_) return;
  try {
    stop();
  } catch (const std::exception&) {
    // The layer ends everything that is in it.
  }
}

std::unique_ptr<Actor> Container::make_member(const std::string& name, Transcript& transcript) {
  root_->set_transcript(transcript);
  std::unique_ptr<Actor> member = must_spawn(*root_, 0, name);
  members_.push_back(member->pid());
  member->set_pid(pid_seen_by(layer_.warden(), *member));
  return member;
}

void Container::end_members() {
  unseen_.entries.clear();
  root_->set_transcript(unseen_);
  for (const int pid : members_) {
    sys::kill(*root_, pid, SIGKILL);
    sys::wait4(*root_, pid);
  }
  members_.clear();
}

int Container::stop() {
  stopped_ = true;
  Actor& warden = layer_.warden();
  if (!root_->busy()) sys::exit(*root_);
  std::optional<int> status = wait_for_end(warden, launcher_, kEndPatience);
  if (!status) {
    sys::kill(warden, launcher_, SIGKILL);
    sys::wait4(warden, launcher_);
  }
  for (const std::vector<std::string>& words : target_.cleanup)
    run_to_end(warden, command_of(target_, words, places_));  // it may find that there is nothing to do
  holder_.reset();
  if (!status) throw Broken(say(target_.name, " did not end after its payload had"));
  return *status;
}

bool start_in_vain(ForeignLayer& layer, const Target& target, Transcript& transcript) {
  Actor& warden = layer.warden();
  ContainerPlaces places = new_places("vain");
  places.probe = "/no-such-program";
  make_state(warden, target, places);
  run_all(warden, target, target.prepare, places);
  const LayerCommand command = command_of(target, target.command, places);
  const std::unique_ptr<Actor> process = prepare_process(warden, command, "vain");
  process->set_transcript(transcript);
  bool started = false;
  try {
    started = process->execute(execve_step(find_program(warden, command.words.at(0)), command)).ok();
  } catch (const Broken&) {
    started = false;
  }
  const std::optional<int> status = wait_for_end(warden, process->pid(), kEndPatience);
  for (const std::vector<std::string>& words : target.cleanup) run_to_end(warden, command_of(target, words, places));
  return !started && status && *status != 0;
}

}  // namespace nsproof
