#include "harness/guest/machine.h"

#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "harness/support/fd.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

constexpr int kKvmVersion = 12;  // KVM_GET_API_VERSION (Documentation/virt/kvm/api.rst)

std::string descriptor_path(int fd) { return say("/proc/self/fd/", fd); }

// quiet: a console that is emulated a byte at a time costs more than the boot. panic=-1: a dead guest ends at once.
std::string kernel_words(const GuestOptions& options, std::string_view console, std::string_view results) {
  return say(console, " quiet panic=-1 rdinit=/init ", kGuestWord, "=", results, options.append.empty() ? "" : " ",
             options.append);
}

std::vector<std::string> qemu_command(const GuestOptions& options, Machine machine, GuestDescriptors descriptors) {
  const std::string memory = say(options.megabytes, "M");
  return {"qemu-system-x86_64",
          "-machine",
          machine.board == Board::microvm ? "microvm" : "q35",
          "-accel",
          machine.accelerator == Accelerator::kvm ? "kvm" : "tcg",
          "-cpu",
          "max",
          "-m",
          memory,
          "-smp",
          say(options.processors),
          "-nodefaults",
          "-no-user-config",
          "-no-reboot",
          "-display",
          "none",
          "-nic",
          "none",
          "-chardev",
          "stdio,id=console,signal=off",
          "-serial",
          "chardev:console",
          "-chardev",
          say("file,id=results,path=", descriptor_path(descriptors.results)),
          "-serial",
          "chardev:results",
          "-kernel",
          options.image,
          "-initrd",
          descriptor_path(descriptors.initramfs),
          "-append",
          kernel_words(options, "earlyprintk=ttyS0 console=ttyS0", "ttyS1")};
}

// UML takes the kernel's command line as its own. uml_dir: where it puts its control socket (containment.h).
std::vector<std::string> uml_command(const GuestOptions& options, GuestDescriptors descriptors) {
  std::vector<std::string> command = {
      options.image.find('/') == std::string::npos ? "./" + options.image : options.image,
      say("mem=", options.megabytes, "M"),
      say("initrd=", descriptor_path(descriptors.initramfs)),
      "uml_dir=/dev/shm/",
      "umid=nsproof",
      "con=null",
      "con0=null,fd:1",
      "ssl=null",
      say("ssl0=null,fd:", descriptors.results)};
  for (std::string& word : words_of(kernel_words(options, "console=tty0", "ttyS0"))) command.push_back(std::move(word));
  return command;
}

}  // namespace

std::string text_of(Machine machine) {
  if (machine.board == Board::uml) return "User-Mode Linux";
  return say(machine.board == Board::microvm ? "microvm" : "q35", " with ",
             machine.accelerator == Accelerator::kvm ? "KVM" : "TCG");
}

// Under TCG a PC comes first: a microvm has no clock but the PIT to measure the processor's against, and on a busy host
// that fails (tsc: Unable to calibrate against PIT) and the boot hangs. KVM tells the guest its clock.
Machine first_machine(ImageKind kind, bool kvm) {
  if (kind == ImageKind::uml) return {Board::uml, Accelerator::none};
  return kvm ? Machine{Board::microvm, Accelerator::kvm} : Machine{Board::q35, Accelerator::tcg};
}

std::optional<Machine> next_machine(Machine failed, bool silent) {
  switch (failed.accelerator) {
    case Accelerator::none: return std::nullopt;
    case Accelerator::kvm:
      if (silent) return Machine{Board::q35, Accelerator::tcg};
      if (failed.board == Board::microvm) return Machine{Board::q35, Accelerator::kvm};
      return std::nullopt;
    case Accelerator::tcg:
      if (failed.board == Board::q35) return Machine{Board::microvm, Accelerator::tcg};
      return std::nullopt;
  }
  return std::nullopt;
}

std::vector<std::string> command_of(const GuestOptions& options, Machine machine, GuestDescriptors descriptors) {
  return machine.board == Board::uml ? uml_command(options, descriptors) : qemu_command(options, machine, descriptors);
}

bool has_kvm() {
  const Fd kvm(::open("/dev/kvm", O_RDWR | O_CLOEXEC));
  return kvm.valid() && ::ioctl(kvm.get(), KVM_GET_API_VERSION, 0) == kKvmVersion;
}

}  // namespace nsproof::guest
