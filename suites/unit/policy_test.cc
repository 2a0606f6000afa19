// Profiles: what they demand, and what is expected of a target that asked for something else.
#include "harness/runtime/policy.h"

#include <gmock/gmock.h>

#include <set>

#include "harness/runtime/embedded.h"
#include "harness/runtime/oci_config.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;
using testing::SizeIs;

Contract brought_along(std::string_view name) { return contract_of_oci_config(find_embedded(name)->text); }

Policy demanding(Contract demands) { return {"test", "", std::move(demands)}; }

Contract nothing() {
  Contract contract;
  contract.private_root = false;
  return contract;
}

// A contract as text, field by field, so that two can be compared.
std::string text_of(const Contract& c) {
  std::vector<std::string> fields = {nsproof::text_of(c.namespaces), say("root ", c.private_root),
                                     say("env ", c.private_environment), say("fds ", c.only_standard_descriptors)};
  for (const auto& [type, path] : c.joined) fields.push_back(say(name_of(type), path));
  for (const ContractMount& mount : c.mounts) fields.push_back(say(mount.destination, join(mount.options, ",")));
  fields.push_back(join(c.masked_paths, " "));
  fields.push_back(join(c.readonly_paths, " "));
  if (c.capabilities) fields.push_back(say("caps ", c.capabilities->bounding, " ", c.capabilities->ambient));
  if (c.uid) fields.push_back(say("uid ", *c.uid));
  if (c.hostname) fields.push_back(*c.hostname);
  if (c.readonly_root) fields.push_back(say("ro ", *c.readonly_root));
  if (c.no_new_privs) fields.push_back(say("nnp ", *c.no_new_privs));
  if (c.environment) fields.push_back(join(*c.environment, " "));
  if (c.seccomp) fields.push_back(say(c.seccomp->default_action, c.seccomp->rules.size()));
  if (c.limits)
    for (const ContractLimit& limit : *c.limits) fields.push_back(say(limit.name, limit.soft));
  if (c.device_rules) fields.push_back(say("rules ", c.device_rules->size()));
  for (const auto& [name, value] : c.sysctls) fields.push_back(say(name, "=", value));
  return join(fields, "\n");
}

std::string rules_text(const std::vector<DeviceRule>& rules) {
  std::vector<std::string> lines;
  for (const DeviceRule& rule : rules)
    lines.push_back(say(rule.allow ? "+" : "-", rule.type, " ", rule.major ? say(*rule.major) : "*", ":",
                        rule.minor ? say(*rule.minor) : "*", " ", rule.access));
  return join(lines, ", ");
}

std::string filter_text(const SeccompFilter& filter) {
  std::vector<std::string> lines;
  for (const SeccompRule& rule : filter.rules)
    lines.push_back(say(join(rule.calls, "+"), rule.conditional ? "?" : "",
                        rule.action == "SCMP_ACT_ALLOW" ? " allow" : " ", rule.error ? errno_name(*rule.error) : ""));
  return join(lines, ", ");
}

SeccompRule allowed(std::vector<std::string> calls) { return {std::move(calls), "SCMP_ACT_ALLOW", {}, false, {}}; }
SeccompRule refused(std::vector<std::string> calls, int error) {
  return {std::move(calls), "SCMP_ACT_ERRNO", error, false, {}};
}
SeccompRule on_argument(SeccompRule rule) {
  rule.conditional = true;
  rule.conditions = {{0, "SCMP_CMP_EQ", 40, 0}};
  return rule;
}

std::string merged_filters(SeccompFilter requested, std::vector<SeccompRule> refusals) {
  Contract wish = nothing();
  wish.seccomp = std::move(requested);
  Contract demands = nothing();
  demands.seccomp = {"SCMP_ACT_ALLOW", std::nullopt, std::move(refusals)};
  return filter_text(*expected_of(wish, demanding(demands)).seccomp);
}

TEST(Policy, NamesAreKnownAndExplained) {
  std::set<std::string_view> names;
  for (const Policy& policy : policies()) {
    EXPECT_TRUE(names.insert(policy.name).second) << policy.name;
    EXPECT_FALSE(policy.summary.empty()) << policy.name;
    EXPECT_EQ(policy_named(policy.name), &policy);
  }
  EXPECT_EQ(policies().front().name, "as-requested");
  EXPECT_THAT(names, testing::IsSupersetOf({"docker-default", "podman-default", "isolated"}));
  EXPECT_EQ(policy_named("docker"), nullptr);
}

