// What filters, ways, sweeps and shards make of a handful of rows.
#include "harness/catalogue/select.h"

#include <gmock/gmock.h>

#include <set>

#include "harness/support/text.h"

namespace nsproof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Observation nothing(World&) { return {}; }
Observation something(World&) { return {}; }

Property claim(Id id, Ns isolated_by, NsSet besides = {}) {
  Property row{.id = id, .claim = "It holds.", .how = "By looking.", .source = "namespaces(7)", .since = {3, 8}};
  row.isolated_by = isolated_by;
  row.sandbox.namespaces = besides;
  row.check = nothing;
  return row;
}

Property rule_about_init(Id id) {
  Property row{.id = id, .claim = "It holds.", .how = "By looking.", .source = "namespaces(7)", .since = {3, 8}};
  row.member = Member::init;
  row.check = nothing;
  row.control = something;
  row.control_differs = "a child of it";
  return row;
}

const std::vector<Property>& rows() {
  static const std::vector<Property> all = {
      claim("ipc.shm.private", Ns::ipc, Ns::user), claim("net.hostname.hidden", Ns::uts),
      rule_about_init("pid.init.is-one"),          claim("uts.hostname.private", Ns::uts),
      claim("uts.hostname.shared", Ns::uts),
  };
  return all;
}

std::vector<std::string> names(const Selection& selection) {
  std::vector<std::string> found;
  for (const Task& task : selection.tasks) found.push_back(say(task.property->id, "@", variant_of(task)));
  return found;
}

std::vector<std::string> chosen(Selector selector) { return names(select_tasks(rows(), selector)); }

TEST(Select, Filters) {
  struct Row {
    std::vector<std::string> filters;
    std::vector<std::string> excluded;
    std::vector<std::string> expected;
  };
  const Row table[] = {
      {{},
       {},
       {"ipc.shm.private@clone3", "net.hostname.hidden@clone3", "pid.init.is-one@clone3", "uts.hostname.private@clone3",
        "uts.hostname.shared@clone3"}},
      {{"uts.hostname.private"}, {}, {"uts.hostname.private@clone3"}},
      {{"uts.*"}, {}, {"uts.hostname.private@clone3", "uts.hostname.shared@clone3"}},
      {{"uts"}, {}, {"uts.hostname.private@clone3", "uts.hostname.shared@clone3"}},
      {{"uts.hostname"}, {"*.shared"}, {"uts.hostname.private@clone3"}},
      {{"uts.host"}, {}, {}},
      {{"*.private"}, {}, {"ipc.shm.private@clone3", "uts.hostname.private@clone3"}},
      {{"ipc.???.private"}, {}, {"ipc.shm.private@clone3"}},
      {{"uts.hostname.private@setns"}, {}, {"uts.hostname.private@setns"}},
      {{"uts.hostname.private@*s*"}, {}, {"uts.hostname.private@unshare", "uts.hostname.private@setns"}},
      {{"pid.init.is-one@setns"}, {}, {}},
      {{"uts.hostname.private", "uts.hostname.private"}, {}, {"uts.hostname.private@clone3"}},
      {{"uts"}, {"uts"}, {}},
      {{"uts.hostname.private@pid+mnt"}, {}, {"uts.hostname.private@mnt+pid"}},
      {{"uts.hostname.private@none"}, {}, {"uts.hostname.private@none"}},
      {{"ipc.shm.private@mnt"}, {}, {"ipc.shm.private@mnt+user"}},
  };
  for (const Row& row : table)
    EXPECT_EQ(chosen({.filters = row.filters, .excluded = row.excluded}), row.expected) << join(row.filters, " ");
}

TEST(Select, NamespacesAreAreasOrWhatIsolates) {
  EXPECT_THAT(chosen({.namespaces = Ns::uts}),
              ElementsAre("net.hostname.hidden@clone3", "uts.hostname.private@clone3", "uts.hostname.shared@clone3"));
  EXPECT_THAT(chosen({.namespaces = {Ns::pid, Ns::ipc}}),
              ElementsAre("ipc.shm.private@clone3", "pid.init.is-one@clone3"));
  EXPECT_THAT(chosen({.namespaces = Ns::time}), IsEmpty());
}

TEST(Select, WaysThatCanShowAProperty) {
  EXPECT_THAT(chosen({.filters = {"pid"}, .ways = *ways_named("all")}),
              ElementsAre("pid.init.is-one@clone3", "pid.init.is-one@unshare"));
  EXPECT_THAT(chosen({.filters = {"uts.hostname.private"}, .ways = {Way::setns}}),
              ElementsAre("uts.hostname.private@setns"));
  EXPECT_THAT(chosen({.filters = {"uts.hostname.private@pidfd"}, .ways = {Way::setns}}), IsEmpty());
}

