// The process of a running container by the container's name: the engines that are installed are asked for it.
#pragma once

#include <stdexcept>
#include <string>

namespace nsproof::audit {

struct NoContainer : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The pid of its first process. Asks podman, docker, runc, crun, lxc-info and machinectl, whichever is in PATH. Throws
// NoContainer if none of them knows it, or if two know different ones.
int process_of_container(const std::string& name);

}  // namespace nsproof::audit
