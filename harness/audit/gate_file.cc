// Reads a file that steers the gate.
#include "harness/audit/gate_file.h"

#include <fstream>
#include <iterator>

#include "harness/support/text.h"

namespace nsproof::audit {

std::string text_of_gate_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw GateFileError(say(file, ": cannot be read"));
  try {
    return {std::istreambuf_iterator<char>(stream), {}};
  } catch (const std::ios_base::failure&) {  // a directory can be opened, but not read
    throw GateFileError(say(file, ": cannot be read"));
  }
}

}  // namespace nsproof::audit
