// Names, flags and sets of namespace types: all 256 sets.
#include "harness/catalogue/namespaces.h"

#include <gtest/gtest.h>
#include <linux/sched.h>

#include <bit>
#include <set>

#include "harness/catalogue/select.h"

namespace nsproof {
namespace {

TEST(Namespaces, NamesAndFlags) {
  struct Row {
    Ns type;
    const char* name;
    std::uint64_t flag;
  };
  constexpr Row kTable[] = {
      {Ns::mnt, "mnt", CLONE_NEWNS},           {Ns::pid, "pid", CLONE_NEWPID},    {Ns::net, "net", CLONE_NEWNET},
      {Ns::user, "user", CLONE_NEWUSER},       {Ns::ipc, "ipc", CLONE_NEWIPC},    {Ns::uts, "uts", CLONE_NEWUTS},
      {Ns::cgroup, "cgroup", CLONE_NEWCGROUP}, {Ns::time, "time", CLONE_NEWTIME},
  };
  static_assert(std::size(kTable) == kAllNamespaces.size());
  for (const Row& row : kTable) {
    EXPECT_EQ(name_of(row.type), row.name);
    EXPECT_EQ(clone_flag(row.type), row.flag) << row.name;
    EXPECT_EQ(ns_named(row.name), row.type);
  }
  EXPECT_EQ(ns_named("mount"), Ns::mnt);
  EXPECT_EQ(ns_named("network"), Ns::net);
  for (const char* bad : {"", "MNT", "process", "mnt "}) EXPECT_FALSE(ns_named(bad)) << bad;
}

TEST(Namespaces, EverySetHasItsOwnNameAndFlags) {
  std::set<std::string> names;
  std::set<std::uint64_t> flags;
  for (unsigned bits = 0; bits < 256; ++bits) {
    const NsSet types = NsSet::from_bits(static_cast<std::uint8_t>(bits));
    const std::string name = text_of(types);
    names.insert(name);
    flags.insert(clone_flags(types));
    EXPECT_EQ(std::popcount(clone_flags(types)), std::popcount(bits)) << name;
    EXPECT_EQ(combination_named(name), types) << name;
  }
  EXPECT_EQ(names.size(), 256U);
  EXPECT_EQ(flags.size(), 256U);
}

TEST(Namespaces, Words) {
  EXPECT_EQ(text_of(NsSet{}), "none");
  EXPECT_EQ(text_of(NsSet::all()), "all");
  EXPECT_EQ(text_of({Ns::pid, Ns::mnt}), "mnt+pid");
  EXPECT_EQ(combination_named("uts+mnt"), (NsSet{Ns::mnt, Ns::uts}));
  for (const char* bad : {"", "+", "mnt+", "mnt,pid", "clone3", "pidfd", "*"})
    EXPECT_FALSE(combination_named(bad)) << bad;
}

TEST(Namespaces, SetsAreSets) {
  constexpr NsSet kSet = {Ns::mnt, Ns::pid};
  static_assert(kSet.has(Ns::mnt) && !kSet.has(Ns::net));
  static_assert(kSet.has_any({Ns::pid, Ns::net}) && !kSet.has_any(Ns::net) && !kSet.has_any({}));
  static_assert(kSet.has_all(Ns::pid) && kSet.has_all({}) && !kSet.has_all({Ns::pid, Ns::net}));
  static_assert(kSet.with(Ns::net).without(Ns::net) == kSet);
  static_assert(NsSet{}.empty() && NsSet::all().without(NsSet::all()).empty());
  for (const Ns type : kAllNamespaces) EXPECT_TRUE(NsSet::all().has(type)) << name_of(type);
}

}  // namespace
}  // namespace nsproof
