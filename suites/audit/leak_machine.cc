// What tells one machine from another: names, identifiers, serial numbers. None of them is shown.
#include "suites/audit/leak_machine.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "harness/sys/uts.h"
#include "suites/audit/orch_secrets.h"

namespace nsproof::audit {
namespace {

// Whether a file of procfs is there to be read, or something covers it. Its content is not asked for.
Sight look_at_proc_file(View& view, const std::vector<std::string>& paths) {
  std::string readable;
  std::string covered;
  for (const std::string& path : paths) {
    const sys::Got<struct stat>& seen = view.stat(path);
    if (seen.error() == ENOENT && view.file_system("/proc").value.type == PROC_SUPER_MAGIC) continue;
    if (!seen.ok() && seen.error() != EACCES) return unknown(say(path, ": ", errno_name(seen.error())));
    const bool bare = seen.ok() && S_ISREG(seen.value.st_mode) && view.access(path, R_OK) == 0 &&
                      view.file_system(path).value.type == PROC_SUPER_MAGIC;
    std::string& list = bare ? readable : covered;
    list += say(list.empty() ? "" : ", ", path);
  }
  if (!readable.empty()) return weak(say("readable: ", readable));
  if (!covered.empty()) return hardened(say("masked or refused: ", covered));
  return not_applicable("this kernel has no such file");
}

sys::Got<std::string> nodename(View& view, bool of_host) {
  const auto ask = [](Actor& actor) {
    sys::Got<sys::Uts> got = sys::uname(actor);
    got.reply.outs = {got.value.nodename};
    return got.reply;
  };
  const Reply& reply = of_host ? view.host_call("nodename", ask) : view.call("nodename", ask);
  return {reply, reply.outs.empty() ? "" : reply.outs.front()};
}

Sight look_at_hostname(View& view) {
  if (view.name_space(Ns::uts).ownership == Ownership::host)
    return not_applicable("the container shares the host's UTS namespace, which is another finding");
  const sys::Got<std::string> inside = nodename(view, false);
  const sys::Got<std::string> outside = nodename(view, true);
  if (!inside.ok() || !outside.ok()) return unknown("uname(2) failed");
  return weak_if(inside.value == outside.value && !inside.value.empty(),
                 inside.value == outside.value ? say("both are called ", quoted(inside.value))
                                               : say("it is called ", quoted(inside.value), ", the host is not"));
}

constexpr const char* kMachineId = "/etc/machine-id";

// machine-id(5): confidential, so that it is compared here and never shown.
Sight look_at_machine_id(View& view) {
  const sys::Got<std::string>& inside =
      view.ask("machine-id", [](Actor& actor) { return read_unseen(actor, kMachineId, 256); });
  if (inside.error() == ENOENT) return hardened("there is no /etc/machine-id");
  if (!inside.ok()) return hardened(say("/etc/machine-id: ", errno_name(inside.error())));
  if (trim(inside.value).empty()) return hardened("/etc/machine-id is empty");
  const Reply& outside = view.host_call("machine-id", [](Actor& actor) {
    sys::Got<std::string> got = read_unseen(actor, kMachineId, 256);
    got.reply.outs = {std::move(got.value)};
    return std::move(got.reply);
  });
  if (!outside.ok()) return not_applicable(say("the host has no /etc/machine-id: ", errno_name(outside.error())));
  return trim(outside.outs.at(0)) == trim(inside.value) ? weak("/etc/machine-id is the host's")
                                                        : hardened("/etc/machine-id is not the host's");
}

Sight look_at_serial_numbers(View& view) {
  const sys::Got<sys::FileSystem>& kind = view.file_system("/sys");
  if (!kind.ok() || kind.value.type != SYSFS_MAGIC) return hardened("no sysfs is mounted at /sys");
  std::vector<SerialNumber> seen;
  for (const char* name : {"product_uuid", "product_serial", "board_serial", "chassis_serial"}) {
    const std::string path = say("/sys/class/dmi/id/", name);
    seen.push_back({path, view.access(path, R_OK)});
  }
  return judge_serial_numbers(seen);
}

Rule masked_file(std::string id, std::string title, std::string why, std::vector<std::string> paths) {
  std::string list;
  std::string options;
  for (const std::string& path : paths) {
    list += say(list.empty() ? "\"" : ",\"", path, "\"");
    options += say(options.empty() ? "" : " ", "--ro-bind /dev/null ", path);
  }
  return {.id = std::move(id),
          .title = std::move(title),
          .severity = Severity::low,
          .why = std::move(why),
          .how = say("Whether ", join(paths, " and "), " can be read and nothing is mounted on it; not its content."),
          .references = {"proc(5)", "OCI runtime specification: linux.maskedPaths"},
          .fix = {.oci = say(R"({"linux":{"+maskedPaths":[)", list, "]}}"),
                  .docker = say("-v /dev/null:", join(paths, ":ro -v /dev/null:"), ":ro"),
                  .podman = say("--security-opt mask=", join(paths, ":")),
                  .bwrap = options},
          .look = [paths](View& view) { return look_at_proc_file(view, paths); },
          .spoil = {.config = say(R"({"linux":{"-maskedPaths":[)", list, "]}}")}};
}

std::vector<Rule> make_masked() {
  return {
      masked_file("leak.boot-id.readable", "The container can read what identifies this start of the machine.",
                  "Two containers that compare it know whether they are on one machine, which a side channel needs.",
                  {"/proc/sys/kernel/random/boot_id"}),
      masked_file("leak.cmdline.readable", "The container can read how the host's kernel was started.",
                  "It names disks, addresses and mitigations, and some put passwords there.", {"/proc/cmdline"}),
      masked_file("leak.disks.listed", "The container can read which disks the host has and what they do.",
                  "It identifies the machine, and shows when its other tenants work.",
                  {"/proc/partitions", "/proc/diskstats"})};
}

const Rules masked(make_masked());

const Rules rows = {
    {
        .id = "leak.hostname.of-host",
        .title = "The container is called as the host is.",
        .severity = Severity::low,
        .why = "It names the machine, to whoever takes over the container and in everything that it logs.",
        .how = "uname(2) inside and outside.",
        .references = {"uts_namespaces(7)", "CIS Docker 5.21"},
        .fix = {.oci = R"({"hostname":"container"})",
                .docker = "--hostname=container",
                .kubernetes = "hostNetwork: false; hostname: container",
                .bwrap = "--unshare-uts --hostname container"},
        .look = look_at_hostname,
        .spoil = {.config = R"({"hostname":null})"},
    },
    {
        .id = "leak.machine-id.of-host",
        .title = "The container has the host's machine ID.",
        .severity = Severity::low,
        .why = "It is confidential: programs derive identifiers and secrets from it.",
        .how = "/etc/machine-id inside is compared with that of the host. Neither is shown.",
        .references = {"machine-id(5)"},
        .fix = {.docker = "an image without /etc/machine-id; without -v /etc/machine-id",
                .kubernetes = "no hostPath volume of /etc/machine-id",
                .bwrap = "--ro-bind /dev/null /etc/machine-id",
                .host = "rm etc/machine-id  # in the image"},
        .look = look_at_machine_id,
        .spoil = {.prepare = {"umask 022; echo 0123456789abcdef0123456789abcdef | tee /etc/machine-id "
                              "> {rootfs}/etc/machine-id"}},
    },
    {
        .id = "leak.serial-numbers.readable",
        .title = "The container can read serial numbers of the machine.",
        .severity = Severity::low,
        .why = "They identify the machine for ever; clouds and licences take them for proof.",
        .how = "access(2) of product_uuid, product_serial, board_serial and chassis_serial in /sys/class/dmi/id; they "
               "are not read.",
        .references = {"Linux: Documentation/ABI/testing/sysfs-class-dmi (drivers/firmware/dmi-id.c)", "smbios(4)"},
        .fix = {.oci = R"({"linux":{"+maskedPaths":["/sys/class/dmi","/sys/devices/virtual/dmi"]}})",
                .docker = "--user=1000",
                .podman = "--security-opt mask=/sys/devices/virtual/dmi",
                .kubernetes = "securityContext: {runAsNonRoot: true}",
                .bwrap = "without --ro-bind /sys /sys"},
        .look = look_at_serial_numbers,
        .spoil = {.impossible =
                      "the machine that the matrix runs on has no DMI table; written answers are judged in the "
                      "unit tests"},
    },
};

}  // namespace

Sight judge_serial_numbers(const std::vector<SerialNumber>& seen) {
  std::string readable;
  std::string refused;
  for (const SerialNumber& one : seen) {
    if (one.error == ENOENT) continue;
    std::string& list = one.error == 0 ? readable : refused;
    list += say(list.empty() ? "" : ", ", one.path, one.error == 0 ? "" : say(": ", errno_name(one.error)));
  }
  if (!readable.empty()) return weak(say("readable: ", readable));
  if (!refused.empty()) return hardened(refused);
  return not_applicable("this machine has no DMI table");
}

}  // namespace nsproof::audit
