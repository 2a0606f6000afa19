// Whether a listing of the kernel tells its addresses, or zeros in place of them.
#pragma once

#include <string_view>

namespace nsproof::audit {

// Of /proc/kallsyms, /proc/iomem or /proc/ioports: lines that begin with a hexadecimal address or a range of them.
bool tells_addresses(std::string_view text);

}  // namespace nsproof::audit
