// Remote execve(2): an actor goes on as another image.
#pragma once

#include <string>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// A vector of strings as execve(2) takes it, and what the transcript says of it.
Arg string_vector(const std::vector<std::string>& words, std::string text);

// execve(2) of a file that is a probe, with its path as the only argument and an empty environment. The reply is that
// of a call that failed, or 0 when the actor has gone on as the new image. Throws Broken when the image says nothing.
Reply execve(Actor& actor, const std::string& program);

}  // namespace nsproof::sys
