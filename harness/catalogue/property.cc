#include "harness/catalogue/property.h"

#include <algorithm>
#include <functional>

#include "harness/support/text.h"

namespace nsproof {
namespace {

std::vector<Property>& mutable_catalogue() {
  static std::vector<Property> rows;
  return rows;
}

std::vector<Property>& mutable_runtime_catalogue() {
  static std::vector<Property> rows;
  return rows;
}

std::vector<Property> sorted_by_id(std::vector<Property> rows) {
  std::sort(rows.begin(), rows.end(),
            [](const Property& a, const Property& b) { return std::string_view(a.id) < std::string_view(b.id); });
  return rows;
}

const Property* find_in(const std::vector<Property>& rows, std::string_view id) {
  const auto found = std::lower_bound(rows.begin(), rows.end(), id, [](const Property& row, std::string_view wanted) {
    return std::string_view(row.id) < wanted;
  });
  return found != rows.end() && std::string_view(found->id) == id ? &*found : nullptr;
}

// area.subject.claim in lower case, digits and dashes.
bool well_formed(std::string_view id) {
  const auto part = [](const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
  };
  const std::vector<std::string> parts = split(id, '.');
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), part);
}

using Complain = std::function<void(std::string_view)>;

void judge_kernel_row(const Property& row, const Complain& complain) {
  if (row.isolated_by.has_value() == (row.control != nullptr))
    complain("exactly one of isolated_by and control makes the control");
  if (!row.also_isolated_by.empty() && row.exception.empty()) complain("an exception without a reason");
  if (row.isolated_by && row.sandbox.namespaces.has_any(row.also_isolated_by.with(*row.isolated_by)))
    complain("the control would not withhold what isolates");
  if (row.reach != Reach::own_sandbox && !row.isolated_by) complain("only isolation claims can be put to a runtime");
  if (row.asked != nullptr) complain("a claim about the kernel is not asked of it");
}

void judge_runtime_row(const Property& row, const Complain& complain) {
  if (row.isolated_by) complain("a claim about a runtime is isolated by the runtime");
  if (row.reach == Reach::own_sandbox) complain("a claim about a runtime that reaches no runtime");
}

std::vector<std::string> defects_of(const std::vector<Property>& rows,
                                    void (*judge)(const Property&, const Complain&)) {
  std::vector<std::string> found;
  std::string_view previous;
  for (const Property& row : rows) {
    const std::string_view id = row.id;
    const Complain complain = [&](std::string_view what) { found.push_back(say(id, ": ", what)); };
    if (!well_formed(id)) complain("the id is not area.subject.claim in [a-z0-9-]");
    if (!id.empty() && id == previous) complain("the id is used twice");
    if (row.claim.empty() || row.how.empty() || row.source.empty()) complain("claim, how or source is missing");
    if (row.since == KernelVersion{}) complain("no first kernel version");
    for (const KernelVersion first : row.backports)
      if (first >= row.since) complain("a backport that is no older than the first kernel");
    if (row.check == nullptr) complain("no check");
    if (row.control != nullptr && row.control_differs.empty()) complain("the control is not described");
    if (row.control != nullptr && row.control == row.check) complain("the control is the check itself");
    judge(row, complain);
    previous = id;
  }
  return found;
}

}  // namespace

Rows::Rows(std::initializer_list<Property> rows) {
  auto& all = mutable_catalogue();
  all.insert(all.end(), rows.begin(), rows.end());
}

RuntimeRows::RuntimeRows(std::initializer_list<Property> rows) {
  auto& all = mutable_runtime_catalogue();
  all.insert(all.end(), rows.begin(), rows.end());
}

const std::vector<Property>& catalogue() {
  static const std::vector<Property> sorted = sorted_by_id(mutable_catalogue());
  return sorted;
}

const std::vector<Property>& runtime_catalogue() {
  static const std::vector<Property> sorted = sorted_by_id(mutable_runtime_catalogue());
  return sorted;
}

const Property* find_property(std::string_view id) {
  const Property* of_kernel = find_in(catalogue(), id);
  return of_kernel != nullptr ? of_kernel : find_in(runtime_catalogue(), id);
}

std::string_view area_of(const Property& property) {
  const std::string_view id = property.id;
  return id.substr(0, id.find('.'));
}

std::vector<std::string> defects(const std::vector<Property>& rows) { return defects_of(rows, judge_kernel_row); }

std::vector<std::string> runtime_defects(const std::vector<Property>& rows) {
  return defects_of(rows, judge_runtime_row);
}

NsSet subject_namespaces(const Property& property) {
  NsSet types = property.sandbox.namespaces;
  if (property.isolated_by) types = types.with(*property.isolated_by);
  return types;
}

NsSet control_namespaces(const Property& property) { return property.sandbox.namespaces; }

bool can_sweep(const Property& property) { return property.isolated_by.has_value(); }

bool must_isolate(const Property& property, NsSet combination) {
  return property.isolated_by && combination.has_any(property.also_isolated_by.with(*property.isolated_by));
}

bool shown_by(const Property& property, Way way) {
  return property.member == Member::any || way == Way::clone3 || way == Way::unshare;
}

bool exists_on(const Property& property, KernelVersion kernel) {
  if (kernel >= property.since) return true;
  return std::any_of(property.backports.begin(), property.backports.end(), [&](KernelVersion first) {
    return kernel.major == first.major && kernel.minor == first.minor && kernel.patch >= first.patch;
  });
}

std::string since_text(const Property& property) {
  std::string text = text_of(property.since);
  for (const KernelVersion first : property.backports) text += say(" or ", text_of(first));
  return text;
}

NsSet needed_namespaces(const Property& property) {
  const std::optional<Ns> area = ns_named(area_of(property));
  const NsSet types = subject_namespaces(property).with(property.makes);
  return area ? types.with(*area) : types;
}

std::optional<std::string> unmet_need(const Property& property, const Facts& facts) {
  if (!exists_on(property, facts.kernel))
    return say("needs Linux ", since_text(property), ", this is ", text_of(facts.kernel));
  if (auto why = missing_types(needed_namespaces(property), facts)) return why;
  for (const Need need : property.needs) {
    const auto missing = facts.missing.find(need);
    if (missing != facts.missing.end()) return say(name_of(need), ": ", missing->second);
  }
  return std::nullopt;
}

std::string control_text(const Property& property) {
  if (property.control != nullptr) return std::string(property.control_differs);
  if (!property.isolated_by) return "";
  return say("the same world without a new ", name_of(*property.isolated_by), " namespace");
}

}  // namespace nsproof
