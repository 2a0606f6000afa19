#include "harness/sys/vdso.h"

#include <elf.h>
#include <sys/syscall.h>

#include <cstring>
#include <string>
#include <vector>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof::sys {
namespace {

#if defined(__x86_64__)
constexpr std::string_view kClockGettime = "__vdso_clock_gettime";
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::string_view kClockGettime = "__kernel_clock_gettime";
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
#error "no vDSO symbol for this machine: see vdso(7)"
#endif

// More than any vDSO has, and less than a pipe holds.
constexpr std::size_t kImageBytes = 32 * 1024;

template <class T>
std::optional<T> at(std::string_view image, std::uint64_t offset) {
  if (offset > image.size() || image.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, image.data() + offset, sizeof value);
  return value;
}

// Whether a NUL-terminated string of exactly these characters stands at the offset.
bool string_at(std::string_view image, std::uint64_t offset, std::string_view text) {
  if (offset > image.size() || image.size() - offset <= text.size()) return false;
  return image.substr(offset, text.size()) == text && image[offset + text.size()] == '\0';
}

std::string read_image(Actor& actor) {
  const std::uint64_t base = actor.hello().vdso;
  if (base == 0) throw Broken(say(actor.name(), " has no vDSO"));
  const Pair pipe = must(sys::pipe(actor));
  std::vector<Step> steps;
  // A write(2) that runs into unmapped memory writes what comes before it.
  steps.push_back(step(SYS_write, "write", {num(pipe.second), address(base, "vdso"), num(kImageBytes)}));
  steps.push_back(step(SYS_close, "close", {num(pipe.second)}));
  Step read = step(SYS_read, "read", {num(pipe.first), out(kImageBytes), num(kImageBytes)});
  read.send = wire::Send::as_returned;
  steps.push_back(std::move(read));
  steps.push_back(step(SYS_close, "close", {num(pipe.first)}));
  const std::vector<Reply> replies = actor.batch(std::move(steps));
  for (const Reply& reply : replies) must(reply);
  return std::string(out_bytes(replies.at(2), 0, 0));
}

}  // namespace

// Walks the section headers to the dynamic symbols (elf(5)). The vDSO is linked at address zero, so that a symbol's
// value is its offset.
std::optional<std::uint64_t> find_function(std::string_view image, std::string_view name) {
  const auto header = at<Elf64_Ehdr>(image, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64 ||
      header->e_machine != kMachine || header->e_shentsize != sizeof(Elf64_Shdr))
    return std::nullopt;
  for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto table = at<Elf64_Shdr>(image, header->e_shoff + i * sizeof(Elf64_Shdr));
    if (!table) return std::nullopt;
    if (table->sh_type != SHT_DYNSYM || table->sh_link >= header->e_shnum) continue;
    const auto strings = at<Elf64_Shdr>(image, header->e_shoff + table->sh_link * sizeof(Elf64_Shdr));
    if (!strings) return std::nullopt;
    for (std::uint64_t offset = 0; offset + sizeof(Elf64_Sym) <= table->sh_size; offset += sizeof(Elf64_Sym)) {
      const auto symbol = at<Elf64_Sym>(image, table->sh_offset + offset);
      if (!symbol) return std::nullopt;
      if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF) continue;
      if (string_at(image, strings->sh_offset + symbol->st_name, name) && symbol->st_value < image.size())
        return symbol->st_value;
    }
  }
  return std::nullopt;
}

Got<Nanoseconds> vdso_clock_gettime(Actor& actor, int clock) {
  const std::optional<std::uint64_t> offset = find_function(read_image(actor), kClockGettime);
  if (!offset) throw Broken(say("the vDSO of ", actor.name(), " has no ", kClockGettime));
  Step call = step(static_cast<long>(actor.hello().vdso + *offset), kClockGettime,
                   {named(static_cast<std::uint64_t>(clock), clock_name(clock)), out(sizeof(timespec))});
  call.kind = wire::Kind::function;
  Got<Nanoseconds> got{actor.call(std::move(call))};
  // The function returns an int; the upper half of the register is nobody's.
  got.reply.value = static_cast<int>(got.reply.value);
  if (got.ok()) {
    got.value = nanoseconds_of(out_as<timespec>(got.reply));
    actor.shows(time_text(got.value));
  }
  return got;
}

}  // namespace nsproof::sys