TEST(Select, SweepRunsEveryDistinctCombinationOnce) {
  const Selection whole = select_tasks(rows(), {.filters = {"uts.hostname.private"}, .mode = Mode::sweep});
  EXPECT_EQ(whole.tasks.size(), 256U);

  const Selection with_user = select_tasks(rows(), {.filters = {"ipc"}, .mode = Mode::sweep});
  std::set<std::uint8_t> seen;
  for (const Task& task : with_user.tasks) {
    EXPECT_TRUE(task.combination->has(Ns::user));
    seen.insert(task.combination->bits());
  }
  EXPECT_EQ(with_user.tasks.size(), 128U);
  EXPECT_EQ(seen.size(), 128U);

  EXPECT_THAT(chosen({.filters = {"pid"}, .mode = Mode::sweep}), IsEmpty()) << "a rule has no truth table";
  EXPECT_THAT(chosen({.filters = {"uts.hostname.private@mnt+pid"}, .mode = Mode::sweep}),
              ElementsAre("uts.hostname.private@mnt+pid"));
}

TEST(Select, ShardsShareTheWorkWithoutLoss) {
  for (const int count : {1, 2, 3, 7}) {
    std::multiset<std::string> all;
    for (int index = 1; index <= count; ++index)
      for (const std::string& name : chosen({.shard = {index, count}})) all.insert(name);
    const std::vector<std::string> whole = chosen({});
    EXPECT_EQ(all, std::multiset<std::string>(whole.begin(), whole.end())) << count;
  }
}

TEST(Select, SlipsOfTheKeyboardAreToldFromIdleGlobs) {
  const Selection selection =
      select_tasks(rows(), {.filters = {"uts.hostname.privat", "zz.*", "hostname"}, .excluded = {"ips", "uts.*"}});
  ASSERT_EQ(selection.unknown.size(), 3U);
  EXPECT_EQ(selection.unknown[0].pattern, "uts.hostname.privat");
  EXPECT_EQ(selection.unknown[0].nearest.front(), "uts.hostname.private");
  EXPECT_THAT(selection.unknown[1].nearest, testing::Contains("uts.hostname.private"));
  EXPECT_THAT(selection.unknown[2].nearest, testing::Contains("ipc"));
  ASSERT_EQ(selection.idle.size(), 1U);
  EXPECT_EQ(selection.idle[0].pattern, "zz.*");
}

TEST(Select, EmptyPatternMatchesNothing) {
  EXPECT_FALSE(matches_id(pattern_of(""), "uts.hostname.private"));
  EXPECT_FALSE(matches_id(pattern_of("@clone3"), "uts.hostname.private"));
}

TEST(Select, Shards) {
  for (const char* good : {"1/1", "2/4", "4/4"}) EXPECT_TRUE(shard_named(good)) << good;
  for (const char* bad : {"", "1", "/", "0/4", "5/4", "-1/4", "1/0", "1/4x", "x/4", "1//4", "99999999999/99999999999"})
    EXPECT_FALSE(shard_named(bad)) << bad;
  EXPECT_EQ(shard_named("2/4")->index, 2);
  EXPECT_EQ(shard_named("2/4")->count, 4);
}

TEST(Select, Lists) {
  EXPECT_EQ(namespaces_named("pid, user"), (NsSet{Ns::pid, Ns::user}));
  EXPECT_EQ(namespaces_named("mount,network"), (NsSet{Ns::mnt, Ns::net}));
  for (const char* bad : {"", "pid,", "process", "pid;user"}) EXPECT_FALSE(namespaces_named(bad)) << bad;
  EXPECT_EQ(ways_named("all")->size(), std::size(kAllWays));
  EXPECT_EQ(*ways_named("setns,clone3,setns"), (std::vector<Way>{Way::setns, Way::clone3}));
  for (const char* bad : {"", "fork", "clone3,"}) EXPECT_FALSE(ways_named(bad)) << bad;
}

TEST(Select, EditDistance) {
  struct Row {
    const char* one;
    const char* other;
    std::size_t distance;
  };
  for (const Row& row : {Row{"", "", 0}, Row{"", "abc", 3}, Row{"abc", "", 3}, Row{"abc", "abc", 0},
                         Row{"abc", "axc", 1}, Row{"kitten", "sitting", 3}, Row{"jobs", "jbos", 2}}) {
    EXPECT_EQ(edit_distance(row.one, row.other), row.distance) << row.one << ' ' << row.other;
    EXPECT_EQ(edit_distance(row.other, row.one), row.distance) << row.one << ' ' << row.other;
  }
}

TEST(Select, NearestFirstAndAtMostThree) {
  EXPECT_THAT(nearest_to("--jbos", {"--repeat", "--jobs", "--shard"}), ElementsAre("--jobs"));
  EXPECT_THAT(nearest_to("aaaa", {"aaab", "aaaa", "aabb", "aaba", "zzzz"}), ElementsAre("aaaa", "aaab", "aaba"));
  EXPECT_THAT(nearest_to("xyz", {"uts.hostname.private"}), IsEmpty());
}

}  // namespace
}  // namespace nsproof
