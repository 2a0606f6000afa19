// Faults of an OCI runtime: it is given another config.json than the contract was read from.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/support/text.h"
#include "suites/proof/sabotage.h"

namespace nsproof {
namespace {

using nlohmann::json;

template <class Wanted>
void erase_where(json& list, Wanted wanted) {
  list.erase(std::remove_if(list.begin(), list.end(), wanted), list.end());
}

void drop_namespace(json& config, const char* type) {
  erase_where(config["linux"]["namespaces"], [&](const json& one) { return one["type"] == type; });
}

void drop_option(json& config, const char* destination, const char* option) {
  for (json& mount : config["mounts"])
    if (mount["destination"] == destination)
      erase_where(mount["options"], [&](const json& one) { return one == option; });
}

void add_capability(json& config, const char* name) {
  for (json& set : config["process"]["capabilities"]) set.push_back(name);
}

void bind(json& config, const char* source, const char* destination) {
  config["mounts"].push_back(
      {{"destination", destination}, {"type", "bind"}, {"source", source}, {"options", {"rbind", "rw"}}});
}

}  // namespace

const std::vector<Fault>& faults_of_oci() {
  static const std::vector<Fault> faults = {
      {.name = "no pid namespace",
       .base = "crun",
       .config = [](json& c) { drop_namespace(c, "pid"); },
       .turns = {"pid", "life.pid-link", "life.daemon.ends-with-payload"}},
      {.name = "no net namespace",
       .base = "crun-hardened",
       .config =
           [](json& c) {
             c["linux"].erase("sysctl");
             drop_namespace(c, "network");
           },
       .turns = {"net", "life.net-link", "sysctl.port-start.enforced", "sysctl.values.as-asked"}},
      {.name = "no ipc namespace",
       .base = "crun",
       .config = [](json& c) { drop_namespace(c, "ipc"); },
       .turns = {"ipc", "life.ipc-link"}},
      {.name = "no uts namespace",
       .base = "crun-hardened",
       .config =
           [](json& c) {
             c.erase("hostname");
             drop_namespace(c, "uts");
           },
       .turns = {"life.uts-link", "name.hostname.as-asked", "uts.domainname.outside-change-hidden",
                 "uts.sysctl.domainname-reads-own"}},
      {.name = "no cgroup namespace",
       .base = "crun-hardened",
       .config = [](json& c) { drop_namespace(c, "cgroup"); },
       .turns = {"cgroup.path.hidden", "life.cgroup-link"}},
      {.name = "no user namespace",
       .base = "crun-hardened",
       .config =
           [](json& c) {
             c["linux"].erase("uidMappings");
             c["linux"].erase("gidMappings");
             drop_namespace(c, "user");
           },
       .turns = {"id", "life.user-link"}},
      {.name = "wrong id map",
       .base = "crun-hardened",
       .config = [](json& c) { c["linux"]["uidMappings"][1]["hostID"] = 400000; },
       .turns = {"id.files.mapped-users"}},
      {.name = "wrong hostname",
       .base = "crun-hardened",
       .config = [](json& c) { c["hostname"] = "other"; },
       .turns = {"name.hostname.as-asked"}},
      {.name = "propagation from the host",
       .base = "runc-hardened",
       .config = [](json& c) { c["linux"]["rootfsPropagation"] = "rslave"; },
       .turns = {"root.propagation.host-mount-hidden"}},
      {.name = "root is writable",
       .base = "crun-hardened",
       .config = [](json& c) { c["root"]["readonly"] = false; },
       .turns = {"root.readonly.no-new-file", "root.readonly.reconfigure-refused", "root.readonly.remount-refused"}},
      {.name = "host's root is bound",
       .base = "crun-hardened",
       .config = [](json& c) { bind(c, "/", "/home"); },
       .turns = {"root.mounts.host-hidden"}},
      {.name = "host's /dev/shm is bound",
       .base = "crun-hardened",
       .config = [](json& c) { bind(c, "/dev/shm", "/dev/shm"); },
       .turns = {"mount.option.noexec-in-force", "mount.tmpfs.size-in-force", "root.mounts.host-hidden", "root.shm"}},
      {.name = "nothing is masked",
       .base = "crun-hardened",
       .config = [](json& c) { c["linux"]["maskedPaths"] = json::array(); },
       .turns = {"kernel.interrupts.unreadable", "kernel.keys.unreadable", "path.masked.move-refused",
                 "path.masked.umount-refused", "path.masked.unreadable"}},
      {.name = "nothing is read-only",
       .base = "crun-hardened",
       .config = [](json& c) { c["linux"]["readonlyPaths"] = json::array(); },
       .turns = {"path.readonly.remount-refused", "path.readonly.umount-refused", "path.readonly.unwritable"}},
      {.name = "no seccomp filter",
       .base = "crun-hardened",
       .config = [](json& c) { c["linux"].erase("seccomp"); },
       .turns = {"kernel.userns.refused", "kernel.vsock.ports-apart", "seccomp.arguments", "seccomp.child",
                 "seccomp.compat", "seccomp.executed", "seccomp.listed", "seccomp.unlisted"}},
      {.name = "new privileges",
       .base = "crun-hardened",
       .config = [](json& c) { c["process"]["noNewPrivileges"] = false; },
       .turns = {"cred.no-new-privs.set-uid-file"}},
      {.name = "one capability more",
       .base = "crun-hardened",
       .config = [](json& c) { add_capability(c, "CAP_NET_RAW"); },
       .turns = {"cred.capabilities"}},
      {.name = "one variable more",
       .base = "crun-hardened",
       .config = [](json& c) { c["process"]["env"].push_back("NSPROOF_PLANTED=let in"); },
       .turns = {"env.inherited.hidden"}},
      {.name = "one group more",
       .base = "crun-hardened",
       .config = [](json& c) { c["process"]["user"]["additionalGids"].push_back(3000); },
       .turns = {"cred.groups.as-asked"}},
      {.name = "wrong umask",
       .base = "crun-hardened",
       .config = [](json& c) { c["process"]["user"]["umask"] = 0; },
       .turns = {"cred.umask.as-asked"}},
      {.name = "wrong limits",
       .base = "crun-hardened",
       .config = [](json& c) { c["process"]["rlimits"][3]["soft"] = 1024; },
       .turns = {"limit.open-files.enforced", "limit.values.as-asked"}},
      {.name = "wrong oom score",
       .base = "crun-hardened",
       .config = [](json& c) { c["process"]["oomScoreAdj"] = 0; },
       .turns = {"cred.oom-score.as-asked"}},
      {.name = "sysctl left out",
       .base = "crun-hardened",
       .config = [](json& c) { c["linux"]["sysctl"].erase("net.ipv4.ip_unprivileged_port_start"); },
       .turns = {"sysctl.port-start.enforced", "sysctl.values.as-asked"}},
      {.name = "nosuid left out",
       .base = "crun-hardened",
       .config = [](json& c) { drop_option(c, "/tmp", "nosuid"); },
       .turns = {"mount.option.nosuid-in-force"}},
      {.name = "noexec left out",
       .base = "crun-hardened",
       .config = [](json& c) { drop_option(c, "/tmp", "noexec"); },
       .turns = {"mount.option.noexec-in-force"}},
      {.name = "devices are open",
       .base = "runc",
       .config =
           [](json& c) {
             c["linux"]["resources"]["devices"] = {{{"allow", true}, {"access", "rwm"}}};
           },
       .turns = {"dev.rules.denied-refused"}},
      {.name = "one device more",
       .base = "runc",
       .config =
           [](json& c) {
             c["linux"]["devices"] = {
                 {{"path", "/dev/nsproof-node"}, {"type", "c"}, {"major", 1}, {"minor", 11}, {"fileMode", 438}}};
             c["linux"]["resources"]["devices"].push_back(
                 {{"allow", true}, {"type", "c"}, {"major", 1}, {"minor", 11}, {"access", "rw"}});
           },
       .turns = {"dev.rules.denied-refused"}},
  };
  return faults;
}

}  // namespace nsproof
