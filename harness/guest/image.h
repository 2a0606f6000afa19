// Looks into a kernel image to see what can boot it; the name of the file does not matter.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace nsproof::guest {

enum class ImageKind {
  bzimage,  // x86, by the boot protocol (Documentation/arch/x86/boot.rst)
  vmlinux,  // x86-64 ELF with a PVH entry point, which QEMU can enter
  uml,      // User-Mode Linux: an ordinary program
};

// The file is no kernel that can be booted here; the text says why, and what to give instead.
struct BadImage : std::runtime_error {
  using runtime_error::runtime_error;
};

// By the whole contents of the file. Pure. Throws BadImage.
ImageKind kind_of_image(std::string_view bytes);

// Throws BadImage, also if the file cannot be read.
ImageKind examine_image(const std::string& path);

// Whether a program starts without a dynamic linker, so that it can be the only file of a guest.
bool is_static_program(std::string_view bytes);

}  // namespace nsproof::guest
