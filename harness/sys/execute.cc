#include "harness/sys/execute.h"

#include <sys/syscall.h>

#include "harness/support/text.h"

namespace nsproof::sys {

Arg string_vector(const std::vector<std::string>& words, std::string text) {
  Arg vector = record(std::string((words.size() + 1) * sizeof(std::uint64_t), '\0'), std::move(text));
  for (std::size_t i = 0; i < words.size(); ++i)
    vector.pointers.push_back({static_cast<std::uint32_t>(i * sizeof(std::uint64_t)), str(words[i])});
  return vector;
}

Reply execve(Actor& actor, const std::string& program) {
  return actor.execute(
      step(SYS_execve, "execve",
           {path(program), string_vector({program}, say("[", quoted(program, 200), "]")), string_vector({}, "[]")}));
}

}  // namespace nsproof::sys