// Merging relies on it: with_refusals() looks only at the rules.
TEST(Policy, FiltersAreRefusalsOnly) {
  for (const Policy& policy : policies()) {
    if (!policy.demands.seccomp) continue;
    EXPECT_EQ(policy.demands.seccomp->default_action, "SCMP_ACT_ALLOW") << policy.name;
    for (const SeccompRule& rule : policy.demands.seccomp->rules) {
      EXPECT_NE(rule.action, "SCMP_ACT_ALLOW") << policy.name;
      EXPECT_EQ(rule.conditional, !rule.conditions.empty()) << policy.name;
    }
  }
}

TEST(Policy, AsRequestedChangesNothing) {
  const Policy& policy = *policy_named("as-requested");
  for (const char* name : {"default.json", "rootless.json", "hardened.json"})
    EXPECT_EQ(text_of(expected_of(brought_along(name), policy)), text_of(brought_along(name))) << name;
  EXPECT_EQ(text_of(expected_of(nothing(), policy)), text_of(nothing()));
}

TEST(Policy, HoldsToItselfWhateverIsDemandedTwice) {
  for (const Policy& policy : policies()) {
    const Contract once = expected_of(brought_along("hardened.json"), policy);
    EXPECT_EQ(text_of(expected_of(once, policy)), text_of(once)) << policy.name;
  }
}

TEST(Policy, Capabilities) {
  const auto mask = [](const char* name) { return policy_named(name)->demands.capabilities->bounding; };
  EXPECT_EQ(mask("docker-default"), 0xa80425fbU);  // what such containers show in /proc/self/status
  EXPECT_EQ(mask("podman-default"), 0x800405fbU);
  EXPECT_EQ(mask("isolated"), 0U);

  const sys::CapabilitySets both =
      *expected_of(brought_along("default.json"), *policy_named("podman-default")).capabilities;
  EXPECT_EQ(both.bounding, 0x420U) << "KILL and NET_BIND_SERVICE; podman gives no AUDIT_WRITE";
  EXPECT_EQ(both.ambient, 0U);
  EXPECT_EQ(expected_of(nothing(), *policy_named("docker-default")).capabilities->effective, 0xa80425fbU);
}

TEST(Policy, Namespaces) {
  Contract wish = nothing();
  wish.namespaces = {Ns::mnt, Ns::time};
  wish.joined = {{Ns::net, "/run/netns/a"}, {Ns::user, "/proc/7/ns/user"}};
  const Contract podman = expected_of(wish, *policy_named("podman-default"));
  EXPECT_EQ(nsproof::text_of(podman.namespaces), nsproof::text_of(NsSet::all().without(Ns::user)));
  EXPECT_THAT(podman.joined, ElementsAre(Pair(Ns::user, "/proc/7/ns/user"))) << "the network is to be new";
  EXPECT_THAT(expected_of(wish, *policy_named("isolated")).joined, IsEmpty());
  EXPECT_EQ(expected_of(wish, *policy_named("as-requested")).joined.size(), 2U);
}

TEST(Policy, PathsAndMounts) {
  Contract wish = nothing();
  wish.masked_paths = {"/proc/keys", "/srv/secret"};
  wish.mounts = {{"/sys", "bind", "/sys", {"rbind", "rw", "dev"}}, {"/data", "tmpfs", "tmpfs", {"rw"}}};
  const Contract expected = expected_of(wish, *policy_named("docker-default"));
  EXPECT_THAT(expected.masked_paths, Contains("/srv/secret"));
  EXPECT_THAT(expected.masked_paths, Contains("/proc/keys").Times(1));
  EXPECT_THAT(expected.masked_paths, Contains("/sys/devices/virtual/powercap"));
  EXPECT_THAT(expected.readonly_paths, Contains("/proc/sys"));
  ASSERT_THAT(expected.mounts, SizeIs(5));
  EXPECT_THAT(expected.mounts[0].options, ElementsAre("rbind", "ro", "nosuid", "nodev", "noexec"));
  EXPECT_EQ(expected.mounts[0].type, "bind");
  EXPECT_THAT(expected.mounts[1].options, ElementsAre("rw"));
  EXPECT_EQ(expected.mounts[2].destination, "/proc");
}

