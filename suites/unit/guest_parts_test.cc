// What a guest is made of: kernel images, modules, the archive, the plan, command lines and the kernel's log.
#include <elf.h>
#include <gmock/gmock.h>

#include <cstring>

#include "harness/catalogue/property.h"
#include "harness/guest/cpio.h"
#include "harness/guest/image.h"
#include "harness/guest/kernel_log.h"
#include "harness/guest/machine.h"
#include "harness/guest/modules.h"
#include "harness/guest/plan.h"
#include "harness/guest/run.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

// An ELF file of one segment.
std::string elf(std::uint16_t machine, std::uint32_t type, std::uint64_t address, const std::string& contents) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_machine = machine;
  header.e_phoff = sizeof header;
  header.e_phnum = 2;
  Elf64_Phdr load{};
  load.p_type = PT_LOAD;
  load.p_vaddr = address;
  Elf64_Phdr other{};
  other.p_type = type;
  other.p_offset = sizeof header + 2 * sizeof other;
  other.p_filesz = contents.size();
  return raw(header) + raw(load) + raw(other) + contents;
}

constexpr std::uint64_t kKernelAddress = 0xffffffff81000000;

std::string pvh_note() {
  Elf64_Nhdr note{4, 8, 18};
  return raw(note) + std::string("Xen\0", 4) + std::string(8, '\0');
}

TEST(GuestImage, IsKnownByItsContents) {
  std::string bzimage(0x300, '\0');
  bzimage.replace(0x202, 4, "HdrS");
  EXPECT_EQ(kind_of_image(bzimage), ImageKind::bzimage);
  EXPECT_EQ(kind_of_image(elf(EM_X86_64, PT_NOTE, kKernelAddress, pvh_note())), ImageKind::vmlinux);
  EXPECT_EQ(kind_of_image(elf(EM_X86_64, PT_INTERP, 0x60000000, "User Mode Linux")), ImageKind::uml);
}

TEST(GuestImage, SaysWhatElseItIs) {
  const auto why = [](const std::string& bytes) -> std::string {
    try {
      kind_of_image(bytes);
    } catch (const BadImage& bad) {
      return bad.what();
    }
    return "";
  };
  EXPECT_THAT(why(""), HasSubstr("no bzImage"));
  EXPECT_THAT(why(elf(EM_X86_64, PT_INTERP, 0x400000, "ls")), HasSubstr("a program"));
  EXPECT_THAT(why(elf(EM_AARCH64, PT_NOTE, kKernelAddress, "")), HasSubstr("another machine"));
  EXPECT_THAT(why(elf(EM_X86_64, PT_NOTE, kKernelAddress, "")), HasSubstr("CONFIG_PVH"));
  const std::string whole = elf(EM_X86_64, PT_NOTE, kKernelAddress, pvh_note());
  for (std::size_t length = 0; length < whole.size() - 8; ++length)
    EXPECT_NE(why(whole.substr(0, length)), "") << length << " bytes";
}

TEST(GuestImage, KnowsAStaticProgram) {
  EXPECT_TRUE(is_static_program(elf(EM_X86_64, PT_NOTE, 0, "")));
  EXPECT_FALSE(is_static_program(elf(EM_X86_64, PT_INTERP, 0, "/lib64/ld.so")));
  EXPECT_FALSE(is_static_program("#!/bin/sh"));
}

TEST(GuestModules, AreLoadedAfterWhatTheyDependOn) {
  constexpr std::string_view kDependencies =
      "kernel/drivers/net/veth.ko:\n"
      "kernel/net/netfilter/nfnetlink.ko:\n"
      "kernel/lib/libcrc32c.ko:\n"
      "kernel/net/netfilter/nf-tables.ko: kernel/net/netfilter/nfnetlink.ko kernel/lib/libcrc32c.ko\n"
      "kernel/fs/other.ko.xz: kernel/lib/libcrc32c.ko\n";
  constexpr std::string_view kWanted[] = {"veth", "absent", "nf_tables", "nfnetlink", "other"};
  EXPECT_THAT(load_order(kDependencies, kWanted),
              ElementsAre("kernel/drivers/net/veth.ko", "kernel/lib/libcrc32c.ko", "kernel/net/netfilter/nfnetlink.ko",
                          "kernel/net/netfilter/nf-tables.ko", "kernel/fs/other.ko.xz"));
  EXPECT_THROW(read_modules("/proc/self"), std::runtime_error);
}

TEST(GuestCpio, IsWhatTheKernelUnpacks) {
  Cpio archive;
  archive.directory("dev");
  archive.file("init", 0755, "hello");
  const std::string bytes = archive.finish();
  EXPECT_EQ(bytes.size() % 4, 0U);
  EXPECT_THAT(bytes, testing::StartsWith("07070100000001000041ed"));
  const std::size_t file = bytes.find("070701", 6);
  EXPECT_EQ(bytes.substr(file + 14, 8), "000081ed") << "mode";
  EXPECT_EQ(bytes.substr(file + 54, 8), "00000005") << "size";
  EXPECT_EQ(bytes.substr(file + 110, 13), std::string("init\0\0hello\0\0", 13)) << "both padded to four bytes";
  EXPECT_THAT(bytes, HasSubstr("TRAILER!!!"));
}

