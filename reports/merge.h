// Several records of one run, the shards of a CI job say, made into one.
#pragma once

#include <string>
#include <vector>

#include "harness/catalogue/result.h"

namespace nsproof {

struct NamedResults {
  std::string name;  // of the file
  Results results;
};

struct Merged {
  Results results;
  std::vector<std::string> notes;  // what a reader must know: cases that were in more than one record, other versions
};

// Of a case that is in several records the worst counts (is_worse()). Cases of several records are sorted by id. Throws
// std::runtime_error for runs on different kernels: they are to be compared, not added up.
Merged merge(std::vector<NamedResults> parts);

}  // namespace nsproof
