// Facts that change what other findings mean: whose kernel it is, what made the container, and who looks.
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/cred_judge.h"

namespace nsproof::audit {
namespace {

Sight kernel_kind(View& view) {
  const sys::Got<std::string>& release = view.file("/proc/sys/kernel/osrelease");
  const sys::Got<std::string>& version = view.file("/proc/version");
  const sys::Got<std::string>& processors = view.file("/proc/cpuinfo", 64 * 1024);
  const std::string name = release.ok() ? quoted(trim(release.value)) : errno_name(release.error());
  const auto says = [](const sys::Got<std::string>& text, std::string_view word) {
    return text.ok() && text.value.find(word) != std::string::npos;
  };
  if (view.exists("/proc/sentry-meminfo") || says(release, "gvisor") || says(version, "gvisor"))
    return not_applicable(say("gVisor's, release ", name, ": \"the host\" means its sentry"));
  if (says(release, "microsoft") || says(release, "Microsoft"))
    return not_applicable(say("Linux of a Windows subsystem, release ", name));
  if (says(processors, "User Mode Linux"))
    return not_applicable(say("user-mode Linux, release ", name, ": \"the host\" means this kernel"));
  if (says(processors, " hypervisor"))
    return not_applicable(say("Linux under a hypervisor, release ", name,
                              ": if each container has its own, \"the host\" means this guest"));
  if (!processors.ok()) return not_applicable(say("Linux, release ", name, "; /proc/cpuinfo cannot be read"));
  return not_applicable(say("Linux, release ", name, ", with no sign of a hypervisor"));
}

Sight runtime_kind(View& view) {
  std::vector<std::string> signs;
  const auto sign = [&](const char* path, const char* of) {
    if (view.exists(path)) signs.push_back(say(of, " (", path, ")"));
  };
  sign("/run/.containerenv", "Podman");
  sign("/.dockerenv", "Docker");
  sign("/run/systemd/container", "a manager that tells systemd");
  sign("/run/host/container-manager", "systemd-nspawn");
  sign("/run/secrets/kubernetes.io/serviceaccount", "Kubernetes");
  sign("/var/run/secrets/kubernetes.io/serviceaccount", "Kubernetes");
  struct Store {
    const char* directory;
    const char* of;
  };
  constexpr Store kStores[] = {{"/docker/", "Docker"},
                               {"/containerd/", "containerd"},
                               {"/containers/storage/", "Podman or CRI-O"},
                               {"/kubelet/pods/", "Kubernetes"}};
  for (const Store& store : kStores)
    for (const sys::MountInfo& mount : view.mounts())
      if (mount.root.find(store.directory) != std::string::npos ||
          mount.super_options.find(store.directory) != std::string::npos) {
        signs.push_back(say(store.of, " (the mount at ", quoted(mount.target), ")"));
        break;
      }
  const sys::MountInfo* root = view.mount_at("/");
  return not_applicable(
      say(signs.empty() ? "nothing tells what made it" : join(signs, ", "), "; its root is ",
          root != nullptr ? say(quoted(root->type), " ", quoted(root->root)) : "no mount of its own"));
}

Sight observer(View& view) {
  const Status& status = view.status();
  const InsideIds ids = ids_inside(view);
  return not_applicable(say(view.from_host() ? "from the host: of the process" : "from inside: of who looks",
                            " the effective user is ", ids.uid,
                            ", effective capabilities: ", capability_names(status.capabilities.effective),
                            ", NoNewPrivs ", status.no_new_privs ? 1 : 0, ", seccomp mode ", status.seccomp_mode));
}

const Rules rows = {
    {
        .id = "ctx.kernel.kind",
        .title = "The kernel is of this kind.",
        .severity = Severity::info,
        .why = "Where a container has a kernel of its own, sharing with \"the host\" means sharing with that kernel.",
        .how = "/proc/sys/kernel/osrelease, /proc/version, /proc/cpuinfo, and files that only one kind of kernel has.",
        .references = {"proc(5)", "gVisor: pkg/sentry/fsimpl/proc/tasks.go"},
        .look = kernel_kind,
    },
    {
        .id = "ctx.runtime.kind",
        .title = "The container was made by this tool.",
        .severity = Severity::info,
        .why = "Each tool has its own options for a fix, and its own defaults.",
        .how =
            "Files that tools leave behind, and the sources of mounts. Names of cgroups prove nothing, and variables "
            "of the environment may be secrets.",
        .references = {"podman-run(1)", "systemd: Container Interface", "proc_pid_mountinfo(5)"},
        .look = runtime_kind,
    },
    {
        .id = "ctx.observer.standing",
        .title = "The audit looked with these rights.",
        .severity = Severity::info,
        .why = "What could not be looked at is not thereby safe: with more rights more is seen.",
        .how = "/proc/PID/status.",
        .references = {"proc_pid_status(5)", "credentials(7)"},
        .look = observer,
    },
};

}  // namespace
}  // namespace nsproof::audit
