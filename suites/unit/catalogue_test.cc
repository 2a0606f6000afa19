// The rules that rows obey, tried on rows that break them one at a time, and on the whole catalogue.
#include <gmock/gmock.h>

#include <functional>
#include <set>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Observation nothing(World&) { return {}; }
Observation something(World&) { return {}; }

Property isolation_claim(Id id = "uts.hostname.private") {
  return {.id = id,
          .claim = "A host name set inside is not seen outside.",
          .how = "Sets one and reads the other.",
          .source = "uts_namespaces(7)",
          .since = {2, 6, 19},
          .isolated_by = Ns::uts,
          .check = nothing};
}

Property rule() {
  Property row = isolation_claim("pid.unshare.refused");
  row.isolated_by = std::nullopt;
  row.control = something;
  row.control_differs = "the first one";
  return row;
}

TEST(Catalogue, HasNoDefects) {
  EXPECT_FALSE(catalogue().empty());
  EXPECT_THAT(defects(catalogue()), IsEmpty());
}

TEST(Catalogue, IsSortedAndFindsEveryRow) {
  std::string_view previous;
  for (const Property& row : catalogue()) {
    EXPECT_LT(previous, std::string_view(row.id));
    EXPECT_EQ(find_property(row.id), &row);
    EXPECT_THAT(std::string(row.id.file), testing::EndsWith(".cc"));
    previous = row.id;
  }
  EXPECT_EQ(find_property("no.such.property"), nullptr);
  EXPECT_EQ(find_property(""), nullptr);
}

TEST(Catalogue, GoodRowsHaveNoDefects) { EXPECT_THAT(defects({rule(), isolation_claim()}), IsEmpty()); }

TEST(Catalogue, EveryDefectIsFound) {
  struct Row {
    const char* complaint;
    Property property;
    std::function<void(Property&)> spoil;
  };
  const Row table[] = {
      {"the id is not", isolation_claim(), [](Property& p) { p.id = "uts.hostname"; }},
      {"the id is not", isolation_claim(), [](Property& p) { p.id = "uts.Hostname.private"; }},
      {"the id is not", isolation_claim(), [](Property& p) { p.id = "uts..private"; }},
      {"the id is not", isolation_claim(), [](Property& p) { p.id = "uts.hostname.private.too"; }},
      {"claim, how or source", isolation_claim(), [](Property& p) { p.claim = ""; }},
      {"claim, how or source", isolation_claim(), [](Property& p) { p.how = ""; }},
      {"claim, how or source", isolation_claim(), [](Property& p) { p.source = ""; }},
      {"no first kernel", isolation_claim(), [](Property& p) { p.since = {}; }},
      {"no check", isolation_claim(), [](Property& p) { p.check = nullptr; }},
      {"exactly one of", isolation_claim(), [](Property& p) { p.isolated_by = std::nullopt; }},
      {"exactly one of", rule(), [](Property& p) { p.isolated_by = Ns::pid; }},
      {"not described", rule(), [](Property& p) { p.control_differs = ""; }},
      {"the check itself", rule(), [](Property& p) { p.control = p.check; }},
      {"an exception without", isolation_claim(), [](Property& p) { p.also_isolated_by = Ns::user; }},
      {"would not withhold", isolation_claim(), [](Property& p) { p.sandbox.namespaces = Ns::uts; }},
      {"would not withhold", isolation_claim(),
       [](Property& p) {
         p.also_isolated_by = Ns::user;
         p.exception = "no privilege";
         p.sandbox.namespaces = {Ns::user, Ns::mnt};
       }},
  };
  for (const Row& row : table) {
    Property spoilt = row.property;
    row.spoil(spoilt);
    EXPECT_THAT(defects({spoilt}), ElementsAre(HasSubstr(row.complaint)));
  }
  EXPECT_THAT(defects({isolation_claim(), isolation_claim()}), ElementsAre(HasSubstr("used twice")));
}

