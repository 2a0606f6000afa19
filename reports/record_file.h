// Records of runs as files. They may come from a guest or from a stranger's machine: nothing in them is believed.
#pragma once

#include <cstddef>
#include <string>

#include "harness/catalogue/result.h"

namespace nsproof {

// The largest record that is read, in bytes: a sweep with all its transcripts takes about half of it.
inline constexpr std::size_t kRecordLimit = 512UL * 1024 * 1024;

// Everything in this file; "-" is standard input. Throws std::runtime_error, without the name of the file.
std::string read_whole(const std::string& path, std::size_t limit);

// The record in this file; "-" is standard input. Throws std::runtime_error that begins with the name of the file.
Results read_record(const std::string& path, std::size_t limit = kRecordLimit);

}  // namespace nsproof
