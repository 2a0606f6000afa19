// Configurations of OCI bundles: what they ask for, and how the probe gets into one.
#include "harness/runtime/oci_config.h"

#include <gmock/gmock.h>
#include <linux/capability.h>

#include <nlohmann/json.hpp>

#include "harness/runtime/embedded.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;
using testing::SizeIs;

std::string brought_along(std::string_view name) {
  const EmbeddedFile* file = find_embedded(name);
  EXPECT_NE(file, nullptr) << name;
  return file != nullptr ? std::string(file->text) : "{}";
}

Contract linux_part(std::string_view text) {
  return contract_of_oci_config(say(R"({"ociVersion": "1.2.0", "linux": {)", text, "}}"));
}

std::vector<std::vector<std::uint32_t>> rows(const std::vector<Extent>& map) {
  std::vector<std::vector<std::uint32_t>> all;
  for (const Extent& extent : map) all.push_back({extent.inside, extent.outside, extent.count});
  return all;
}

TEST(OciConfig, Default) {
  const Contract contract = contract_of_oci_config(brought_along("default.json"));
  EXPECT_EQ(text_of(contract.namespaces), text_of(NsSet{Ns::pid, Ns::net, Ns::ipc, Ns::uts, Ns::mnt}));
  EXPECT_THAT(contract.joined, IsEmpty());
  EXPECT_EQ(contract.uid_map, std::nullopt);
  EXPECT_EQ(contract.clocks, std::nullopt);
  EXPECT_THAT(contract.hostname, Optional(std::string("runc")));
  EXPECT_EQ(contract.domainname, std::nullopt);
  EXPECT_TRUE(contract.private_root);
  EXPECT_THAT(contract.readonly_root, Optional(true));
  EXPECT_EQ(contract.root_propagation, std::nullopt);
  ASSERT_THAT(contract.mounts, SizeIs(7));
  EXPECT_EQ(contract.mounts[2].destination, "/dev/pts");
  EXPECT_EQ(contract.mounts[2].type, "devpts");
  EXPECT_EQ(contract.mounts[2].source, "devpts");
  EXPECT_THAT(contract.mounts[2].options,
              ElementsAre("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"));
  EXPECT_THAT(contract.masked_paths, SizeIs(10));
  EXPECT_THAT(contract.readonly_paths,
              ElementsAre("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"));
  EXPECT_EQ(contract.devices, std::nullopt);
  ASSERT_TRUE(contract.device_rules && contract.device_rules->size() == 1);
  EXPECT_FALSE(contract.device_rules->front().allow);
  EXPECT_EQ(contract.device_rules->front().type, 'a');
  EXPECT_EQ(contract.device_rules->front().major, std::nullopt);
  EXPECT_EQ(contract.device_rules->front().access, "rwm");
  EXPECT_THAT(contract.uid, Optional(0U));
  EXPECT_THAT(contract.gid, Optional(0U));
  EXPECT_THAT(contract.groups, Optional(IsEmpty()));
  EXPECT_EQ(contract.umask, std::nullopt);
  ASSERT_TRUE(contract.capabilities);
  EXPECT_EQ(contract.capabilities->bounding, 0x20000420U);
  EXPECT_EQ(contract.capabilities->effective, 0x20000420U);
  EXPECT_EQ(contract.capabilities->permitted, 0x20000420U);
  EXPECT_EQ(contract.capabilities->ambient, 0x20000420U);
  EXPECT_EQ(contract.capabilities->inheritable, 0U);
  EXPECT_THAT(contract.no_new_privs, Optional(true));
  EXPECT_FALSE(contract.seccomp);
  ASSERT_TRUE(contract.limits && contract.limits->size() == 1);
  EXPECT_EQ(contract.limits->front().name, "RLIMIT_NOFILE");
  EXPECT_EQ(contract.limits->front().soft, 1024U);
  EXPECT_EQ(contract.oom_score_adj, std::nullopt);
  EXPECT_THAT(contract.environment, Optional(Contains("TERM=xterm")));
  EXPECT_THAT(contract.directory, Optional(std::string("/")));
  EXPECT_THAT(contract.sysctls, IsEmpty());
  EXPECT_TRUE(contract.only_standard_descriptors);
}

TEST(OciConfig, Rootless) {
  const Contract contract = contract_of_oci_config(brought_along("rootless.json"));
  EXPECT_EQ(text_of(contract.namespaces), text_of(NsSet{Ns::pid, Ns::ipc, Ns::uts, Ns::mnt, Ns::user}));
  ASSERT_TRUE(contract.uid_map && contract.gid_map);
  EXPECT_THAT(rows(*contract.uid_map), ElementsAre(ElementsAre(0U, 1000U, 1U)));
  EXPECT_THAT(rows(*contract.gid_map), ElementsAre(ElementsAre(0U, 1000U, 1U)));
  EXPECT_FALSE(contract.device_rules);
}

