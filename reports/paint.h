// How a text report may be coloured without knowing of terminals: it names the tone, whoever prints chooses the colour.
// Colour repeats what the words say already and never says anything alone.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace nsproof {

enum class Tone { plain, strong, faint, good, bad, doubt };

using Paint = std::function<std::string(Tone, std::string_view)>;

inline std::string unpainted(Tone, std::string_view text) { return std::string(text); }

}  // namespace nsproof
