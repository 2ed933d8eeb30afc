#pragma once
// Broken: an invariant of ours is false. We say where and stop, also in release; what is on disk
// stays as it is. Never use this on anything that came from outside.

namespace nk {
[[noreturn]] void broken(const char* condition, const char* file, int line);
}  // namespace nk

#define NK_CHECK(condition)                               \
    do {                                                  \
        if (!(condition)) [[unlikely]]                    \
            ::nk::broken(#condition, __FILE__, __LINE__); \
    } while (false)
