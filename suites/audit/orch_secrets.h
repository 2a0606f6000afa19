// Looking for secrets without showing any: environments by the names of their variables, files by their sizes. Not a
// byte of a value gets into what a finding says or into its evidence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/audit/view.h"

namespace nsproof::audit {

// As read_cautiously(), but the transcript has the calls alone and nothing of what they brought back.
sys::Got<std::string> read_unseen(Actor& actor, std::string_view path, std::size_t limit);

// A variable of an environment, without its value.
struct Variable {
  std::string name;
  std::size_t length = 0;     // of the value
  bool has_password = false;  // the value is a URL with one: scheme://user:password@host
};
// "A=1\0B=2\0". What is no NAME=VALUE with a plain name is left out: it may be a value. Pure.
std::vector<Variable> variables_of(std::string_view environ);

// Whether variables of this name hold secrets: DB_PASSWORD, GITHUB_TOKEN, but not PWD, *_FILE, *_URL. Pure.
bool names_a_secret(std::string_view name);

// The audited process's environment, without values. Throws CouldNotLook.
std::vector<Variable> environment(View& view);

Sight judge_secret_variables(const std::vector<Variable>& variables);
Sight judge_service_variables(const std::vector<Variable>& variables);

// Files that the process may read, and their sizes.
struct FoundFile {
  std::string path;
  std::int64_t size = 0;
};
std::vector<FoundFile> readable_files(View& view, const std::vector<std::string>& paths);
// What is there of these names in home directories: those of /etc/passwd, those below /home, and /root.
std::vector<std::string> paths_in_homes(View& view, const std::vector<const char*>& names);

}  // namespace nsproof::audit
