// The limits of /proc/sys/user in a user namespace of one's own: the exact and unprivileged way to see whether the
// kernel has destroyed a namespace, since a new one may be made only when the old one no longer counts (namespaces(7)).
#pragma once

#include "harness/catalogue/namespaces.h"

namespace nsproof::bench {

// How many namespaces of this type the caller's user namespace may have. The caller must be root of a user namespace
// that is its own. Throws Unsupported if that is refused.
void limit_namespaces(Ns type, int most);

// One creation attempt.
struct Attempt {
  int error = 0;  // ENOSPC at the limit
  double start_us = 0;
  double took_us = 0;
};
Attempt try_to_create(Ns type);

// Makes attempts until one succeeds or `patience_ms` are over; gives back how long after `since_us` the creation began
// that succeeded (so what came before it was gone), with the time for which that creation was made to wait, if it took
// longer than `usual_us`. Negative if none succeeded.
struct Gone {
  double after_ms = -1;
  bool blocked = false;  // the creation waited instead of being refused
  int refusals = 0;
  double end_us = 0;  // when the creation that succeeded was reaped
};
Gone wait_until_gone(Ns type, double since_us, double usual_us, double patience_ms);

double now_us();

}  // namespace nsproof::bench
