// Nodes of kernel interfaces that a container should only have if it needs them: memory, disks, input, accelerators.
// Numbers: Linux, Documentation/admin-guide/devices.txt; those that are given out at run time are known by their names.
#include <algorithm>

#include "harness/audit/rule.h"
#include "harness/support/text.h"
#include "suites/audit/dev_rules.h"

namespace nsproof::audit {
namespace {

struct Numbers {
  unsigned major = 0;  // 0: given out at run time
  unsigned first = 0;
  unsigned last = 0;
};

struct Interface {
  const char* slug;  // dev.SLUG.usable
  const char* node;  // what it is usually called
  Severity severity;
  std::vector<Numbers> numbers;
  std::vector<const char*> names;  // patterns of paths, where the numbers are given out at run time
  const char* why;
  const char* reference;
  Confined confined = Confined::no;
};

constexpr unsigned kAny = ~0U;
constexpr auto kMedium = Severity::medium;
constexpr auto kHigh = Severity::high;
constexpr auto kCritical = Severity::critical;
// Opening them asks for CAP_SYS_RAWIO in the initial user namespace.
constexpr auto kRaw = Confined::by_user_namespace;

const Interface kInterfaces[] = {
    {"mem", "/dev/mem", kCritical, {{1, 1, 2}, {1, 12, 12}}, {}, "It is the memory of the machine.", "mem(4)", kRaw},
    {"port", "/dev/port", kCritical, {{1, 4, 4}}, {}, "It is the I/O ports of the machine.", "mem(4)", kRaw},
    {"nvram", "/dev/nvram", kHigh, {{10, 144, 144}}, {}, "It holds what the firmware starts with.", "", kRaw},
    {"msr",
     "/dev/cpu/0/msr",
     kCritical,
     {{202, 0, kAny}},
     {},
     "Model-specific registers of the CPU say, among others, where the kernel is entered.",
     "msr(4)",
     kRaw},
    {"snapshot", "/dev/snapshot", kCritical, {{10, 231, 231}}, {}, "It is an image of the kernel's memory.", ""},
    {"loop-control",
     "/dev/loop-control",
     kHigh,
     {{10, 237, 237}},
     {},
     "It makes block devices on the host.",
     "loop(4)"},
    {"mapper-control",
     "/dev/mapper/control",
     kHigh,
     {{10, 236, 236}},
     {},
     "The device mapper makes block devices out of any others of the host.",
     "dmsetup(8)"},
    {"btrfs-control", "/dev/btrfs-control", kMedium, {{10, 234, 234}}, {}, "It registers disks with btrfs.", ""},
    {"scsi-generic", "/dev/sg0", kHigh, {{21, 0, kAny}}, {}, "It sends raw commands to a disk of the host.", "sg(4)"},
    {"nvme",
     "/dev/nvme0",
     kHigh,
     {},
     {"/dev/nvme[0-9]*", "/dev/nvme?", "/dev/nvme??", "/dev/nvme-fabrics", "/dev/ng*n*"},
     "It sends raw commands to a disk of the host.",
     "nvme(1)"},
    {"vfio",
     "/dev/vfio/vfio",
     kHigh,
     {{10, 196, 196}},
     {"/dev/vfio/*"},
     "A device behind it does direct memory access; without an IOMMU, to all of it.",
     "Linux: Documentation/driver-api/vfio.rst"},
    {"iommufd", "/dev/iommu", kHigh, {}, {"/dev/iommu"}, "It maps memory for devices.", ""},
    {"uinput", "/dev/uinput", kHigh, {{10, 223, 223}}, {}, "It types and clicks as the user at the host's seat.", ""},
    {"uhid", "/dev/uhid", kHigh, {{10, 239, 239}}, {}, "It makes input devices, whose drivers parse what it says.", ""},
    {"input", "/dev/input/event0", kMedium, {{13, 0, kAny}}, {}, "It reads what is typed at the host.", ""},
    {"hidraw", "/dev/hidraw0", kMedium, {}, {"/dev/hidraw*"}, "It talks to keyboards and security keys.", ""},
    {"console-vt",
     "/dev/tty1",
     kMedium,
     {{4, 0, 63}, {7, 0, kAny}},
     {},
     "A virtual console of the host can be read, and typed into.",
     "vcs(4)"},
    {"serial", "/dev/ttyS0", kMedium, {{4, 64, 255}}, {}, "A serial line often is the console of the host.", "ttyS(4)"},
    {"fuse",
     "/dev/fuse",
     kMedium,
     {{10, 229, 229}},
     {},
     "With a user namespace it is enough to mount a file system that answers the kernel what it likes.",
     "fuse(4)"},
    {"cuse", "/dev/cuse", kMedium, {{10, 203, 203}}, {}, "It makes character devices that other processes open.", ""},
    {"tun", "/dev/net/tun", kMedium, {{10, 200, 200}}, {}, "It makes network devices whose frames are arbitrary.", ""},
    {"vhost",
     "/dev/vhost-net",
     kMedium,
     {{10, 238, 238}, {10, 241, 241}},
     {"/dev/vhost-*"},
     "A kernel thread of the host works on memory that the container describes.",
     "CVE-2019-14835"},
    {"ppp", "/dev/ppp", kMedium, {{108, 0, 0}}, {}, "It reaches protocol code that is rarely used.", ""},
    {"kvm", "/dev/kvm", kMedium, {{10, 232, 232}}, {}, "It is a large interface of the kernel.", "CVE-2021-22543"},
    {"sev", "/dev/sev", kMedium, {}, {"/dev/sev", "/dev/sgx_*", "/dev/tdx*"}, "It commands the CPU's enclaves.", ""},
    {"autofs", "/dev/autofs", kMedium, {{10, 235, 235}}, {}, "It controls automatic mounts of the host.", "autofs(5)"},
    {"userfaultfd",
     "/dev/userfaultfd",
     kMedium,
     {},
     {"/dev/userfaultfd"},
     "It lets page faults of the kernel wait, which exploits need, whatever vm.unprivileged_userfaultfd says.",
     "userfaultfd(2)"},
    {"snd", "/dev/snd/controlC0", kMedium, {{116, 0, kAny}, {14, 0, kAny}}, {}, "It hears what is said there.", ""},
    {"video", "/dev/video0", kMedium, {{81, 0, kAny}}, {}, "It sees what is there.", ""},
    {"dri",
     "/dev/dri/card0",
     kMedium,
     {{226, 0, kAny}},
     {},
     "Graphics drivers are large; a card can show the screen.",
     ""},
    {"nvidia",
     "/dev/nvidia0",
     kMedium,
     {{195, 0, kAny}},
     {"/dev/nvidia*"},
     "Drivers of accelerators are large, and memory of other tenants stays in the device.",
     "CVE-2024-0132"},
    {"kfd", "/dev/kfd", kMedium, {}, {"/dev/kfd", "/dev/accel/*"}, "Drivers of accelerators are large.", ""},
    {"infiniband",
     "/dev/infiniband/uverbs0",
     kMedium,
     {{231, 0, kAny}},
     {},
     "It reaches the network past the network namespace, and the memory of the device.",
     ""},
    {"watchdog",
     "/dev/watchdog",
     kMedium,
     {{10, 130, 130}},
     {"/dev/watchdog*"},
     "Who opens it and goes away resets the host.",
     "Linux: Documentation/watchdog/watchdog-api.rst"},
    {"rtc",
     "/dev/rtc0",
     kMedium,
     {{10, 135, 135}},
     {"/dev/rtc*"},
     "It is the clock that the host starts with.",
     "rtc(4)"},
    {"tpm", "/dev/tpm0", kMedium, {{10, 224, 224}}, {"/dev/tpm*"}, "It holds keys of the host.", ""},
    {"i2c", "/dev/i2c-0", kHigh, {{89, 0, kAny}}, {}, "Chips on that bus hold firmware and control voltages.", ""},
    {"mtd", "/dev/mtd0", kHigh, {{90, 0, kAny}}, {}, "It is flash memory with firmware of the host.", ""},
    {"zfs", "/dev/zfs", kMedium, {{10, 249, 249}}, {"/dev/zfs"}, "It administrates the pools of the host.", "zfs(8)"},
    {"rfkill", "/dev/rfkill", kMedium, {{10, 242, 242}}, {"/dev/rfkill"}, "It switches off radios of the host.", ""},
};

bool is_one_of(const Interface& interface, const DeviceNode& node) {
  if (node.kind != 'c') return false;
  for (const Numbers& one : interface.numbers)
    if (node.major == one.major && node.minor >= one.first && node.minor <= one.last) return true;
  return !is_usual_device(node) && std::any_of(interface.names.begin(), interface.names.end(),
                                               [&](const char* pattern) { return glob_match(pattern, node.path); });
}

std::vector<Rule> make_rules() {
  std::vector<Rule> made;
  for (const Interface& one : kInterfaces) {
    // Where the number is given out at run time, any of the range for local use will do (devices.txt: 240-254).
    const Numbers numbers = one.numbers.empty() ? Numbers{240, 7, 7} : one.numbers.front();
    Rule rule{.id = say("dev.", one.slug, ".usable"),
              .title = say("The container may use ", one.node, ", or a node of the same kind."),
              .severity = one.severity,
              .why = one.why,
              .how = "Nodes are found and told by stat(2), never opened; access(2) asks permissions and device cgroup.",
              .references = {"Linux: Documentation/admin-guide/devices.txt", "CIS Docker 5.18"},
              .fix = without_node(one.node, 'c', numbers.major, numbers.first),
              .confined = one.confined,
              .look =
                  [&one](View& view) {
                    return look_for_nodes(view, [&](const DeviceNode& node) { return is_one_of(one, node); });
                  },
              .spoil = bound_node(one.node, 'c', numbers.major, numbers.first)};
    if (*one.reference != '\0') rule.references.emplace_back(one.reference);
    rule.spoil.also = {"dev.node.unexpected"};
    made.push_back(std::move(rule));
  }
  return made;
}

const Rules interfaces(make_rules());

}  // namespace
}  // namespace nsproof::audit
