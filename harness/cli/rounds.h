// Several rounds over the same tasks (--repeat) come to one case each: a property that fails once in ten fails.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/catalogue/result.h"

namespace nsproof {

class Rounds {
 public:
  void add(std::vector<Case> round);
  // The worst case of every name, in the order of the first round; the reason says in how many rounds it came so.
  std::vector<Case> take_worst();

 private:
  struct Record {
    Case worst;
    std::map<Verdict, int> counts;
    int rounds = 0;
  };
  std::vector<Record> records_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace nsproof
