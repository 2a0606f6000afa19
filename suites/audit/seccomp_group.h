// A group of system calls that belong together as one rule: the filter should let none of them through.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suites/audit/seccomp_calls.h"

namespace nsproof::audit {

struct Group {
  std::string id;
  std::string title;
  Severity severity = Severity::medium;
  std::string why;
  std::vector<std::string> references;
  std::vector<Trial> trials;       // empty on machines that have none of the calls
  std::vector<std::string> names;  // as profiles have them
  Profile profile = Profile::usual;
  int error = 1;  // EPERM; ENOSYS where programs fall back to something else
  Confined confined = Confined::no;
  // What else the kernel asks for may change the weight of a weak answer.
  std::function<Sight(View&, Sight)> weigh = {};
  std::vector<std::string> also = {};  // of the fixture
  std::string change = {};             // the fixture, where letting the names through is not it
};

Rule rule_of(const Group& group);

// For `weigh`: one step less if none of these capabilities is in effect.
std::function<Sight(View&, Sight)> needs_one_of(std::vector<unsigned> capabilities);
// Another severity if this one is.
std::function<Sight(View&, Sight)> worse_with(unsigned capability, Severity severity);

// A weak answer that weighs less or more than its rule, and why.
Sight weighing(Sight sight, Severity severity, const std::string& reason);

}  // namespace nsproof::audit
