// What a kernel has by its version and by its build: names of kernels, backports, and types that cannot be made.
#include <gmock/gmock.h>

#include "harness/catalogue/property.h"

namespace nsproof {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Observation nothing(World&) { return {}; }

Property backported() {
  return {.id = "time.clone3.makes",
          .claim = "clone3(2) makes one.",
          .how = "Makes one.",
          .source = "clone(2)",
          .since = {6, 3},
          .backports = {{6, 1, 20}},
          .isolated_by = Ns::time,
          .check = nothing};
}

TEST(Kernels, ADistributionNamesTheUpdateElsewhere) {
  struct Row {
    const char* release;
    const char* names;
    KernelVersion version;
  };
  const Row table[] = {
      {"6.1.0-56-cloud-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)", {6, 1, 192}},
      {"5.15.0-91-generic", "#101-Ubuntu SMP Ubuntu 5.15.0-91.101-generic 5.15.131", {5, 15, 131}},
      {"6.18.44", "#1 SMP PREEMPT_DYNAMIC Sat Jul 4 15:38:16 UTC 2026", {6, 18, 44}},
      {"6.18.44", "#1 SMP Debian 6.18.40-1", {6, 18, 44}},
      {"6.1.0-56", "#1 SMP Debian 5.10.200-1 6.2.9", {6, 1, 0}},
      {"6.1.0", "", {6, 1, 0}},
  };
  for (const Row& row : table) EXPECT_EQ(kernel_version(row.release, row.names), row.version) << row.names;
}

TEST(Kernels, AreNamedByNumbers) {
  EXPECT_EQ(kernel_named("6.1"), (KernelVersion{6, 1, 0}));
  EXPECT_EQ(kernel_named("6.1.20"), (KernelVersion{6, 1, 20}));
  EXPECT_EQ(kernel_named("6.18.44-amd64"), (KernelVersion{6, 18, 44}));
  EXPECT_EQ(kernel_named("6.19.0+"), (KernelVersion{6, 19, 0}));
  for (const char* text : {"", "6", "v6.1", "6.x", "6.1.2.3", "6..1", "6.1.", "-6.1", "6.12345678", "latest"})
    EXPECT_EQ(kernel_named(text), std::nullopt) << text;
}

TEST(Kernels, ABackportCountsForItsSeriesOnly) {
  const Property row = backported();
  for (const KernelVersion with : {KernelVersion{6, 3}, {6, 3, 1}, {7, 0}, {6, 1, 20}, {6, 1, 192}})
    EXPECT_TRUE(exists_on(row, with)) << text_of(with);
  for (const KernelVersion without : {KernelVersion{6, 2, 99}, {6, 1, 19}, {6, 1}, {5, 15, 200}, {6, 0, 30}})
    EXPECT_FALSE(exists_on(row, without)) << text_of(without);
  EXPECT_EQ(since_text(row), "6.3 or 6.1.20");
  Facts facts;
  facts.kernel = {6, 1, 5};
  EXPECT_EQ(unmet_need(row, facts), "needs Linux 6.3 or 6.1.20, this is 6.1.5");
}

TEST(Kernels, ABackportIsOlderThanTheFirstKernel) {
  Property row = backported();
  EXPECT_THAT(defects({row}), IsEmpty());
  row.backports = {{6, 4, 2}};
  EXPECT_THAT(defects({row}), Contains(HasSubstr("a backport that is no older")));
}

TEST(Kernels, NeededTypesAreThoseOfSandboxAreaAndCheck) {
  Property row = backported();
  row.id = "net.link.hidden";
  row.isolated_by = Ns::uts;
  row.sandbox.namespaces = Ns::mnt;
  row.makes = Ns::user;
  EXPECT_EQ(needed_namespaces(row), (NsSet{Ns::net, Ns::uts, Ns::mnt, Ns::user}));
  row.id = "cap.own.kept";  // no type of that name
  EXPECT_EQ(needed_namespaces(row), (NsSet{Ns::uts, Ns::mnt, Ns::user}));
}

TEST(Kernels, ATypeThatCannotBeMadeIsNamedWithItsReason) {
  Facts facts;
  facts.kernel = {6, 3};
  EXPECT_EQ(unmet_need(backported(), facts), std::nullopt);
  facts.namespaces = NsSet::all().without(Ns::time);
  EXPECT_EQ(unmet_need(backported(), facts), "this kernel has no time namespaces");
  facts.no_namespaces[Ns::time] = "this kernel has no time namespaces (CONFIG_TIME_NS)";
  EXPECT_EQ(unmet_need(backported(), facts), "this kernel has no time namespaces (CONFIG_TIME_NS)");
  EXPECT_EQ(missing_types(Ns::uts, facts), std::nullopt);
  // A check that makes one by itself needs it no less.
  Property other = backported();
  other.id = "limit.each.enforced";
  other.isolated_by = Ns::user;
  EXPECT_EQ(unmet_need(other, facts), std::nullopt);
  other.makes = Ns::time;
  EXPECT_NE(unmet_need(other, facts), std::nullopt);
}

}  // namespace
}  // namespace nsproof
