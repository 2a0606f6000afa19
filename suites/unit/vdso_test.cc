// The reader of vDSO images, on the real one and on whatever a hostile process might show instead.
#include "harness/sys/vdso.h"

#include <elf.h>
#include <gtest/gtest.h>
#include <sys/auxv.h>

#include <cstring>
#include <random>
#include <string>

#include "harness/actor/transport.h"

namespace nsproof::sys {
namespace {

#if defined(__x86_64__)
constexpr std::string_view kFunction = "__vdso_clock_gettime";
#else
constexpr std::string_view kFunction = "__kernel_clock_gettime";
#endif

// The image that the kernel gave this very process, up to the end of its section headers; empty if there is none.
std::string own_image() {
  const auto* base = reinterpret_cast<const char*>(::getauxval(AT_SYSINFO_EHDR));
  if (base == nullptr) return {};
  Elf64_Ehdr header;
  std::memcpy(&header, base, sizeof header);
  return {base, header.e_shoff + std::size_t{header.e_shnum} * header.e_shentsize};
}

TEST(Vdso, FindsTheFunctionThatTheKernelGives) {
  const std::string image = own_image();
  if (image.empty()) GTEST_SKIP() << "this kernel gives no vDSO";
  const auto offset = find_function(image, kFunction);
  ASSERT_TRUE(offset.has_value());
  EXPECT_LT(*offset, image.size());
  EXPECT_FALSE(find_function(image, "__vdso_clock_gettim").has_value());
  EXPECT_FALSE(find_function(image, "no_such_function").has_value());
  EXPECT_FALSE(find_function(image, "").has_value());
}

TEST(Vdso, AnImageCutShortHasNoFunctionOrTheSame) {
  const std::string image = own_image();
  const auto whole = find_function(image, kFunction);
  for (std::size_t bytes = 0; bytes < image.size(); ++bytes) {
    // A copy of its own, so that a sanitizer sees the first byte too many.
    const std::string cut = image.substr(0, bytes);
    const auto offset = find_function(cut, kFunction);
    EXPECT_TRUE(!offset || offset == whole) << bytes;
  }
}

TEST(Vdso, NoiseInTheImageNeverLeadsOutOfIt) {
  const std::string image = own_image();
  if (image.empty()) GTEST_SKIP() << "this kernel gives no vDSO";
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same noise in every run
  for (int round = 0; round < 20'000; ++round) {
    std::string noisy = image;
    for (int i = 0; i < 8; ++i) noisy[random() % noisy.size()] = static_cast<char>(random());
    const auto offset = find_function(noisy, kFunction);
    EXPECT_TRUE(!offset || *offset < noisy.size()) << round;
  }
}

TEST(Vdso, OffsetsThatWrapRoundAreNone) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_machine = EM_X86_64;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 0xffff;
  header.e_shoff = ~std::uint64_t{0} - 10;
  const std::string image(reinterpret_cast<const char*>(&header), sizeof header);
  EXPECT_FALSE(find_function(image, kFunction).has_value());
}

TEST(Clocks, TimesThatAreNone) {
  EXPECT_EQ(nanoseconds_of({2, 5}).count(), 2'000'000'005);
  EXPECT_EQ(nanoseconds_of({-2, 5}).count(), -1'999'999'995);
  EXPECT_THROW(nanoseconds_of({0, 1'000'000'000}), Babbled);
  EXPECT_THROW(nanoseconds_of({0, -1}), Babbled);
  EXPECT_THROW(nanoseconds_of({INT64_MAX, 0}), Babbled);
  EXPECT_THROW(nanoseconds_of({INT64_MIN, 0}), Babbled);
}

TEST(Clocks, Words) {
  EXPECT_EQ(clock_name(1), "CLOCK_MONOTONIC");
  EXPECT_EQ(clock_name(11), "CLOCK_TAI");
  EXPECT_EQ(clock_name(-1), "-1");
  EXPECT_EQ(time_text(Nanoseconds{1'000'000'002}), "1.000000002");
  EXPECT_EQ(time_text(Nanoseconds{-500'000'000}), "-0.500000000");
}

}  // namespace
}  // namespace nsproof::sys
