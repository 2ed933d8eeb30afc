#pragma once
// Hints to the processor: that memory will be needed soon. They may name any address and change
// nothing but the time that is waited later.

#include <cstddef>

namespace nk {

inline constexpr std::size_t cache_line_bytes = 64;

inline void prefetch(const void* at) {
    __builtin_prefetch(at);
}

// `bytes` from `at` on, which will be written.
inline void prefetch_to_write(const void* at, std::size_t bytes) {
    const auto* from = static_cast<const char*>(at);
    for (std::size_t i = 0; i < bytes; i += cache_line_bytes)
        __builtin_prefetch(from + i, 1);
    if (bytes > 0)
        __builtin_prefetch(from + bytes - 1, 1);
}

}  // namespace nk
