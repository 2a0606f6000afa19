// Two runs side by side: what is only in one of them, and what of the rest has another verdict, another reason, or a
// call with another errno. Pure; what it gives points into the two runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/result.h"
#include "reports/paint.h"

namespace nsproof {

// Corresponding calls of which one failed otherwise than the other.
struct ErrnoChange {
  std::string_view role;   // "subject", "control"
  std::size_t number = 0;  // of the call in its transcript, from 1
  const Entry* a = nullptr;
  const Entry* b = nullptr;
};

struct CaseChange {
  std::string name;  // without the target where each run has only one
  const Case* a = nullptr;
  const Case* b = nullptr;
  // Only where both transcripts make the same calls by the same actors: else nothing corresponds.
  std::vector<ErrnoChange> errnos = {};
};

// Every case is in exactly one of these, sorted by name.
struct Diff {
  std::vector<CaseChange> worse;    // held in A, does not in B
  std::vector<CaseChange> better;   // holds in B, did not in A
  std::vector<CaseChange> other;    // another verdict, but it holds in neither
  std::vector<CaseChange> errnos;   // the same verdict, but a call ends otherwise
  std::vector<CaseChange> reasons;  // the same verdict and errnos, but another reason; long numbers do not count
  std::vector<CaseChange> only_a;   // `b` is null
  std::vector<CaseChange> only_b;   // `a` is null
  int same = 0;
};

Diff diff(const Results& a, const Results& b);

// Whether something that held in A does not in B; what is not in B does not hold there.
bool got_worse(const Diff& diff);

// "Linux 6.1.0-18-amd64 x86_64, root, 493 cases, 2026-11-23T12:34:28; target runc". Escaped.
std::string heading_of(const Results& results);

std::string render_diff_text(const Diff& diff, const Results& a, const Results& b, const Paint& paint);
std::string render_diff_markdown(const Diff& diff, const Results& a, const Results& b);
// nsproof.diff.v1, described by schema/nsproof.diff.v1.schema.json.
std::string render_diff_json(const Diff& diff, const Results& a, const Results& b);

}  // namespace nsproof
