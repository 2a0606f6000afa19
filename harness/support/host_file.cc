#include "harness/support/host_file.h"

#include <fstream>
#include <sstream>

namespace nsproof {

std::string host_file(const std::string& path) {
  const std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace nsproof
