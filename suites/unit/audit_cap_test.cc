// What capability sets, ids and password files amount to, judged from texts.
#include <gtest/gtest.h>

#include "harness/audit/process_status.h"
#include "suites/audit/cap_judge.h"
#include "suites/audit/cred_judge.h"
#include "suites/audit/ctx_judge.h"

namespace nsproof::audit {
namespace {

sys::CapabilitySets effective(std::uint64_t set) {
  return {.inheritable = 0, .permitted = set, .effective = set, .bounding = set, .ambient = 0};
}

TEST(AuditCap, PrivilegedIsNoLiteral) {
  struct Case {
    std::uint64_t effective;
    const char* last;
    Answer answer;
  };
  const Case cases[] = {
      {0x1ffffffffff, "40\n", Answer::weak},
      {0x1fffeffffff, "40\n", Answer::weak},      // a host without CAP_SYS_RESOURCE
      {0x3fffffffff, "37\n", Answer::weak},       // before Linux 5.8
      {0x3fffffffff, "40\n", Answer::hardened},   // three are missing
      {0x1ffffdfffff, "40\n", Answer::hardened},  // all but CAP_SYS_ADMIN
      {kContainerDefault, "40\n", Answer::hardened},
      {0, "40\n", Answer::hardened},
      {0x1ffffffffff, "", Answer::unknown},
      {0x1ffffffffff, "64\n", Answer::unknown},
  };
  for (const Case& one : cases) {
    const Sight sight = judge_privileged(effective(one.effective), one.last);
    EXPECT_EQ(name_of(sight.answer), name_of(one.answer)) << std::hex << one.effective << " " << sight.observed;
  }
}

TEST(AuditCap, ContainerDefaultIsWhatDockerPrints) { EXPECT_EQ(kContainerDefault, 0xa80425fbU); }

TEST(AuditCap, BoundingSet) {
  sys::CapabilitySets sets;
  EXPECT_EQ(judge_bounding(sets, false).answer, Answer::hardened);
  sets.bounding = kContainerDefault;
  EXPECT_EQ(judge_bounding(sets, false).answer, Answer::weak);
  EXPECT_FALSE(judge_bounding(sets, false).severity);
  EXPECT_EQ(judge_bounding(sets, true).severity, Severity::low);
  sets.permitted = kContainerDefault;
  EXPECT_EQ(judge_bounding(sets, false).answer, Answer::hardened);
}

TEST(AuditCap, ChangeOfEverySet) {
  EXPECT_EQ(change_of_every_set('-', "CAP_KILL"),
            R"({"process":{"capabilities":{"-bounding":["CAP_KILL"],"-effective":["CAP_KILL"],)"
            R"("-permitted":["CAP_KILL"],"-inheritable":["CAP_KILL"],"-ambient":["CAP_KILL"]}}})");
}

TEST(AuditCred, IdsInside) {
  const std::vector<IdRange> map = parse_id_map("         0     100000       1000\n      1000     300000      64536\n");
  ASSERT_EQ(map.size(), 2U);
  EXPECT_EQ(id_inside(map, 100000), 0U);
  EXPECT_EQ(id_inside(map, 300001), 1001U);
  EXPECT_EQ(id_inside(map, 101000), std::nullopt);
  EXPECT_EQ(id_inside(map, 0), std::nullopt);
  EXPECT_EQ(id_inside(parse_id_map("0 0 4294967295\n"), 65534), 65534U);
  EXPECT_TRUE(parse_id_map("").empty());
  EXPECT_TRUE(parse_id_map("0 0\nx\n").empty());
}

TEST(AuditCred, Overlap) {
  const std::vector<IdRange> one = parse_id_map("0 100000 1000\n");
  EXPECT_TRUE(overlap(one, parse_id_map("0 100999 1\n")));
  EXPECT_TRUE(overlap(one, parse_id_map("0 5 5\n5 0 4294967295\n")));
  EXPECT_FALSE(overlap(one, parse_id_map("0 101000 1000\n")));
  EXPECT_FALSE(overlap(one, {}));
}

TEST(AuditCred, ShadowIsToldByItsFirstBytes) {
  EXPECT_EQ(judge_shadow("root::").answer, Answer::weak);
  EXPECT_EQ(judge_shadow("root:*").answer, Answer::hardened);
  EXPECT_EQ(judge_shadow("root:$").answer, Answer::hardened);
  EXPECT_EQ(judge_shadow("root:").answer, Answer::unknown);
  EXPECT_EQ(judge_shadow("daemon").answer, Answer::unknown);
  EXPECT_EQ(judge_shadow("").answer, Answer::unknown);
}

TEST(AuditCred, SudoersLineWithoutPassword) {
  EXPECT_EQ(line_without_password("Defaults env_reset\n%wheel ALL=(ALL) NOPASSWD: ALL\n"),
            "%wheel ALL=(ALL) NOPASSWD: ALL");
  EXPECT_EQ(line_without_password("  Defaults !authenticate\n"), "Defaults !authenticate");
  EXPECT_EQ(line_without_password("# %wheel ALL=(ALL) NOPASSWD: ALL\n%sudo ALL=(ALL:ALL) ALL\n"), "");
  EXPECT_EQ(line_without_password(""), "");
}

constexpr const char* kFirst =
    "Name:\tapp\nUid:\t1000\t1000\t1000\t1000\nCapPrm:\t0\nCapEff:\t0\nCapBnd:\t0\nNoNewPrivs:\t1\nSeccomp:\t2\n";

TEST(AuditCtx, MoreThanTheFirstProcess) {
  const Status first = parse_status(kFirst);
  EXPECT_TRUE(more_than(first, first).empty());
  const Status executed =
      parse_status("Name:\tsh\nUid:\t0\t0\t0\t0\nCapPrm:\t1\nCapEff:\t1\nCapBnd:\t3\nNoNewPrivs:\t0\nSeccomp:\t0\n");
  EXPECT_EQ(more_than(executed, first),
            (std::vector<std::string>{"effective capabilities CAP_CHOWN", "permitted capabilities CAP_CHOWN",
                                      "bounding capabilities CAP_CHOWN CAP_DAC_OVERRIDE", "no_new_privs is off",
                                      "seccomp mode 0 instead of 2", "user 0 instead of 1000"}));
  EXPECT_TRUE(more_than(first, executed).empty());
}

}  // namespace
}  // namespace nsproof::audit
