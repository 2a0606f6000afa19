// What the files that steer the gate have in common: profiles, waivers and baselines are read whole, and whatever is
// not understood in one of them is an error, for a slip of the keyboard must not open the gate.
#pragma once

#include <stdexcept>
#include <string>

namespace nsproof::audit {

// What is wrong with such a file and what to write instead, with its name and, for TOML, the line:
// "waivers.toml:3: unknown key \"resaon\"; did you mean reason?".
struct GateFileError : std::runtime_error {
  using runtime_error::runtime_error;
};

// Throws GateFileError if the file cannot be read.
std::string text_of_gate_file(const std::string& file);

}  // namespace nsproof::audit
