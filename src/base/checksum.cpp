#include "base/checksum.h"

#include <xxhash.h>

namespace nk {

std::uint64_t checksum(Bytes bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace nk
