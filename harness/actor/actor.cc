#include "harness/actor/actor.h"

#include <algorithm>

#include "harness/support/text.h"

namespace nsproof {

namespace {

using Clock = std::chrono::steady_clock;

struct Limits {
  Milliseconds each_call{10'000};
  Clock::time_point end = Clock::time_point::max();
};

thread_local Limits limits;

}  // namespace

CheckDeadline::CheckDeadline(Milliseconds each_call, Milliseconds whole_check) {
  limits = {each_call, Clock::now() + whole_check};
}

CheckDeadline::~CheckDeadline() { limits = {}; }

Milliseconds call_deadline() {
  if (limits.end == Clock::time_point::max()) return limits.each_call;
  const auto left = std::chrono::duration_cast<Milliseconds>(limits.end - Clock::now());
  return std::max(Milliseconds{0}, std::min(limits.each_call, left));
}

Actor::Actor(std::string name, std::unique_ptr<Transport> transport, Transcript& transcript)
    : name_(std::move(name)), transport_(std::move(transport)), transcript_(&transcript) {
  expect_new_image();
}

void Actor::expect_new_image() {
  pending_.clear();
  try {
    hello_ = transport_->hello(call_deadline());
  } catch (const Lost& lost) {
    throw Lost(say(name_, " said no hello: ", lost.what()));
  } catch (const Hung& hung) {
    throw Hung(say(name_, " said no hello: ", hung.what()));
  }
}

Reply Actor::execute(Step step) {
  const std::string text = text_of(step, {});
  std::vector<Step> steps;
  steps.push_back(std::move(step));
  begin(std::move(steps));
  bool executed = false;
  try {
    executed = transport_->new_image(call_deadline());
  } catch (const Broken& broken) {
    record_unanswered(kUnfinished, broken.what());
    throw;
  }
  if (!executed) return finish_one();
  transcript_->entries.push_back({name_, text, 0, {}, {}, (Clock::now() - begun_).count()});
  expect_new_image();
  return {0, {}, text};
}

Reply Actor::call(Step step) {
  std::vector<Step> steps;
  steps.push_back(std::move(step));
  begin(std::move(steps));
  return finish_one();
}

Reply Actor::call(long number, std::string_view name, std::vector<Arg> args) {
  return call(step(number, name, std::move(args)));
}

std::vector<Reply> Actor::batch(std::vector<Step> steps) {
  begin(std::move(steps));
  return finish();
}

void Actor::begin(long number, std::string_view name, std::vector<Arg> args) {
  std::vector<Step> steps;
  steps.push_back(step(number, name, std::move(args)));
  begin(std::move(steps));
}

void Actor::begin(std::vector<Step> steps) {
  if (!pending_.empty())
    throw Broken(say(name_, " was asked for ", steps.at(0).name, " while it is busy with ", pending_[0].name));
  pending_ = std::move(steps);
  begun_ = std::chrono::steady_clock::now();
  try {
    transport_->submit(pending_);
  } catch (const Lost& lost) {
    record_unanswered(kUnsent, lost.what());
    throw Lost(say(name_, ": ", text_of(pending_.at(0), {}), ": ", lost.what()));
  }
}

// The call that was never answered belongs in the evidence; a busy actor stays busy.
void Actor::record_unanswered(std::string_view how, std::string_view why) {
  transcript_->entries.push_back({name_, text_of(pending_.at(0), {}), 0, {}, say(how, why), 0});
}

std::vector<Reply> Actor::finish() {
  std::vector<Reply> replies;
  try {
    replies = transport_->collect(call_deadline());
  } catch (const Broken& broken) {
    record_unanswered(kUnfinished, broken.what());
    const std::string what = say(name_, ": ", text_of(pending_.at(0), {}), ": ", broken.what());
    if (dynamic_cast<const Lost*>(&broken) != nullptr) throw Lost(what);
    if (dynamic_cast<const Hung*>(&broken) != nullptr) throw Hung(what);
    throw Babbled(what);
  }
  // Only a failure that was to stop it ends a batch early; a probe that says otherwise is not to be believed.
  const std::size_t answered = replies.size();
  const bool stopped = answered > 0 && answered < pending_.size() && !replies.back().ok() &&
                       pending_[answered - 1].on_error == wire::OnError::stop;
  if (answered != pending_.size() && !stopped) throw Babbled(say(name_, " left out calls that nothing stopped"));
  record(replies, std::chrono::steady_clock::now() - begun_);
  pending_.clear();
  return replies;
}

Reply Actor::finish_one() {
  std::vector<Reply> replies = finish();
  if (replies.size() != 1) throw Babbled(say(name_, ": one call made, ", replies.size(), " answered"));
  return std::move(replies.front());
}

void Actor::record(const std::vector<Reply>& replies, std::chrono::nanoseconds took) {
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (!pending_[i].plumbing && (replies[i].ok() || !pending_[i].optional))
      transcript_->entries.push_back({name_, replies[i].call, replies[i].value, replies[i].outs, {}, took.count()});
}

bool Actor::gone(Milliseconds deadline) {
  const bool ended = transport_->ended(deadline);
  transcript_->entries.push_back(
      {name_, kGoneCall, ended ? 1 : 0, {}, ended ? "(its channel ended)" : "(still there)", 0});
  return ended;
}

void Actor::shows(std::string text, std::size_t steps_back) {
  auto& entries = transcript_->entries;
  if (steps_back < entries.size()) entries[entries.size() - 1 - steps_back].shows = std::move(text);
}

Step step(long number, std::string_view name, std::vector<Arg> args) {
  Step made;
  made.number = number;
  made.name = name;
  made.args = std::move(args);
  return made;
}

std::int64_t must(const Reply& reply) {
  if (!reply.ok()) throw Broken(say("set-up failed: ", reply.call, " = ", result_text(reply.value)));
  return reply.value;
}

std::string_view out_bytes(const Reply& reply, std::size_t index, std::size_t at_least) {
  if (index >= reply.outs.size() || reply.outs[index].size() < at_least)
    throw Babbled(say(reply.call, ": the probe sent fewer bytes than it should have"));
  return reply.outs[index];
}

}  // namespace nsproof
