// The eight namespace types of namespaces(7) and sets of them. A set is one byte, so that all 256 can be walked.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace nsproof {

enum class Ns : std::uint8_t { mnt, pid, net, user, ipc, uts, cgroup, time };

inline constexpr std::array kAllNamespaces = {Ns::mnt, Ns::pid, Ns::net,    Ns::user,
                                              Ns::ipc, Ns::uts, Ns::cgroup, Ns::time};

class NsSet {
 public:
  constexpr NsSet() = default;
  constexpr NsSet(Ns one) : bits_(bit(one)) {}  // NOLINT(google-explicit-constructor): a type is a set of one
  constexpr NsSet(std::initializer_list<Ns> types) {
    for (const Ns type : types) bits_ |= bit(type);
  }
  static constexpr NsSet from_bits(std::uint8_t bits) {
    NsSet set;
    set.bits_ = bits;
    return set;
  }
  static constexpr NsSet all() { return from_bits(0xff); }

  [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
  [[nodiscard]] constexpr bool has(Ns type) const { return (bits_ & bit(type)) != 0; }
  [[nodiscard]] constexpr bool has_any(NsSet other) const { return (bits_ & other.bits_) != 0; }
  [[nodiscard]] constexpr bool has_all(NsSet other) const { return (bits_ & other.bits_) == other.bits_; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr NsSet with(NsSet other) const { return from_bits(bits_ | other.bits_); }
  [[nodiscard]] constexpr NsSet without(NsSet other) const {
    return from_bits(static_cast<std::uint8_t>(bits_ & ~other.bits_));
  }
  constexpr bool operator==(const NsSet&) const = default;

 private:
  static constexpr std::uint8_t bit(Ns type) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(type)); }
  std::uint8_t bits_ = 0;
};

std::string_view name_of(Ns type);                  // "mnt", as in /proc/PID/ns (namespaces(7))
std::optional<Ns> ns_named(std::string_view name);  // the same, and "mount", "network"
std::uint64_t clone_flag(Ns type);                  // CLONE_NEWNS ... (clone(2))
std::uint64_t clone_flags(NsSet types);
std::string text_of(NsSet types);  // "user+pid", "none", "all"

}  // namespace nsproof
