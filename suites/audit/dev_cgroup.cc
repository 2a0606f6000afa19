// Whether the device cgroup lets the container use every device (cgroup v1: devices.list; v2: a BPF program).
#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/support/text.h"
#include "suites/audit/cg_group.h"
#include "suites/audit/dev_nodes.h"

namespace nsproof::audit {
namespace {

// The program of version 2 cannot be read by those it binds, but its answer can: only a device filter makes access(2)
// for reading fail with EPERM.
Sight ask_at_a_node(View& view) {
  for (const DeviceNode& node : device_nodes(view))
    if (!is_usual_device(node) && view.access(node.path, R_OK) == EPERM)
      return hardened(say("the filter refuses ", text_of(node), ": EPERM"));
  return unknown(
      "version 2 filters devices by a BPF program, which shows only at a node that it refuses: there is none");
}

Sight look_at_device_cgroup(View& view) {
  const SeenCgroup group = cgroup_of(view, "devices");
  if (group.place.version2) return ask_at_a_node(view);
  const sys::Got<std::string> list = cgroup_file(view, group, 0, "devices.list");
  if (!list.ok()) return unknown(say("devices.list: ", errno_name(list.error())));
  return judge_device_list(list.value);
}

const Rules rows = {
    {
        .id = "dev.cgroup.open",
        .title = "The device cgroup lets the container use every device.",
        .severity = Severity::critical,
        .why = "With CAP_MKNOD, or a node that it finds, the container reads and writes the host's disks and memory.",
        .how = "devices.list of its control group (version 1), or a node that the filter refuses (version 2).",
        .references = {"Linux: Documentation/admin-guide/cgroup-v1/devices.rst", "CIS Docker 5.18",
                       "systemd.resource-control(5): DevicePolicy"},
        .fix = {.oci = R"({"linux":{"resources":{"devices":[{"allow":false,"access":"rwm"}]}}})",
                .docker = "without --privileged; --device only for what it needs",
                .kubernetes = "securityContext: {privileged: false}",
                .host = "systemd-run -p DevicePolicy=closed bwrap ..."},
        .confined = Confined::by_user_namespace,
        .look = look_at_device_cgroup,
        .spoil = {.config = R"({"linux":{"resources":{"devices":[{"allow":true,"access":"rwm"}]}}})"},
    },
};

}  // namespace
}  // namespace nsproof::audit
