// The files that nsproof brings along inside its own program: configurations for OCI runtimes (configs/*.json), target
// files (targets/*.toml) and profiles of the audit (profiles/*.toml). The build turns them into data (embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace nsproof {

struct EmbeddedFile {
  std::string_view directory;  // what it is: "configs", "targets", "profiles"
  std::string_view name;       // "default.json", "runc.toml"
  std::string_view text;
};

// Those of one directory are sorted by name.
std::span<const EmbeddedFile> embedded_files();

// nullptr if there is none of this name.
const EmbeddedFile* find_embedded(std::string_view name);

}  // namespace nsproof
