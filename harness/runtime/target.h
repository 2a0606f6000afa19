// A target: a runtime or sandbox tool, the command that starts a probe with it, and what it was asked for.
// Read from a TOML file, which is all that it takes to add one.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/runtime/contract.h"

namespace nsproof {

// What is wrong with a target file, with its name and the line.
struct TargetError : std::runtime_error {
  using runtime_error::runtime_error;
};

// Who runs the tool in the layer.
enum class RunAs {
  root,
  user,  // an ordinary user with a home and a runtime directory: what is called rootless
};

// A leak that is known of a target: it runs every time, and when it is gone that is said, too.
struct KnownLeak {
  std::vector<std::string> ids;      // patterns
  std::vector<std::string> targets;  // of the table of all built-in ones; a target file's own need none
  std::string reason;
  std::string url;
  std::string cgroups;  // "v1" or "v2": only where this version is what a layer has; empty: everywhere
};

// What a command may need on the machine besides its programs, and what to do where it is missing.
struct TargetNeeds {
  std::vector<std::string> programs;  // looked up in PATH
  std::string package;                // the Debian package that has them
};

enum class Planting { everything, nothing };

struct Target {
  std::string name;    // "runc", "bwrap-hard"
  std::string title;   // one line for people
  std::string where;   // "runc.toml"
  std::string option;  // that chooses it: "--runtime runc"
  TargetNeeds needs;
  std::vector<std::string> version;  // a command that prints it
  RunAs run_as = RunAs::root;

  // Words may hold {rootfs} {probe} {outside-probe} {bundle} {id} {state} {holder}; see expand() in container.cc.
  std::vector<std::string> command;
  std::vector<std::vector<std::string>> prepare;  // run before, each to its end
  std::vector<std::vector<std::string>> cleanup;  // run after, as the manual of the tool says
  std::vector<std::string> environment;           // of the tool: "NAME=value"
  std::vector<std::string> files;                 // "path=text": written in {state} before
  bool copies_root = false;                       // the sandbox's root is a copy of {rootfs}, made by `prepare`
  std::string joins;                              // a target whose sandbox is {holder}

  // Whether its processes start with a secret descriptor, variable, key and group, so that a sandbox which lets them
  // through is found out.
  Planting planting = Planting::everything;

  Contract requested;  // what the command or the configuration asks for
  std::string config;  // of an OCI runtime: the config.json, as it will be given but for the program
  std::vector<KnownLeak> known;
};

Target parse_target(std::string_view toml, std::string_view file);
Target read_target(const std::string& file);

// "tool --flags {rootfs} {probe}" as on a shell's command line: words, and quotes around them. Throws TargetError.
Target target_of_command(std::string_view command);

// The words of such a command line.
std::vector<std::string> words_of_command(std::string_view command);

// The targets that nsproof brings along, sorted by name.
const std::vector<Target>& builtin_targets();
const Target* builtin_target(std::string_view name);

}  // namespace nsproof
