// The device nodes and the device cgroup rules of a config.json.
#include "harness/runtime/oci_parts.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

constexpr std::uint32_t kMostMajor = (1U << 12) - 1;  // linux/kdev_t.h
constexpr std::uint32_t kMostMinor = (1U << 20) - 1;

char type_of(const JsonAt& at, std::string_view known) {
  const std::string type = at.text();
  if (type.size() != 1 || known.find(type[0]) == std::string_view::npos)
    at.fail(say("unknown device type ", nsproof::quoted(type)));
  return type[0] == 'u' ? 'c' : type[0];  // unbuffered is another word for a character device (mknod(1))
}

ContractDevice device_of(const JsonAt& at) {
  ContractDevice device;
  device.path = at.get("path").absolute_path();
  device.type = type_of(at.get("type"), "cbup");
  if (device.type != 'p') {
    device.major = at.get("major").number<unsigned>(0, kMostMajor);
    device.minor = at.get("minor").number<unsigned>(0, kMostMinor);
  }
  if (const auto mode = at.find("fileMode")) device.mode = mode->number<unsigned>(0, 07777);
  if (const auto uid = at.find("uid")) device.uid = uid->number<std::uint32_t>();
  if (const auto gid = at.find("gid")) device.gid = gid->number<std::uint32_t>();
  return device;
}

// Absent, and -1 for runc and crun: every number.
std::optional<unsigned> device_number(const JsonAt& rule, const char* key, std::uint32_t most) {
  const auto found = rule.find(key);
  if (!found) return std::nullopt;
  const std::int64_t number = found->signed_number(-1, most);
  return number >= 0 ? std::optional(static_cast<unsigned>(number)) : std::nullopt;
}

DeviceRule device_rule_of(const JsonAt& at) {
  DeviceRule rule;
  rule.allow = at.get("allow").truth();
  if (const auto type = at.find("type")) rule.type = type_of(*type, "abc");
  rule.major = device_number(at, "major", kMostMajor);
  rule.minor = device_number(at, "minor", kMostMinor);
  rule.access = "rwm";
  if (const auto access = at.find("access")) {
    rule.access = access->text();
    if (rule.access.empty() || rule.access.find_first_not_of("rwm") != std::string::npos)
      access->fail(say(nsproof::quoted(rule.access), " is not made of r, w and m"));
  }
  return rule;
}

}  // namespace

std::vector<ContractDevice> devices_of(const JsonAt& devices) {
  std::vector<ContractDevice> all;
  for (const JsonAt& item : devices.items()) all.push_back(device_of(item));
  return all;
}

std::vector<DeviceRule> device_rules_of(const JsonAt& devices) {
  std::vector<DeviceRule> all;
  for (const JsonAt& item : devices.items()) all.push_back(device_rule_of(item));
  return all;
}

}  // namespace nsproof
