#include "base/checksum.h"

#include <xxhash.h>

namespace nk {

std::uint64_t checksum(Bytes bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace nk