TEST(Catalogue, TheControlWithholdsWhatIsolates) {
  Property row = isolation_claim();
  row.sandbox.namespaces = {Ns::mnt, Ns::pid};
  EXPECT_EQ(subject_namespaces(row), (NsSet{Ns::mnt, Ns::pid, Ns::uts}));
  EXPECT_EQ(control_namespaces(row), (NsSet{Ns::mnt, Ns::pid}));
  EXPECT_THAT(control_text(row), HasSubstr("uts"));
  EXPECT_EQ(control_text(rule()), "the first one");
  EXPECT_EQ(area_of(row), "uts");
}

TEST(Catalogue, TruthTableOfAllCombinations) {
  Property row = isolation_claim();
  row.also_isolated_by = Ns::user;
  EXPECT_TRUE(can_sweep(row));
  EXPECT_FALSE(can_sweep(rule()));
  int isolating = 0;
  for (unsigned bits = 0; bits < 256; ++bits) {
    const NsSet combination = NsSet::from_bits(static_cast<std::uint8_t>(bits));
    EXPECT_EQ(must_isolate(row, combination), combination.has(Ns::uts) || combination.has(Ns::user));
    EXPECT_FALSE(must_isolate(rule(), combination));
    isolating += must_isolate(row, combination) ? 1 : 0;
  }
  EXPECT_EQ(isolating, 192);
}

TEST(Catalogue, ClaimsAboutTheFirstProcessNeedAWayThatMakesIt) {
  Property row = isolation_claim();
  for (const Way way : kAllWays) EXPECT_TRUE(shown_by(row, way));
  row.member = Member::init;
  EXPECT_TRUE(shown_by(row, Way::clone3));
  EXPECT_TRUE(shown_by(row, Way::unshare));
  EXPECT_FALSE(shown_by(row, Way::setns));
  EXPECT_FALSE(shown_by(row, Way::pidfd));
}

TEST(Catalogue, NeedsAreSettledFromFacts) {
  Property row = isolation_claim();
  row.needs = {Need::veth, Need::ipv6};
  row.since = {5, 6};
  EXPECT_FALSE(unmet_need(row, {.kernel = {5, 6}, .missing = {}}));
  EXPECT_THAT(unmet_need(row, {.kernel = {5, 5, 99}, .missing = {}}), testing::Optional(HasSubstr("needs Linux 5.6")));
  EXPECT_THAT(unmet_need(row, {.kernel = {6, 1}, .missing = {{Need::ipv6, "switched off"}}}),
              testing::Optional(HasSubstr("ipv6: switched off")));
  EXPECT_FALSE(unmet_need(row, {.kernel = {6, 1}, .missing = {{Need::mqueue, "switched off"}}}));
}

TEST(Catalogue, EveryNeedHasWords) {
  std::set<std::string_view> names;
  for (const Need need : kAllNeeds) {
    names.insert(name_of(need));
    EXPECT_FALSE(description_of(need).empty()) << name_of(need);
  }
  EXPECT_EQ(names.size(), std::size(kAllNeeds));
}

TEST(Catalogue, KernelVersions) {
  struct Row {
    const char* release;
    KernelVersion version;
  };
  for (const Row& row : {Row{"6.18.44-amd64", {6, 18, 44}}, Row{"6.18", {6, 18, 0}}, Row{"5.10.0-rc1+", {5, 10, 0}},
                         Row{"7-rc1", {7, 0, 0}}, Row{"4.19.0.1", {4, 19, 0}}, Row{"", {}}, Row{"next", {}}})
    EXPECT_EQ(kernel_version(row.release), row.version) << row.release;
  EXPECT_EQ(text_of(KernelVersion{6, 18, 0}), "6.18");
  EXPECT_EQ(text_of(KernelVersion{2, 6, 24}), "2.6.24");
  EXPECT_LT((KernelVersion{6, 9, 99}), (KernelVersion{6, 10, 0}));
}

}  // namespace
}  // namespace nsproof
