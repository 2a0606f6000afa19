// The sockets of the file system that a container can reach, found without connecting to any: what a walk of the
// places where they are kept finds, and what is bound into it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/view.h"

namespace nsproof::audit {

struct SocketFile {
  std::string path;
  std::string original;  // the name that it has on the host, where it is bound by itself
  bool writable = false;
  bool own = false;  // a process of the container listens, as far as its own network namespace tells
};

struct SocketFiles {
  std::vector<SocketFile> found;
  std::size_t looked_at = 0;
  bool complete = true;  // false: the walk was ended by its bounds
};

SocketFiles socket_files(View& view);

// The name of the program that listens at such a path: "Docker" for /run/docker.sock. Empty: none that is known.
std::string_view runtime_of_socket(std::string_view path);
std::string_view system_service_of_socket(std::string_view path);

// The judgement of what was found.
enum class SocketKind { runtime, system };
Sight judge_sockets(const SocketFiles& files, SocketKind kind);

}  // namespace nsproof::audit