TEST(OciConfig, Hardened) {
  const Contract contract = contract_of_oci_config(brought_along("hardened.json"));
  EXPECT_EQ(text_of(contract.namespaces), text_of(NsSet::all().without(Ns::time)));
  ASSERT_TRUE(contract.uid_map);
  EXPECT_THAT(rows(*contract.uid_map),
              ElementsAre(ElementsAre(0U, 100000U, 1000U), ElementsAre(1000U, 300000U, 64536U)));
  EXPECT_THAT(contract.hostname, Optional(std::string("hardened")));
  EXPECT_THAT(contract.root_propagation, Optional(std::string("rprivate")));
  ASSERT_TRUE(contract.capabilities);
  EXPECT_EQ(contract.capabilities->bounding, 0U);
  EXPECT_THAT(contract.umask, Optional(027U));
  EXPECT_THAT(contract.groups, Optional(ElementsAre(1001U, 2000U)));
  EXPECT_THAT(contract.oom_score_adj, Optional(500));
  EXPECT_THAT(contract.limits, Optional(SizeIs(5)));
  EXPECT_THAT(contract.masked_paths, Contains("/proc/interrupts"));
  EXPECT_THAT(contract.sysctls, ElementsAre(Pair("net.ipv4.ip_unprivileged_port_start", "2048"),
                                            Pair("net.ipv4.ping_group_range", "0 0")));
  ASSERT_TRUE(contract.seccomp);
  EXPECT_EQ(contract.seccomp->default_action, "SCMP_ACT_ERRNO");
  EXPECT_THAT(contract.seccomp->default_error, Optional(38));
}

TEST(OciConfig, Namespaces) {
  const Contract contract = linux_part(R"("namespaces": [{"type": "user", "path": ""}, {"type": "time"},
      {"type": "network", "path": "/run/netns/a"}, {"type": "cgroup", "path": "/proc/7/ns/cgroup"}],
      "timeOffsets": {"monotonic": {"secs": -5}, "boottime": {"secs": 86400, "nanosecs": 500000000}})");
  EXPECT_EQ(text_of(contract.namespaces), text_of(NsSet{Ns::user, Ns::time}));
  EXPECT_THAT(contract.joined, ElementsAre(Pair(Ns::net, "/run/netns/a"), Pair(Ns::cgroup, "/proc/7/ns/cgroup")));
  ASSERT_TRUE(contract.clocks);
  EXPECT_EQ(contract.clocks->monotonic, -5);
  EXPECT_EQ(contract.clocks->boottime, 86401);
}

TEST(OciConfig, Devices) {
  const Contract contract = linux_part(R"("devices": [
      {"path": "/dev/fuse", "type": "u", "major": 10, "minor": 229, "fileMode": 438, "uid": 1, "gid": 2},
      {"path": "/dev/pipe", "type": "p"}],
      "resources": {"devices": [{"allow": false}, {"allow": true, "type": "b", "major": 8, "minor": -1, "access": "r"}]})");
  ASSERT_TRUE(contract.devices && contract.devices->size() == 2);
  const ContractDevice& fuse = contract.devices->front();
  EXPECT_EQ(fuse.path, "/dev/fuse");
  EXPECT_EQ(fuse.type, 'c');
  EXPECT_EQ(fuse.major, 10U);
  EXPECT_EQ(fuse.minor, 229U);
  EXPECT_THAT(fuse.mode, Optional(0666U));
  EXPECT_THAT(fuse.uid, Optional(1U));
  EXPECT_THAT(fuse.gid, Optional(2U));
  EXPECT_EQ(contract.devices->back().type, 'p');
  EXPECT_EQ(contract.devices->back().mode, std::nullopt);
  ASSERT_TRUE(contract.device_rules && contract.device_rules->size() == 2);
  EXPECT_EQ(contract.device_rules->front().access, "rwm");
  EXPECT_TRUE(contract.device_rules->back().allow);
  EXPECT_EQ(contract.device_rules->back().type, 'b');
  EXPECT_THAT(contract.device_rules->back().major, Optional(8U));
  EXPECT_EQ(contract.device_rules->back().minor, std::nullopt);
}

TEST(OciConfig, SeccompConditionsAndErrnos) {
  const Contract contract =
      linux_part(R"("seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86"],
      "syscalls": [
        {"names": ["clone", "unshare"], "action": "SCMP_ACT_ALLOW",
         "args": [{"index": 0, "value": 2114060288, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}]},
        {"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13},
        {"names": ["ptrace"], "action": "SCMP_ACT_KILL", "args": []}]})");
  ASSERT_TRUE(contract.seccomp);
  EXPECT_THAT(contract.seccomp->default_error, Optional(EPERM))
      << "what the specification says without defaultErrnoRet";
  ASSERT_THAT(contract.seccomp->rules, SizeIs(3));
  const SeccompRule& by_argument = contract.seccomp->rules[0];
  EXPECT_THAT(by_argument.calls, ElementsAre("clone", "unshare"));
  EXPECT_EQ(by_argument.error, std::nullopt);
  EXPECT_TRUE(by_argument.conditional);
  ASSERT_THAT(by_argument.conditions, SizeIs(1));
  EXPECT_EQ(by_argument.conditions[0].comparison, "SCMP_CMP_MASKED_EQ");
  EXPECT_EQ(by_argument.conditions[0].value, 2114060288U);
  EXPECT_EQ(by_argument.conditions[0].masked_value, 1U);
  EXPECT_THAT(contract.seccomp->rules[1].error, Optional(13));
  EXPECT_FALSE(contract.seccomp->rules[2].conditional);
}