TEST(Policy, TruthsAreTheStricter) {
  for (const bool requested : {false, true}) {
    Contract wish = nothing();
    wish.no_new_privs = requested;
    wish.readonly_root = requested;
    const Contract isolated = expected_of(wish, *policy_named("isolated"));
    EXPECT_THAT(isolated.no_new_privs, Optional(true));
    EXPECT_THAT(isolated.readonly_root, Optional(true));
    EXPECT_TRUE(isolated.only_standard_descriptors && isolated.private_environment && isolated.private_root);
    EXPECT_THAT(expected_of(wish, *policy_named("docker-default")).no_new_privs, Optional(requested));
  }
  EXPECT_EQ(expected_of(nothing(), *policy_named("docker-default")).no_new_privs, std::nullopt);
}

TEST(Policy, PropagationIsTheStricter) {
  const struct {
    const char* requested;
    const char* demanded;
    const char* expected;
  } table[] = {{"shared", "private", "private"},    {"rslave", "private", "private"},
               {"rprivate", "private", "rprivate"}, {"unbindable", "private", "unbindable"},
               {"private", "rslave", "private"},    {"shared", "rslave", "rslave"}};
  for (const auto& row : table) {
    Contract wish = nothing();
    wish.root_propagation = row.requested;
    Contract demands = nothing();
    demands.root_propagation = row.demanded;
    EXPECT_THAT(expected_of(wish, demanding(demands)).root_propagation, Optional(std::string(row.expected)))
        << row.requested << " " << row.demanded;
  }
}

TEST(Policy, RequestsFillWhatNobodyCanRank) {
  Contract demands = nothing();
  demands.hostname = "policy";
  demands.umask = 077;
  demands.environment = {"A=1"};
  demands.uid_map = {{0, 1, 2}};
  demands.sysctls = {{"a", "policy"}, {"b", "policy"}};
  demands.limits = {{"RLIMIT_CORE", 0, 5}, {"RLIMIT_NOFILE", 512, 4096}};
  Contract wish = nothing();
  wish.hostname = "wish";
  wish.sysctls = {{"a", "wish"}};
  wish.limits = {{"RLIMIT_NOFILE", 1024, 1024}};
  const Contract expected = expected_of(wish, demanding(demands));
  EXPECT_THAT(expected.hostname, Optional(std::string("wish")));
  EXPECT_THAT(expected.umask, Optional(077U));
  EXPECT_THAT(expected.environment, Optional(ElementsAre("A=1")));
  EXPECT_TRUE(expected.uid_map);
  EXPECT_THAT(expected.sysctls, ElementsAre(Pair("a", "wish"), Pair("b", "policy")));
  ASSERT_THAT(*expected.limits, SizeIs(2));
  EXPECT_EQ(expected.limits->at(0).soft, 512U);
  EXPECT_EQ(expected.limits->at(0).hard, 1024U);
  EXPECT_EQ(expected.limits->at(1).name, "RLIMIT_CORE");
}

TEST(Policy, Devices) {
  Contract wish = nothing();
  wish.devices = {{"/dev/fuse", 'c', 10, 229, {}, {}, {}}};
  EXPECT_THAT(expected_of(wish, *policy_named("docker-default")).devices, Optional(IsEmpty()));
  Contract demands = nothing();
  demands.devices = {{"/dev/fuse", 'c', 10, 229, 0666, {}, {}}, {"/dev/kvm", 'c', 10, 232, {}, {}, {}}};
  EXPECT_THAT(expected_of(wish, demanding(demands)).devices, Optional(SizeIs(1)));
}

