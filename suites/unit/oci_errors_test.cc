// Configurations with a mistake: every message says where it is and what is wrong.
#include <gmock/gmock.h>

#include "harness/runtime/oci_config.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

std::string complaint(std::string_view json) {
  try {
    contract_of_oci_config(json);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

struct Mistake {
  const char* text;
  const char* complaint;
};

TEST(OciErrors, Document) {
  const Mistake table[] = {
      {"", "line 1: is not JSON"},
      {"{\n\"a\": 1,\n}", "line 3: is not JSON"},
      {"[]", "the configuration: is not an object"},
      {"{}", "the configuration: has no ociVersion"},
      {R"({"ociVersion": 1})", "ociVersion: is not a string"},
      {"{\"ociVersion\": \"\xff\"}", "line 1: is not JSON"},
      {R"({"ociVersion": "1.0.2", "a": 1e999})", "the configuration: holds a number that is out of range"},
      {R"({"ociVersion": "1.0.2", "root": {"readonly": "yes"}})", "root.readonly: is neither true nor false"},
      {R"({"ociVersion": "1.0.2", "hostname": 7})", "hostname: is not a string"},
      {R"({"ociVersion": "1.0.2", "mounts": {}})", "mounts: is not a list"},
      {R"({"ociVersion": "1.0.2", "mounts": [{"type": "tmpfs"}]})", "mounts[0]: has no destination"},
      {R"({"ociVersion": "1.0.2", "mounts": [{"destination": ""}]})", "mounts[0]: has no destination"},
      {R"({"ociVersion": "1.0.2", "mounts": [{"destination": "/a", "options": ["ro", 1]}]})",
       "mounts[0].options[1]: is not a string"},
  };
  for (const Mistake& row : table) EXPECT_EQ(complaint(row.text), row.complaint) << row.text;
}

TEST(OciErrors, Process) {
  const Mistake table[] = {
      {R"("cwd": "tmp")", R"(process.cwd: "tmp" is not an absolute path)"},
      {R"("args": [])", "process: has no cwd"},
      {R"("cwd": "/", "env": ["A=1", "B"])", R"(process.env[1]: "B" is not NAME=value)"},
      {R"("cwd": "/", "env": ["=1"])", R"(process.env[0]: "=1" is not NAME=value)"},
      {R"("cwd": "/", "user": {"gid": 0})", "process.user: has no uid"},
      {R"("cwd": "/", "user": {"uid": -1, "gid": 0})", "process.user.uid: is not an integer from 0 to 4294967295"},
      {R"("cwd": "/", "user": {"uid": 0, "gid": 4294967296})",
       "process.user.gid: is not an integer from 0 to 4294967295"},
      {R"("cwd": "/", "user": {"uid": 0, "gid": 0, "umask": 512})",
       "process.user.umask: is not an integer from 0 to 511"},
      {R"("cwd": "/", "user": {"uid": 0, "gid": 0, "additionalGids": [1, 1.5]})",
       "process.user.additionalGids[1]: is not an integer from 0 to 4294967295"},
      {R"("cwd": "/", "capabilities": {"bounding": ["CAP_KILL", "CAP_CHOWN", "CAP_FOWNER", "CAP_X"]})",
       "process.capabilities.bounding[3]: unknown capability CAP_X"},
      {R"("cwd": "/", "capabilities": {"ambient": [1]})", "process.capabilities.ambient[0]: is not a string"},
      {R"("cwd": "/", "noNewPrivileges": 1)", "process.noNewPrivileges: is neither true nor false"},
      {R"("cwd": "/", "rlimits": [{"type": "RLIMIT_X", "soft": 1, "hard": 1}])",
       "process.rlimits[0].type: unknown limit RLIMIT_X"},
      {R"("cwd": "/", "rlimits": [{"type": "RLIMIT_AS", "soft": 1}])", "process.rlimits[0]: has no hard"},
      {R"("cwd": "/", "rlimits": [{"type": "RLIMIT_AS", "soft": 1, "hard": 1}, {"type": "RLIMIT_AS", "soft": 2, "hard": 2}])",
       "process.rlimits[1].type: RLIMIT_AS is there twice"},
      {R"("cwd": "/", "oomScoreAdj": 1001)", "process.oomScoreAdj: is not an integer from -1000 to 1000"},
      {R"("cwd": "/", "oomScoreAdj": "high")", "process.oomScoreAdj: is not an integer from -1000 to 1000"},
  };
  for (const Mistake& row : table)
    EXPECT_EQ(complaint(say(R"({"ociVersion": "1.0.2", "process": {)", row.text, "}}")), row.complaint) << row.text;
}

TEST(OciErrors, Linux) {
  const Mistake table[] = {
      {R"("namespaces": [{"type": "net"}])", R"(linux.namespaces[0].type: unknown namespace type "net")"},
      {R"("namespaces": [{"path": "/proc/1/ns/net"}])", "linux.namespaces[0]: has no type"},
      {R"("namespaces": [{"type": "pid"}, {"type": "pid", "path": "/a"}])",
       "linux.namespaces[1].type: pid is there twice"},
      {R"("namespaces": [{"type": "pid", "path": "proc/1/ns/pid"}])",
       R"(linux.namespaces[0].path: "proc/1/ns/pid" is not an absolute path)"},
      {R"("uidMappings": [{"containerID": 0, "hostID": 0, "size": 1}])",
       "linux.uidMappings: there is no user namespace for it"},
      {R"("namespaces": [{"type": "user"}], "gidMappings": [{"containerID": 0, "hostID": 0, "size": 0}])",
       "linux.gidMappings[0].size: is not an integer from 1 to 4294967295"},
      {R"("namespaces": [{"type": "user"}], "uidMappings": [{"containerID": 0, "size": 1}])",
       "linux.uidMappings[0]: has no hostID"},
      {R"("timeOffsets": {"boottime": {"secs": 1}})", "linux.timeOffsets: there is no new time namespace for it"},
      {R"("namespaces": [{"type": "time"}], "timeOffsets": {"realtime": {"secs": 1}})",
       "linux.timeOffsets.realtime: is no clock that a time namespace has"},
      {R"("namespaces": [{"type": "time"}], "timeOffsets": {"boottime": {"secs": 1, "nanosecs": 1000000000}})",
       "linux.timeOffsets.boottime.nanosecs: is not an integer from 0 to 999999999"},
      {R"("rootfsPropagation": "secret")", R"(linux.rootfsPropagation: unknown propagation "secret")"},
      {R"("maskedPaths": ["/proc/keys", "keys"])", R"(linux.maskedPaths[1]: "keys" is not an absolute path)"},
      {R"("readonlyPaths": [""])", R"(linux.readonlyPaths[0]: "" is not an absolute path)"},
      {R"("sysctl": {"kernel.msgmax": 1})", "linux.sysctl.kernel.msgmax: is not a string"},
      {R"("devices": [{"path": "/dev/x", "type": "d", "major": 1, "minor": 1}])",
       R"(linux.devices[0].type: unknown device type "d")"},
      {R"("devices": [{"path": "/dev/x", "type": "c", "minor": 1}])", "linux.devices[0]: has no major"},
      {R"("devices": [{"path": "dev/x", "type": "p"}])", R"(linux.devices[0].path: "dev/x" is not an absolute path)"},
      {R"("resources": {"devices": [{"type": "c"}]})", "linux.resources.devices[0]: has no allow"},
      {R"("resources": {"devices": [{"allow": true, "access": "rx"}]})",
       R"(linux.resources.devices[0].access: "rx" is not made of r, w and m)"},
      {R"("resources": {"devices": [{"allow": true, "major": -2}]})",
       "linux.resources.devices[0].major: is not an integer from -1 to 4095"},
  };
  for (const Mistake& row : table)
    EXPECT_EQ(complaint(say(R"({"ociVersion": "1.0.2", "linux": {)", row.text, "}}")), row.complaint) << row.text;
}

TEST(OciErrors, Seccomp) {
  const Mistake table[] = {
      {R"("syscalls": [])", "linux.seccomp: has no defaultAction"},
      {R"("defaultAction": "SCMP_ACT_DENY")", "linux.seccomp.defaultAction: unknown action SCMP_ACT_DENY"},
      {R"("defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 1)",
       "linux.seccomp.defaultErrnoRet: SCMP_ACT_ALLOW returns no errno"},
      {R"("defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 4096)",
       "linux.seccomp.defaultErrnoRet: is not an integer from 0 to 4095"},
      {R"("defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [], "action": "SCMP_ACT_ERRNO"}])",
       "linux.seccomp.syscalls[0]: names no call"},
      {R"("defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"]}])",
       "linux.seccomp.syscalls[0]: has no action"},
      {R"("defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_KILL", "errnoRet": 1}])",
       "linux.seccomp.syscalls[0].errnoRet: SCMP_ACT_KILL returns no errno"},
      {R"("defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO",
           "args": [{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}]}])",
       "linux.seccomp.syscalls[0].args[0].index: is not an integer from 0 to 5"},
      {R"("defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO",
           "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_IS"}]}])",
       "linux.seccomp.syscalls[0].args[0].op: unknown comparison SCMP_CMP_IS"},
  };
  for (const Mistake& row : table)
    EXPECT_EQ(complaint(say(R"({"ociVersion": "1.0.2", "linux": {"seccomp": {)", row.text, "}}}")), row.complaint)
        << row.text;
}

}  // namespace
}  // namespace nsproof
