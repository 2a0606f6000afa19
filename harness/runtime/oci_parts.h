// The parts of a config.json that are read by files of their own.
#pragma once

#include "harness/runtime/contract.h"
#include "harness/runtime/json_at.h"

namespace nsproof {

void read_process(const JsonAt& process, Contract& contract);    // config.md, Process
SeccompFilter seccomp_filter_of(const JsonAt& seccomp);          // config-linux.md, Seccomp
std::vector<ContractDevice> devices_of(const JsonAt& devices);   // config-linux.md, Devices
std::vector<DeviceRule> device_rules_of(const JsonAt& devices);  // config-linux.md, Allowed Device list

}  // namespace nsproof
