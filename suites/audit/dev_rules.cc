// Rules about device nodes whatever they are, and what the rules about single kinds are made of.
#include "suites/audit/dev_rules.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>

#include "harness/support/text.h"

namespace nsproof::audit {

Sight look_for_nodes(View& view, const std::function<bool(const DeviceNode&)>& chosen) {
  std::string usable;
  std::string refused;
  std::size_t more = 0;
  constexpr std::size_t kShown = 4;
  std::size_t shown = 0;
  for (const DeviceNode& node : device_nodes(view)) {
    if (!chosen(node)) continue;
    const DeviceUse use = device_use(view, node);
    std::string& list = use.usable ? usable : refused;
    if (use.usable && ++shown > kShown) {
      ++more;
      continue;
    }
    if (use.usable || list.size() < 200) list += say(list.empty() ? "" : ", ", text_of(node), " ", use.how);
  }
  if (!usable.empty()) return weak(say(usable, more > 0 ? say(" and ", more, " more") : ""));
  return hardened(refused.empty() ? "no such node" : say("not usable: ", refused));
}

Spoil bound_node(const std::string& target, char kind, unsigned major, unsigned minor) {
  const std::string source = "/nsproof-node";
  const std::string device = say(R"({"allow":true,"type":")", kind == 'b' ? "b" : "c", R"(","major":)", major,
                                 R"(,"minor":)", minor, R"(,"access":"rwm"})");
  return {.config = say(R"({"+mounts":[{"destination":")", target, R"(","type":"bind","source":")", source,
                        R"(","options":["bind","rw","nosuid","noexec"]}],"linux":{"resources":{"+devices":[)", device,
                        "]}}}"),
          .prepare = {say("umask 0; mknod -m 666 ", source, " ", kind == 'b' ? "b " : "c ", major, " ", minor)}};
}

Fix without_node(const std::string& node, char kind, unsigned major, unsigned minor) {
  const std::string device =
      say(R"({"type":")", kind == 'b' ? "b" : "c", R"(","major":)", major, R"(,"minor":)", minor, "}");
  return {.oci = say(R"({"-mounts":[{"destination":")", node, R"("}],"linux":{"-devices":[{"path":")", node,
                     R"("}],"resources":{"-devices":[)", device, "]}}}"),
          .docker = say("without --privileged, --device ", node, " and -v ", node),
          .kubernetes = say("securityContext: {privileged: false}  # and no hostPath volume of ", node),
          .bwrap = "--dev /dev instead of --dev-bind /dev /dev"};
}

namespace {

Spoil and_also(Spoil spoil, std::vector<std::string> also) {
  spoil.also = std::move(also);
  return spoil;
}

// Where a node of this name should be, there is something else.
struct Expected {
  const char* path;
  unsigned major;
  unsigned minor;
};
constexpr Expected kExpected[] = {{"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
                                  {"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0}};

Sight look_at_expected(View& view) {
  device_nodes(view);  // says why /dev is out of sight
  std::string wrong;
  for (const Expected& one : kExpected) {
    const sys::Got<struct stat>& seen = view.stat(one.path);
    if (seen.error() == ENOENT) continue;
    if (!seen.ok()) return unknown(say(one.path, ": ", errno_name(seen.error())));
    const bool right =
        S_ISCHR(seen.value.st_mode) && major(seen.value.st_rdev) == one.major && minor(seen.value.st_rdev) == one.minor;
    if (!right)
      wrong += say(wrong.empty() ? "" : ", ", one.path, " is not character device ", one.major, ":", one.minor);
  }
  return wrong.empty() ? hardened("null, zero, full, random, urandom and tty are what they are called") : weak(wrong);
}

const Rules rows = {
    {
        .id = "dev.block.usable",
        .title = "The container may use a block device.",
        .severity = Severity::critical,
        .why = "Who reads and writes the disk of the host needs none of its file systems' permissions.",
        .how = "Nodes are found and told by stat(2), never opened; access(2) asks permissions and device cgroup.",
        .references = {"CIS Docker 5.18", "Linux: Documentation/admin-guide/devices.txt"},
        .fix = without_node("/dev/loop200", 'b', 7, 200),
        .look =
            [](View& view) { return look_for_nodes(view, [](const DeviceNode& node) { return node.kind == 'b'; }); },
        .spoil = and_also(bound_node("/dev/loop200", 'b', 7, 200), {"dev.node.unexpected"}),
    },
    {
        .id = "dev.node.unexpected",
        .title = "The container may use a device that no container needs by default.",
        .severity = Severity::medium,
        .why = "Every driver is code of the kernel that the container can reach.",
        .how = "Nodes below /dev and mounted elsewhere, beyond null, zero, full, random, urandom, tty, console, ptmx "
               "and pseudo-terminals, that access(2) lets it use.",
        .references = {"OCI runtime specification: Default Devices", "CIS Docker 5.18"},
        .fix = without_node("/dev/local", 'c', 240, 1),
        .look =
            [](View& view) {
              return look_for_nodes(view, [](const DeviceNode& node) { return !is_usual_device(node); });
            },
        .spoil = bound_node("/dev/local", 'c', 240, 1),
    },
    {
        .id = "dev.node.impostor",
        .title = "A standard device such as /dev/null is something else.",
        .severity = Severity::medium,
        .why =
            "Runtimes mask files with /dev/null: if that is a link or another file, they are not masked, and what is "
            "written to it reaches somebody.",
        .how = "stat(2) of /dev/null, zero, full, random, urandom and tty.",
        .references = {"CVE-2025-31133", "null(4)", "random(4)"},
        .fix = {.docker = "an image and volumes with nothing in /dev; runc 1.2.8, 1.3.3 or newer",
                .kubernetes = "no volume below /dev",
                .bwrap = "--dev /dev"},
        .look = look_at_expected,
        // In a user namespace crun takes its devices from the layer, where this one is another now.
        .spoil = {.prepare = {"mount --bind /dev/zero /dev/full"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