TEST(Policy, DeviceRulesAllowWhatBothAllow) {
  const DeviceRule none{false, 'a', {}, {}, "rwm"};
  const DeviceRule null{true, 'c', 1, 3, "rwm"};
  const DeviceRule every_c{true, 'c', {}, {}, "m"};
  const DeviceRule disk{true, 'b', 8, {}, "r"};
  const DeviceRule everything{true, 'a', {}, {}, "rwm"};
  const DeviceRule no_disk{false, 'b', 8, {}, "rwm"};
  const struct {
    std::vector<DeviceRule> requested;
    std::vector<DeviceRule> demanded;
    const char* expected;
  } table[] = {
      {{none, null, disk}, {none}, "-a *:* rwm"},
      {{none, null, disk}, {none, null}, "-a *:* rwm, +c 1:3 rwm"},
      {{none, null}, {none, every_c}, "-a *:* rwm, +c 1:3 m"},
      {{everything}, {none, null, disk}, "-a *:* rwm, +c 1:3 rwm, +b 8:* r"},
      {{everything, no_disk}, {everything}, "-a *:* rwm, +a *:* rwm, -b 8:* rwm, -b 8:* rwm"},
      {{everything}, {everything, no_disk}, "-a *:* rwm, +a *:* rwm, -b 8:* rwm"},
  };
  for (const auto& row : table) {
    Contract wish = nothing();
    wish.device_rules = row.requested;
    Contract demands = nothing();
    demands.device_rules = row.demanded;
    EXPECT_EQ(rules_text(*expected_of(wish, demanding(demands)).device_rules), row.expected)
        << rules_text(row.requested) << " and " << rules_text(row.demanded);
  }
}

TEST(Policy, FiltersRefuseWhatEitherRefuses) {
  const SeccompFilter open = {"SCMP_ACT_ALLOW", {}, {refused({"bpf"}, ENOSYS)}};
  const SeccompFilter closed = {"SCMP_ACT_ERRNO", EPERM, {allowed({"read", "mount"}), on_argument(allowed({"clone"}))}};
  EXPECT_EQ(merged_filters(open, {refused({"bpf"}, EPERM)}), "bpf ENOSYS") << "in its own words";
  EXPECT_EQ(merged_filters(open, {refused({"bpf", "mount"}, EPERM)}), "bpf ENOSYS, mount EPERM");
  EXPECT_EQ(merged_filters(open, {{{"bpf"}, "SCMP_ACT_KILL_PROCESS", {}, false, {}}}), "bpf ") << "the stricter action";
  EXPECT_EQ(merged_filters(open, {on_argument(refused({"socket", "bpf"}, EPERM))}), "bpf ENOSYS, socket? EPERM");
  EXPECT_EQ(merged_filters(closed, {refused({"mount", "swapon"}, ENOSYS)}), "read allow, clone? allow");
  EXPECT_EQ(merged_filters(closed, {refused({"clone"}, ENOSYS)}), "read+mount allow");
  EXPECT_EQ(merged_filters(closed, {on_argument(refused({"clone", "reboot"}, ENOSYS))}),
            "read+mount allow, clone? allow, clone? ENOSYS");
  const SeccompFilter on_vsock = {"SCMP_ACT_ALLOW", {}, {on_argument(refused({"socket"}, EAFNOSUPPORT))}};
  EXPECT_EQ(merged_filters(on_vsock, {on_argument(refused({"socket"}, EPERM))}), "socket? EAFNOSUPPORT");
  EXPECT_EQ(merged_filters(on_vsock, {refused({"socket"}, EPERM)}), "socket? EAFNOSUPPORT, socket EPERM");
}

TEST(Policy, FilterOfAPolicyAloneIsItsRefusals) {
  const Contract expected = expected_of(brought_along("default.json"), *policy_named("docker-default"));
  ASSERT_TRUE(expected.seccomp);
  EXPECT_EQ(expected.seccomp->default_action, "SCMP_ACT_ALLOW");
  EXPECT_EQ(expected.seccomp->rules.size(), policy_named("docker-default")->demands.seccomp->rules.size());
}

TEST(Policy, HardenedConfigurationRefusesAllThatIsolationAsksFor) {
  const Contract hardened = brought_along("hardened.json");
  const Contract expected = expected_of(hardened, *policy_named("isolated"));
  EXPECT_EQ(filter_text(*expected.seccomp), filter_text(*hardened.seccomp));
  EXPECT_EQ(nsproof::text_of(expected.namespaces.without(hardened.namespaces)), "time");
  EXPECT_EQ(expected.masked_paths, hardened.masked_paths);
  EXPECT_THAT(expected.hostname, Optional(std::string("hardened")));
}

}  // namespace
}  // namespace nsproof
