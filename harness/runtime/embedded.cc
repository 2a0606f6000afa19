// Finds an embedded file by its name; the files themselves are in a generated source.
#include "harness/runtime/embedded.h"

#include <algorithm>

namespace nsproof {

const EmbeddedFile* find_embedded(std::string_view name) {
  const std::span<const EmbeddedFile> files = embedded_files();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& one) { return one.name == name; });
  return found != files.end() ? &*found : nullptr;
}

}  // namespace nsproof