TEST(GuestPlan, ComesBack) {
  const Property* const property = &catalogue().front();
  Plan plan;
  plan.tasks = {
      {property, Way::setns}, {property, Way::clone3, NsSet{Ns::pid, Ns::mnt}}, {property, Way::clone3, NsSet{}}};
  plan.options.check_deadline = Milliseconds{1234};
  plan.options.evidence = Evidence::of_deviations;
  const Plan read = plan_of(text_of(plan));
  ASSERT_EQ(read.tasks.size(), 3U);
  EXPECT_EQ(read.tasks[0].property, property);
  EXPECT_EQ(read.tasks[0].way, Way::setns);
  EXPECT_EQ(read.tasks[1].combination, plan.tasks[1].combination);
  EXPECT_EQ(read.tasks[2].combination, NsSet{});
  EXPECT_EQ(read.options.check_deadline, Milliseconds{1234});
  EXPECT_EQ(read.options.evidence, Evidence::of_deviations);
  for (const char* text : {"task no.such.property clone3", "task", "nonsense 1", "call-deadline soon", "evidence some"})
    EXPECT_THROW(plan_of(text), std::runtime_error) << text;
}

TEST(GuestMachine, FallsBackOneStepAtATime) {
  const Machine kvm = first_machine(ImageKind::bzimage, true);
  EXPECT_EQ(kvm, (Machine{Board::microvm, Accelerator::kvm}));
  EXPECT_EQ(next_machine(kvm, true), (Machine{Board::q35, Accelerator::tcg}));
  EXPECT_EQ(next_machine(kvm, false), (Machine{Board::q35, Accelerator::kvm}));
  EXPECT_EQ(next_machine({Board::q35, Accelerator::kvm}, false), std::nullopt);
  const Machine tcg = first_machine(ImageKind::vmlinux, false);
  EXPECT_EQ(tcg, (Machine{Board::q35, Accelerator::tcg}));
  EXPECT_EQ(next_machine(tcg, true), (Machine{Board::microvm, Accelerator::tcg}));
  EXPECT_EQ(next_machine({Board::microvm, Accelerator::tcg}, true), std::nullopt);
  EXPECT_EQ(next_machine(first_machine(ImageKind::uml, true), true), std::nullopt);
}

TEST(GuestMachine, HasNoNetworkAndTheWordsOfTheUserLast) {
  const GuestOptions options{.image = "bzImage", .kind = ImageKind::bzimage, .append = "lsm= x=1"};
  const std::vector<std::string> qemu = command_of(options, {Board::q35, Accelerator::tcg}, {5, 6});
  EXPECT_THAT(join(qemu, " "),
              AllOf(HasSubstr("-nic none"), HasSubstr("-initrd /proc/self/fd/5"), HasSubstr("path=/proc/self/fd/6")));
  EXPECT_THAT(qemu.back(), testing::EndsWith(" lsm= x=1"));
  EXPECT_THAT(qemu.back(), HasSubstr("nsproof_guest=ttyS1"));
  const std::vector<std::string> uml = command_of({.image = "linux.uml", .kind = ImageKind::uml, .append = "a b"},
                                                  {Board::uml, Accelerator::none}, {5, 6});
  EXPECT_EQ(uml.front(), "./linux.uml") << "a file, not a program of PATH";
  EXPECT_THAT(uml, AllOf(Contains("ssl0=null,fd:6"), Contains("a"), Contains("b")));
}

TEST(GuestRun, BootsNoMoreGuestsThanAreWorthIt) {
  EXPECT_EQ(guests_for(1, 8), 1);
  EXPECT_EQ(guests_for(500, 2), 2);
  EXPECT_EQ(guests_for(100, 8), 3);
}

TEST(GuestKernelLog, KnowsComplaints) {
  EXPECT_TRUE(is_complaint("WARNING: CPU: 0 PID: 1 at kernel/fork.c:100"));
  EXPECT_TRUE(is_complaint("BUG: kernel NULL pointer dereference"));
  EXPECT_TRUE(is_complaint("Kernel panic - not syncing"));
  EXPECT_FALSE(is_complaint("Memory cgroup out of memory: Killed process 12"));
  EXPECT_FALSE(is_complaint("reboot: Power down"));
  EXPECT_EQ(complaint_in({"a", "BUG: b", "c", "d"}, 2), "BUG: b\nc");
  EXPECT_EQ(complaint_in({"a"}, 2), "");
}

TEST(GuestKernelLog, TakesOnlyTheKernelsOwnWords) {
  EXPECT_EQ(kernel_line("4,339,5140900,-;WARNING: x\n SUBSYSTEM=acpi\n"), "WARNING: x");
  EXPECT_EQ(kernel_line("12,340,5140900,-;WARNING: written by a process\n"), "");
  EXPECT_EQ(kernel_line("nonsense"), "");
}

TEST(GuestKernelLog, SaysTaintInWords) {
  EXPECT_EQ(taint_text(0), "");
  EXPECT_EQ(taint_text(1U << 9 | 1U << 7), "oopsed, warned");
  EXPECT_THAT(taint_text(std::uint64_t{1} << 40), HasSubstr("unknown"));
}

}  // namespace
}  // namespace nsproof::guest
