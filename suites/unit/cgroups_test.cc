// Where the harness's cgroup is, and the offsets of time namespaces: both are told by texts of /proc.
#include "harness/sys/cgroups.h"

#include <gtest/gtest.h>

#include "harness/host/cgroup_home.h"
#include "harness/sys/timens.h"

namespace nsproof {
namespace {

constexpr const char* kHybrid =
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "33 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
constexpr const char* kUnified = "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n";
constexpr const char* kPartOnly = "30 23 0:26 /user.slice /mnt/groups rw - cgroup2 cgroup2 rw\n";
constexpr const char* kFromAbove = "30 23 0:26 /../.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";

struct Place {
  const char* mountinfo;
  const char* cgroup;
  std::optional<std::string> directory;
};

TEST(Cgroups, DirectoryOfAProcess) {
  const Place places[] = {
      {kHybrid, "2:cpu:/x\n0::/\n", "/sys/fs/cgroup/unified"},
      {kHybrid, "0::/a/b\n", "/sys/fs/cgroup/unified/a/b"},
      {kUnified, "0::/user.slice/session-1.scope\n", "/sys/fs/cgroup/user.slice/session-1.scope"},
      {kPartOnly, "0::/user.slice\n", "/mnt/groups"},
      {kPartOnly, "0::/user.slice/x\n", "/mnt/groups/x"},
      {kPartOnly, "0::/user.slices/x\n", std::nullopt},
      {kPartOnly, "0::/\n", std::nullopt},
      {kUnified, "0::/../outside\n", std::nullopt},
      {kFromAbove, "0::/a\n", std::nullopt},
      {kUnified, "2:cpu:/x\n", std::nullopt},
      {"", "0::/\n", std::nullopt},
      {kUnified, "", std::nullopt},
  };
  for (const Place& place : places)
    EXPECT_EQ(cgroup_directory(place.mountinfo, place.cgroup), place.directory) << place.cgroup;
}

TEST(Cgroups, PathOfTheVersion2Hierarchy) {
  EXPECT_EQ(sys::cgroup2_path("9:name=systemd:/s\n0::/a b\n"), "/a b");
  EXPECT_EQ(sys::cgroup2_path("0::/../x\n"), "/../x");
  EXPECT_EQ(sys::cgroup2_path("0::\n"), std::nullopt);
  EXPECT_EQ(sys::cgroup2_path("10::/x\n"), std::nullopt);
}

TEST(Timens, Offsets) {
  const auto offsets = sys::parse_timens_offsets("monotonic          -5         1\nboottime            7         0\n");
  ASSERT_TRUE(offsets.has_value());
  EXPECT_EQ(offsets->monotonic.count(), -4'999'999'999);
  EXPECT_EQ(offsets->boottime.count(), 7'000'000'000);
  for (const char* bad : {"", "monotonic 1 0\n", "monotonic 1\nboottime 1 0\n", "monotonic x 0\nboottime 1 0\n"})
    EXPECT_FALSE(sys::parse_timens_offsets(bad).has_value()) << bad;
}

}  // namespace
}  // namespace nsproof