TEST(OciConfig, EveryCapabilityHasItsNumber) {
  EXPECT_EQ(capability_named("CAP_CHOWN"), CAP_CHOWN);
  EXPECT_EQ(capability_named("CAP_SYS_ADMIN"), CAP_SYS_ADMIN);
  EXPECT_EQ(capability_named("CAP_AUDIT_WRITE"), CAP_AUDIT_WRITE);
  EXPECT_EQ(capability_named("CAP_SETFCAP"), CAP_SETFCAP);
  EXPECT_EQ(capability_named("CAP_CHECKPOINT_RESTORE"), CAP_CHECKPOINT_RESTORE);
  EXPECT_EQ(capability_named("CHOWN"), std::nullopt);
  EXPECT_EQ(capability_named("cap_chown"), std::nullopt);
}

// What Go programs write for an empty list, keys of a later version, and values that are absent.
TEST(OciConfig, Lenience) {
  const Contract contract = contract_of_oci_config(R"({"ociVersion": "1.9.9", "future": {"a": 1}, "hostname": null,
      "mounts": [{"destination": "srv"}], "process": {"cwd": "/", "env": null, "user": {"uid": 4294967295, "gid": 0},
      "rlimits": [{"type": "RLIMIT_CORE", "soft": 0, "hard": 18446744073709551615}], "capabilities": {}},
      "linux": {"maskedPaths": null, "uidMappings": [], "rootfsPropagation": ""}})");
  EXPECT_EQ(contract.hostname, std::nullopt);
  EXPECT_EQ(contract.mounts.at(0).destination, "/srv");
  EXPECT_THAT(contract.environment, Optional(IsEmpty()));
  EXPECT_THAT(contract.uid, Optional(4294967295U));
  EXPECT_EQ(contract.limits->front().hard, 18446744073709551615U);
  EXPECT_TRUE(contract.capabilities);
  EXPECT_EQ(contract.uid_map, std::nullopt);
  EXPECT_EQ(contract.root_propagation, std::nullopt);
  EXPECT_EQ(contract.no_new_privs, std::nullopt) << "what is not named is not promised";
}

TEST(OciConfig, ProbeTakesThePlaceOfTheProgramAndNothingElseChanges) {
  for (const char* name : {"default.json", "rootless.json", "hardened.json"}) {
    const std::string text = brought_along(name);
    auto expected = nlohmann::ordered_json::parse(text);
    expected["process"]["args"] = {"/nsprobe"};
    expected["process"]["terminal"] = false;
    expected["root"]["path"] = "/run/nsproof/rootfs";
    const std::string made = config_for_probe(text, {"/run/nsproof/rootfs", "/nsprobe"});
    EXPECT_EQ(nlohmann::ordered_json::parse(made), expected) << name;
    EXPECT_EQ(config_for_probe(made, {"/run/nsproof/rootfs", "/nsprobe"}), made) << name;
  }
}

TEST(OciConfig, ProbeWithoutARoot) {
  const std::string made = config_for_probe(R"({"process": {}, "hooks": {"prestart": []}})", {"/r", "/p"});
  EXPECT_EQ(nlohmann::json::parse(made)["root"]["path"], "/r");
}

TEST(OciConfig, HooksAreRefused) {
  const char* const text = R"({"process": {}, "hooks": {"poststop": [{"path": "/bin/true"}]}})";
  try {
    config_for_probe(text, {"/r", "/p"});
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("hooks.poststop: hooks are programs of the host"));
  }
}

TEST(OciConfig, NoPlaceForTheProbe) {
  EXPECT_THROW(config_for_probe("{}", {"/r", "/p"}), ConfigError);
  EXPECT_THROW(config_for_probe(R"({"process": []})", {"/r", "/p"}), ConfigError);
  EXPECT_THROW(config_for_probe(R"({"process": {}, "root": "/"})", {"/r", "/p"}), ConfigError);
  EXPECT_THROW(config_for_probe("[]", {"/r", "/p"}), ConfigError);
  EXPECT_THROW(config_for_probe("{", {"/r", "/p"}), ConfigError);
}

TEST(OciConfig, EmbeddedFiles) {
  EXPECT_EQ(find_embedded("none.json"), nullptr);
  EXPECT_THAT(embedded_files(), SizeIs(testing::Ge(3U)));
}

}  // namespace
}  // namespace nsproof
