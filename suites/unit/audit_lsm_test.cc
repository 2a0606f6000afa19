// The judgement of what security modules say, on contents as machines have them that load them.
#include <gtest/gtest.h>

#include <cerrno>

#include "suites/audit/lsm_judge.h"

namespace nsproof::audit {
namespace {

using namespace std::string_literals;

const Contents kMissing{"", ENOENT};
const Contents kNoModule{"", EINVAL};
const Contents kForbidden{"", EACCES};

Answer profile(const Contents& own, const Contents& current, const Contents& level = kMissing) {
  return judge_apparmor_profile(own, current, level).answer;
}

TEST(LsmModules, OneThatIsMandatoryIsEnough) {
  EXPECT_EQ(judge_modules({"lockdown", "capability", "landlock", "bpf"}).answer, Answer::weak);
  EXPECT_EQ(judge_modules({}).answer, Answer::weak);
  EXPECT_EQ(judge_modules({"lockdown", "capability", "landlock", "yama", "apparmor"}).answer, Answer::hardened);
  EXPECT_EQ(judge_modules({"capability", "selinux", "bpf"}).answer, Answer::hardened);
}

TEST(LsmModules, HaveTheNamesOfTheirNumbers) {
  EXPECT_EQ(lsm_name(100), "capability");
  EXPECT_EQ(lsm_name(104), "apparmor");
  EXPECT_EQ(lsm_name(110), "landlock");
  EXPECT_EQ(lsm_name(113), "ipe");
  EXPECT_EQ(lsm_name(99), "module 99");
  EXPECT_EQ(lsm_name(114), "module 114");
}

TEST(LsmLabels, AreToldApart) {
  EXPECT_EQ(labeller_of("unconfined"), Labeller::apparmor);
  EXPECT_EQ(labeller_of("docker-default (enforce)"), Labeller::apparmor);
  EXPECT_EQ(labeller_of("lxc-container-default-cgns (enforce)"), Labeller::apparmor);
  EXPECT_EQ(labeller_of("host//&:lxd-one_<var-lib-lxd>:unconfined (mixed)"), Labeller::apparmor);
  EXPECT_EQ(labeller_of("system_u:system_r:container_t:s0:c14,c783"), Labeller::selinux);
  EXPECT_EQ(labeller_of("user_u:user_r:user_t"), Labeller::selinux);
  EXPECT_EQ(labeller_of("_"), Labeller::other);
  EXPECT_EQ(labeller_of("::"), Labeller::other);
  EXPECT_EQ(labeller_of(""), Labeller::none);
}

TEST(AppArmor, UnconfinedIsWeak) {
  EXPECT_EQ(profile({"unconfined\n"}, {"unconfined\n"}), Answer::weak);
  EXPECT_EQ(profile(kMissing, {"unconfined\n"}), Answer::weak);
  // A profile with flags=(unconfined) names a program and confines nothing.
  EXPECT_EQ(profile({"busybox (unconfined)\n"}, kMissing), Answer::weak);
}

TEST(AppArmor, AProfileIsHardened) {
  EXPECT_EQ(profile({"docker-default (enforce)\n"}, {"docker-default (enforce)\n"}), Answer::hardened);
  EXPECT_EQ(profile({"cri-containerd.apparmor.d (enforce)\n"}, kMissing), Answer::hardened);
  // Next to another module whose label is shown first.
  EXPECT_EQ(profile({"docker-default (enforce)\n"}, {"system_u:system_r:container_t:s0:c1,c2\0"s}), Answer::hardened);
}

TEST(AppArmor, WhereItIsNotActiveThereIsNothingToHarden) {
  EXPECT_EQ(profile(kMissing, kNoModule), Answer::not_applicable);
  EXPECT_EQ(profile(kNoModule, kNoModule), Answer::not_applicable);
  EXPECT_EQ(profile(kMissing, {"system_u:system_r:container_t:s0:c1,c2\0"s}), Answer::not_applicable);
}

TEST(AppArmor, WhatCannotBeReadIsUnknown) {
  EXPECT_EQ(profile(kForbidden, kForbidden), Answer::unknown);
  EXPECT_EQ(profile(kMissing, kForbidden), Answer::unknown);
  // In a policy namespace the host's own label, stacked on it, is not shown.
  EXPECT_EQ(profile({"unconfined\n"}, kMissing, {"1\n"}), Answer::unknown);
  EXPECT_EQ(profile({"unconfined\n"}, kMissing, {"0\n"}), Answer::weak);
  EXPECT_EQ(profile({"docker-default (enforce)\n"}, kMissing, {"1\n"}), Answer::hardened);
}

TEST(AppArmor, OnlyEnforcingModesAreHardened) {
  const auto mode = [](const std::string& label) { return judge_apparmor_mode({label}, kMissing).answer; };
  EXPECT_EQ(mode("docker-default (enforce)\n"), Answer::hardened);
  EXPECT_EQ(mode("docker-default (kill)\n"), Answer::hardened);
  EXPECT_EQ(mode("docker-default (complain)\n"), Answer::weak);
  EXPECT_EQ(mode("one//&two (mixed)\n"), Answer::weak);
  EXPECT_EQ(mode("snap.one (prompt)\n"), Answer::unknown);
  EXPECT_EQ(mode("unconfined\n"), Answer::not_applicable);
  EXPECT_EQ(judge_apparmor_mode(kMissing, kNoModule).answer, Answer::not_applicable);
  EXPECT_EQ(judge_apparmor_mode(kForbidden, kMissing).answer, Answer::unknown);
}

TEST(AppArmor, HostileNamesAreQuoted) {
  const Sight sight = judge_apparmor_profile({"a\x1b[2J\"b (enforce)\n"}, kMissing, kMissing);
  EXPECT_EQ(sight.answer, Answer::hardened);
  EXPECT_EQ(sight.observed.find('\x1b'), std::string::npos);
}

TEST(SeLinux, TypesOfTheSystemAreWeak) {
  const auto type = [](const std::string& context) { return judge_selinux_type({context + '\0'}).answer; };
  EXPECT_EQ(type("system_u:system_r:spc_t:s0"), Answer::weak);
  EXPECT_EQ(type("unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023"), Answer::weak);
  EXPECT_EQ(type("system_u:system_r:container_runtime_t:s0"), Answer::weak);
  EXPECT_EQ(type("system_u:system_r:container_t:s0:c14,c783"), Answer::hardened);
  EXPECT_EQ(type("system_u:system_r:container_init_t:s0:c14,c783"), Answer::hardened);
  EXPECT_EQ(type("system_u:system_r:svirt_lxc_net_t:s0:c14,c783"), Answer::hardened);
  EXPECT_EQ(type("system_u:system_r:httpd_t:s0"), Answer::unknown);
}

TEST(SeLinux, WithoutItThereIsNothingToHarden) {
  for (const Contents& current : {kNoModule, kMissing, Contents{"docker-default (enforce)\n"}}) {
    EXPECT_EQ(judge_selinux_type(current).answer, Answer::not_applicable);
    EXPECT_EQ(judge_selinux_categories(current).answer, Answer::not_applicable);
    EXPECT_EQ(judge_selinux_mode(current, {"0"}).answer, Answer::not_applicable);
  }
  EXPECT_EQ(judge_selinux_type(kForbidden).answer, Answer::unknown);
}

TEST(SeLinux, TwoCategoriesMakeAContainerItsOwn) {
  const auto level = [](const std::string& context) { return judge_selinux_categories({context}).answer; };
  EXPECT_EQ(level("system_u:system_r:container_t:s0:c14,c783"), Answer::hardened);
  EXPECT_EQ(level("system_u:system_r:container_t:s0"), Answer::weak);
  EXPECT_EQ(level("system_u:system_r:container_t:s0:c14"), Answer::weak);
  EXPECT_EQ(level("system_u:system_r:container_t:s0-s0:c0.c1023"), Answer::weak);
  EXPECT_EQ(level("system_u:system_r:container_t"), Answer::not_applicable);
}

TEST(SeLinux, PermissiveIsWeak) {
  const Contents context{"system_u:system_r:container_t:s0:c14,c783\0"s};
  EXPECT_EQ(judge_selinux_mode(context, {"1"}).answer, Answer::hardened);
  EXPECT_EQ(judge_selinux_mode(context, {"0"}).answer, Answer::weak);
  EXPECT_EQ(judge_selinux_mode(context, {""}).answer, Answer::unknown);
  EXPECT_EQ(judge_selinux_mode(context, kMissing).answer, Answer::unknown);
}

TEST(Lockdown, NoneIsWeak) {
  EXPECT_EQ(judge_lockdown({"[none] integrity confidentiality\n"}).answer, Answer::weak);
  EXPECT_EQ(judge_lockdown({"none [integrity] confidentiality\n"}).answer, Answer::hardened);
  EXPECT_EQ(judge_lockdown({"none integrity [confidentiality]\n"}).answer, Answer::hardened);
  EXPECT_EQ(judge_lockdown({"none integrity\n"}).answer, Answer::unknown);
  EXPECT_EQ(judge_lockdown({"][\n"}).answer, Answer::unknown);
  EXPECT_EQ(judge_lockdown(kMissing).answer, Answer::unknown);
}

}  // namespace
}  // namespace nsproof::audit
