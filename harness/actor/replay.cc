#include "harness/actor/replay.h"

#include <cerrno>

#include "harness/support/text.h"

namespace nsproof {
namespace {

class ReplayTransport final : public Transport {
 public:
  ReplayTransport(std::shared_ptr<Recording> recording, std::string name)
      : recording_(std::move(recording)), name_(std::move(name)) {}

  wire::Hello hello(Milliseconds /*deadline*/) override {
    return {wire::kHelloMagic, wire::kVersion, 0x10000, 0x20000, 0x20010, 0x30000};
  }

  void submit(std::span<const Step> steps) override {
    steps_ = steps;
    const auto& entries = recording_->transcript.entries;
    if (recording_->next >= entries.size() || steps.empty()) return;
    const Entry& entry = entries[recording_->next];
    if (entry.actor != name_ || entry.call != text_of(steps[0], {}) || !entry.shows.starts_with(kUnsent)) return;
    ++recording_->next;
    throw Lost(entry.shows);
  }

  bool new_image(Milliseconds /*deadline*/) override {
    const auto& entries = recording_->transcript.entries;
    if (recording_->next >= entries.size() || entries[recording_->next].value != 0) return false;
    recorded(text_of(steps_[0], {}));
    return true;
  }

  std::vector<Reply> collect(Milliseconds /*deadline*/) override {
    std::vector<Reply> replies;
    std::vector<std::int64_t> values;
    for (const Step& step : steps_) {  // plumbing was not recorded; it succeeds
      const std::string text = text_of(step, values);
      replies.push_back(step.plumbing ? unchanged_reply(step) : recorded(text, step.optional));
      replies.back().call = text;
      values.push_back(replies.back().value);
      if (!replies.back().ok() && step.on_error == wire::OnError::stop) break;
    }
    return replies;
  }

  std::unique_ptr<Transport> pass_channel(std::string_view name) override {
    return replay_transport(recording_, std::string(name));
  }
  void pass_descriptor(int /*fd*/) override {}
  bool ended(Milliseconds /*deadline*/) override { return recorded(kGoneCall).value != 0; }

 private:
  Reply recorded(const std::string& call, bool optional = false) {
    const auto& entries = recording_->transcript.entries;
    if (optional && recording_->next >= entries.size()) return {-EAGAIN, {}, {}};
    if (recording_->next >= entries.size())
      throw Broken(say("replay: the recording is over, but ", name_, " calls ", call));
    const Entry& entry = entries[recording_->next];
    if (optional && (entry.actor != name_ || entry.call != call)) return {-EAGAIN, {}, {}};
    ++recording_->next;
    if (entry.actor != name_ || entry.call != call)
      throw Broken(say("replay: the recording has ", entry.actor, "  ", entry.call, ", but ", name_, " calls ", call));
    if (entry.shows.starts_with(kUnfinished)) throw Lost(entry.shows);
    return {entry.value, entry.outs, {}};
  }

  std::shared_ptr<Recording> recording_;
  std::string name_;
  std::span<const Step> steps_;
};

}  // namespace

std::unique_ptr<Transport> replay_transport(std::shared_ptr<Recording> recording, std::string name) {
  return std::make_unique<ReplayTransport>(std::move(recording), std::move(name));
}

}  // namespace nsproof
