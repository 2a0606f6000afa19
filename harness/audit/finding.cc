#include "harness/audit/finding.h"

#include <array>
#include <utility>

namespace nsproof::audit {
namespace {

template <class T, std::size_t size>
std::optional<T> find_by_name(const std::array<T, size>& all, std::string_view name) {
  for (const T one : all)
    if (name_of(one) == name) return one;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Answer answer) {
  switch (answer) {
    case Answer::weak: return "weak";
    case Answer::hardened: return "hardened";
    case Answer::not_applicable: return "not-applicable";
    case Answer::unknown: return "unknown";
  }
  return "?";
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::low: return "low";
    case Severity::medium: return "medium";
    case Severity::high: return "high";
    case Severity::critical: return "critical";
  }
  return "?";
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::counts: return "counts";
    case Standing::excluded: return "excluded";
    case Standing::known: return "known";
    case Standing::waived: return "waived";
    case Standing::expired: return "expired";
  }
  return "?";
}

std::optional<Answer> answer_named(std::string_view name) {
  return find_by_name(std::array{Answer::weak, Answer::hardened, Answer::not_applicable, Answer::unknown}, name);
}

std::optional<Severity> severity_named(std::string_view name) {
  return find_by_name(std::array{Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical},
                      name);
}

Sight weak(std::string observed) { return {Answer::weak, std::move(observed), {}, {}}; }
Sight weak(std::string observed, Severity severity, std::string reason) {
  return {Answer::weak, std::move(observed), severity, std::move(reason)};
}
Sight hardened(std::string observed) { return {Answer::hardened, std::move(observed), {}, {}}; }
Sight not_applicable(std::string observed) { return {Answer::not_applicable, std::move(observed), {}, {}}; }
Sight unknown(std::string why) { return {Answer::unknown, std::move(why), {}, {}}; }

Sight weak_if(bool condition, std::string observed) {
  return condition ? weak(std::move(observed)) : hardened(std::move(observed));
}

std::string area_of(std::string_view id) { return std::string(id.substr(0, id.find('.'))); }

}  // namespace nsproof::audit
