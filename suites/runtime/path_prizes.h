// What lies below masked and read-only paths: the files that a sandbox must not get at, and how one tells that it did.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/catalogue/verdict.h"
#include "harness/runtime/contract.h"
#include "harness/sys/sys.h"
#include "harness/world/world.h"

namespace nsproof {

enum class Cover {
  masked,     // nothing may be seen there
  read_only,  // nothing may be changed there
};

// A path of the contract, and the file of it that is tried: itself, or one below that outside can open for writing.
struct Prize {
  std::string path;
  std::string file;
};

// The paths of the contract that are worth something on this machine: outside sees content in the masked ones, and can
// open a file for writing in the read-only ones.
std::vector<Prize> prizes(World& w, Cover cover);

// What says that there is no prize.
Observation nothing_to_judge(Cover cover);

// The number of bytes that one read(2) gives, or of names in a directory.
sys::Got<std::size_t> content_of(Actor& actor, const std::string& path);

// Opens without waiting and without writing, and closes again.
Reply open_for_writing(Actor& actor, const std::string& path);

// Whether the actor gets at the prize by this name of it. Null: it does not; else what it saw.
std::optional<std::string> gets_at(Actor& actor, Cover cover, const std::string& name);

// Files below a directory, or the path itself, that the actor can open for writing; at most so many, and those first
// for which a mode bit and not a privilege is the reason.
std::vector<std::string> writable_files(Actor& actor, const std::string& path, std::size_t most);

// For Property::asked.
std::optional<std::string> asked_for_masks(const Contract& contract);
std::optional<std::string> asked_for_read_only_paths(const Contract& contract);

}  // namespace nsproof
