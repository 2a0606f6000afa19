// The probe as a file that can be executed anywhere: a sealed memfd, so that nothing need exist in a sandbox's root
// and nobody inside can write to what we execute.
#pragma once

#include <string_view>

#include "harness/support/fd.h"

namespace nsproof {

std::string_view probe_image();

// A new sealed, close-on-exec memfd with the image (memfd_create(2)). Throws Broken.
Fd probe_memfd();

}  // namespace nsproof
