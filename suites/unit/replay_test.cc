// Judgement from recorded evidence, with no kernel and no privilege: real transcripts, as they were recorded and with
// one answer changed, must lead to the verdict that the evidence supports.
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"
#include "harness/world/replay_check.h"
#include "reports/json.h"

namespace nsproof {
namespace {

const Results& recorded() {
  static const Results results = [] {
    return read_json(host_file(NSPROOF_SOURCE_DIR "/suites/unit/fixtures/recorded.json"));
  }();
  return results;
}

Case recorded_case(std::string_view id) {
  for (const Case& one : recorded().cases)
    if (one.id == id) return one;
  ADD_FAILURE() << "not recorded: " << id;
  return {};
}

// The verdict that the transcripts of a case lead to, whatever verdict is written beside them.
Judgement judge_again(const Case& one) {
  const Property* row = find_property(one.id);
  if (row == nullptr) return {Verdict::broken, "no such property"};
  Sandbox subject = row->sandbox;
  subject.namespaces = subject_namespaces(*row);
  Sandbox control = row->sandbox;
  control.namespaces = row->control != nullptr ? subject.namespaces : control_namespaces(*row);
  const Check control_check = row->control != nullptr ? row->control : row->check;
  return judge(replay_check(row->check, subject, Way::clone3, one.subject->transcript),
               replay_check(control_check, control, Way::clone3, one.control->transcript));
}

Entry& last_call(Transcript& transcript, std::string_view call) {
  const auto found = std::find_if(transcript.entries.rbegin(), transcript.entries.rend(),
                                  [&](const Entry& entry) { return entry.call.starts_with(call); });
  if (found == transcript.entries.rend()) throw std::logic_error(say("no ", call, " in the transcript"));
  return *found;
}

// A record as JSON has names for what it means; the answers themselves are in `outs`.
void answer_as(Transcript& changed, Transcript model, std::string_view call) {
  const Entry& answer = last_call(model, call);
  Entry& entry = last_call(changed, call);
  entry.value = answer.value;
  entry.outs = answer.outs;
}

TEST(Replay, EveryRecordedVerdictFollowsFromItsTranscripts) {
  ASSERT_FALSE(recorded().cases.empty());
  for (const Case& one : recorded().cases) {
    const Judgement again = judge_again(one);
    EXPECT_EQ(name_of(again.verdict), name_of(one.verdict)) << one.id << ": " << again.reason;
    EXPECT_EQ(again.reason, one.reason);
  }
}

TEST(Replay, ALeakInTheSubjectIsAViolation) {
  Case one = recorded_case("uts.hostname.outside-change-hidden");
  answer_as(one.subject->transcript, one.control->transcript, "uname(");
  EXPECT_EQ(name_of(judge_again(one).verdict), "violated");
}

TEST(Replay, AControlThatIsolatesIsVacuous) {
  Case one = recorded_case("uts.hostname.outside-change-hidden");
  answer_as(one.control->transcript, one.subject->transcript, "uname(");
  EXPECT_EQ(name_of(judge_again(one).verdict), "vacuous");
}

TEST(Replay, AnAnswerThatFitsNeitherIsBroken) {
  Case one = recorded_case("uts.hostname.outside-change-hidden");
  std::string& names = last_call(one.subject->transcript, "uname(").outs.at(0);
  names.replace(65, 8, "whatever");  // nodename of struct utsname
  EXPECT_EQ(name_of(judge_again(one).verdict), "broken");
}

TEST(Replay, AnUnexpectedErrnoIsBroken) {
  Case one = recorded_case("user.map.written-once");
  last_call(one.subject->transcript, "write(").value = -EIO;
  EXPECT_EQ(name_of(judge_again(one).verdict), "broken");
}

TEST(Replay, ASecondWriteThatSucceedsIsAViolation) {
  Case one = recorded_case("user.map.written-once");
  answer_as(one.subject->transcript, one.control->transcript, "write(");
  EXPECT_NE(name_of(judge_again(one).verdict), "holds");
}

TEST(Replay, ARecordingCutShortIsBroken) {
  for (Case one : recorded().cases) {
    one.subject->transcript.entries.pop_back();
    EXPECT_EQ(name_of(judge_again(one).verdict), "broken") << one.id;
  }
}

TEST(Replay, AFailedSetUpStepIsBrokenAndNeverHolds) {
  for (const Case& original : recorded().cases) {
    for (std::size_t i = 0; i + 1 < original.subject->transcript.entries.size(); ++i) {
      Case one = original;
      Entry& entry = one.subject->transcript.entries[i];
      if (entry.value < 0) continue;  // a refusal that the claim is about
      entry.value = -ENOMEM;
      entry.outs.clear();
      EXPECT_NE(name_of(judge_again(one).verdict), "holds") << one.id << ": " << entry.call;
    }
  }
}

}  // namespace
}  // namespace nsproof
