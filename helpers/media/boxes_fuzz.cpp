// Any bytes as an MP4 file.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "boxes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = [&](std::uint64_t offset, std::span<std::uint8_t> out) -> std::size_t {
        if (offset >= size)
            return 0;
        const auto count = std::min<std::size_t>(out.size(), size - offset);
        std::copy_n(data + offset, count, out.data());
        return count;
    };
    const auto found = nk::media::transcript_in(read, size);
    return found.size() > size ? 1 : 0;
}
