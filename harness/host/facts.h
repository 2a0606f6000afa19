// Reads what this machine lets us test into plain data, by trying it inside a bulkhead rather than by reading knobs.
// Nothing on the machine is changed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/catalogue/needs.h"
#include "harness/catalogue/result.h"

namespace nsproof {

// Tries every need once. `bulkhead` says why no bulkhead can be made at all; then nothing else is known.
struct HostReport {
  Facts facts;
  std::string bulkhead;  // empty if it can be made
  std::string advice;    // what to do about it
};

HostReport examine_host();
// Only these needs are tried; a run that selects few properties need not make a cgroup for the others, say.
HostReport examine_host(std::span<const Need> needs);

// Kernel, user, capabilities, security modules, cgroup mode, start time of this run.
Environment read_environment(std::string command_line);

// "2026-11-23T12:34:28": when a run started, for its report.
std::string utc_now();

}  // namespace nsproof
