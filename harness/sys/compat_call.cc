#include "harness/sys/compat_call.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "harness/support/text.h"
#include "harness/sys/resources.h"

namespace nsproof::sys {
namespace {

#if defined(__x86_64__)
// A function (number, first, second, third) of the C calling convention: the arguments go to eax, ebx, ecx and edx.
constexpr std::string_view kGate(
    "\x53"      // push %rbx
    "\x89\xf8"  // mov %edi, %eax
    "\x89\xf3"  // mov %esi, %ebx
    "\x87\xd1"  // xchg %edx, %ecx
    "\xcd\x80"  // int $0x80
    "\x48\x98"  // cltq
    "\x5b"      // pop %rbx
    "\xc3",     // ret
    13);
#else
constexpr std::string_view kGate;
#endif

}  // namespace

bool has_compat_gate() { return !kGate.empty(); }

CompatGate CompatGate::make(Actor& actor) {
  if (!has_compat_gate()) throw Broken("this machine has no 32-bit calls for 64-bit processes");
  constexpr std::int64_t kPage = 4096;
  const auto mapped = static_cast<std::uint64_t>(
      must(actor.call(SYS_mmap, "mmap",
                      {null(), num(kPage), named(PROT_READ | PROT_WRITE | PROT_EXEC, "PROT_READ|PROT_WRITE|PROT_EXEC"),
                       named(MAP_PRIVATE | MAP_ANONYMOUS, "MAP_PRIVATE|MAP_ANONYMOUS"), num(-1), num(0)})));
  must(poke(actor, mapped, kGate));
  return CompatGate(mapped);
}

Step CompatGate::step_of(long number, std::string_view name, std::uint32_t first, std::uint32_t second,
                         std::uint32_t third) const {
  Step made =
      step(static_cast<long>(address_), say("int80:", name), {num(number), hex(first), hex(second), hex(third)});
  made.kind = wire::Kind::function;
  return made;
}

Reply CompatGate::call(Actor& actor, long number, std::string_view name, std::uint32_t first, std::uint32_t second,
                       std::uint32_t third) const {
  return actor.call(step_of(number, name, first, second, third));
}

}  // namespace nsproof::sys
