// The machines that a guest can be, and the command lines that start them. Pure: what is started is data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/guest/image.h"

namespace nsproof::guest {

enum class Board {
  microvm,  // no PCI and little firmware: boots fastest
  q35,      // a PC
  uml,      // no machine at all
};

enum class Accelerator { none, kvm, tcg };

struct Machine {
  Board board = Board::microvm;
  Accelerator accelerator = Accelerator::tcg;
  bool operator==(const Machine&) const = default;
};

std::string text_of(Machine machine);  // "microvm with KVM", "User-Mode Linux"

// What the user asked for.
struct GuestOptions {
  std::string image;
  ImageKind kind = ImageKind::bzimage;
  std::string append = {};  // more words for the kernel's command line; the last one wins
  int megabytes = 512;      // memory
  int processors = 1;
};

// What a started guest finds open: descriptors of the same numbers as here.
struct GuestDescriptors {
  int initramfs = -1;  // read
  int results = -1;    // written
};

// The word on the kernel's command line by which nsproof knows that it is the init of a guest, with the terminal for
// its results: "nsproof_guest=ttyS1". The kernel hands words that it does not know on to init as environment
// (Documentation/admin-guide/kernel-parameters.rst).
inline constexpr const char* kGuestWord = "nsproof_guest";

// The machine to try first.
Machine first_machine(ImageKind kind, bool kvm);
// The machine to try after this one failed before nsproof was up in it. `silent`: it did not even write to its console,
// which is how KVM fails where it does not work.
std::optional<Machine> next_machine(Machine failed, bool silent);

// argv; the first word is looked up in PATH unless it has a slash. The guest's console is standard output.
std::vector<std::string> command_of(const GuestOptions& options, Machine machine, GuestDescriptors descriptors);

// Whether /dev/kvm can be opened and speaks the protocol.
bool has_kvm();

}  // namespace nsproof::guest
