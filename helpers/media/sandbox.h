#pragma once
// What the process that opens a stranger's file takes away from itself.

#include <cstdint>
#include <memory>

#include "base/result.h"

namespace nk::media {

// For the process that forks the others and reads no foreign byte: no new privileges, and nobody's
// rights when it was started with all of them.
Result<void> prepare();

// A filter of system calls, made once for all that are started.
class Cage {
public:
    static Result<Cage> make();
    Cage(Cage&&) noexcept;
    Cage& operator=(Cage&&) noexcept;
    ~Cage();
    // From here on: its standard input may be read and standard output written, some memory, some
    // seconds of a processor, an end. Anything else ends the process.
    [[nodiscard]] Result<void> close(std::uint32_t cpu_s) const;

private:
    struct Filter;
    explicit Cage(std::unique_ptr<Filter> filter);
    std::unique_ptr<Filter> filter_;
};

}  // namespace nk::media
