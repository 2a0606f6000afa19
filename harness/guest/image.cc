#include "harness/guest/image.h"

#include <elf.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

// Of the boot protocol's header: "HdrS".
constexpr std::size_t kBzimageMagicOffset = 0x202;
// Of the arm64 Image (Documentation/arch/arm64/booting.rst).
constexpr std::size_t kArm64MagicOffset = 0x38;
// Kernels of x86-64 are linked to the upper half of the address space, programs run in the lower one.
constexpr std::uint64_t kUpperHalf = std::uint64_t{1} << 63;
// XEN_ELFNOTE_PHYS32_ENTRY of include/xen/interface/elfnote.h: where QEMU enters an uncompressed kernel.
constexpr std::uint32_t kPvhNote = 18;
constexpr std::string_view kPvhOwner("Xen\0", 4);

template <class T>
std::optional<T> at(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::optional<Elf64_Ehdr> elf_header(std::string_view bytes) {
  const auto header = at<Elf64_Ehdr>(bytes, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) return std::nullopt;
  return header;
}

std::vector<Elf64_Phdr> segments(std::string_view bytes, const Elf64_Ehdr& header) {
  std::vector<Elf64_Phdr> all;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i)
    if (const auto one = at<Elf64_Phdr>(bytes, header.e_phoff + i * sizeof(Elf64_Phdr))) all.push_back(*one);
  return all;
}

bool has_pvh_note(std::string_view bytes, const Elf64_Phdr& segment) {
  std::uint64_t offset = segment.p_offset;
  const std::uint64_t end = segment.p_offset + segment.p_filesz;
  while (offset < end) {
    const auto note = at<Elf64_Nhdr>(bytes, offset);
    if (!note) return false;
    if (note->n_type == kPvhNote && bytes.substr(offset + sizeof *note, kPvhOwner.size()) == kPvhOwner) return true;
    const auto padded = [](std::uint64_t size) { return (size + 3) & ~std::uint64_t{3}; };
    offset += sizeof *note + padded(note->n_namesz) + padded(note->n_descsz);
  }
  return false;
}

ImageKind kind_of_elf(std::string_view bytes, const Elf64_Ehdr& header) {
  if (header.e_machine != EM_X86_64) throw BadImage("it is an ELF file for another machine; only x86-64 can be booted");
  bool upper_half = false;
  bool pvh = false;
  for (const Elf64_Phdr& segment : segments(bytes, header)) {
    upper_half |= segment.p_type == PT_LOAD && segment.p_vaddr >= kUpperHalf;
    pvh |= segment.p_type == PT_NOTE && has_pvh_note(bytes, segment);
  }
  if (upper_half && pvh) return ImageKind::vmlinux;
  if (upper_half)
    throw BadImage("it is a vmlinux without a PVH entry point (CONFIG_PVH), which QEMU cannot enter; give the bzImage");
  // It will be executed, so a mistaken path must not get that far.
  if (bytes.find("User Mode Linux") == std::string_view::npos)
    throw BadImage("it is a program, and not User-Mode Linux");
  return ImageKind::uml;
}

}  // namespace

ImageKind kind_of_image(std::string_view bytes) {
  if (const auto header = elf_header(bytes)) return kind_of_elf(bytes, *header);
  if (bytes.size() > kBzimageMagicOffset && bytes.substr(kBzimageMagicOffset, 4) == "HdrS") return ImageKind::bzimage;
  if (bytes.size() > kArm64MagicOffset && bytes.substr(kArm64MagicOffset, 4) == "ARM\x64")
    throw BadImage("it is an arm64 kernel; only x86-64 can be booted");
  throw BadImage("it is no bzImage, vmlinux or User-Mode Linux");
}

ImageKind examine_image(const std::string& path) {
  errno = 0;
  const std::string bytes = host_file(path);
  if (bytes.empty())
    throw BadImage(say(path, " cannot be read", errno != 0 ? say(": ", errno_name(errno)) : "",
                       "; Debian's kernels are in the packages linux-image-cloud-amd64 and user-mode-linux"));
  try {
    return kind_of_image(bytes);
  } catch (const BadImage& bad) {
    throw BadImage(say(path, " cannot be booted: ", bad.what()));
  }
}

bool is_static_program(std::string_view bytes) {
  const auto header = elf_header(bytes);
  if (!header) return false;
  for (const Elf64_Phdr& segment : segments(bytes, *header))
    if (segment.p_type == PT_INTERP) return false;
  return true;
}

}  // namespace nsproof::guest
