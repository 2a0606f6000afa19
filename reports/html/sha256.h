// SHA-256 (FIPS 180-4), for the page's own Content Security Policy: no secret depends on it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace nsproof {

std::array<std::uint8_t, 32> sha256(std::string_view bytes);

// RFC 4648 section 4, with padding.
std::string base64(const std::uint8_t* bytes, std::size_t count);

// "'sha256-...'", a source of CSP that allows exactly this text.
std::string csp_hash(std::string_view text);

}  // namespace nsproof
