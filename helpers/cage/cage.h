#pragma once
// What a process that reads strangers' bytes takes away from itself, step by step; none of it can
// be had back. Under a sanitizer, whose run-time needs more, there are no limits of memory and no
// filter.

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"

namespace nk::cage {

// Before anything is read: no core files, no file that grows, no new privileges, no tracing, and
// nobody's rights when it was started with all of them.
Result<void> give_up_rights();

struct Share {
    std::uint64_t memory_bytes = 0;
    std::uint32_t cpu_s = 0;  // 0: as much as it takes
};
// From here on no more of the machine than that, no further process, and no descriptor but the
// three that there are.
Result<void> take_no_more_than(const Share& share);

// System calls, by number, beside those that every reader needs: to read standard input and write
// standard output, to have fresh memory, to wait, to end.
struct Calls {
    std::span<const int> any;
    std::span<const int> on_input;  // on standard input alone
};

// A filter of system calls: any other ends the process. Made once, for any number of processes that
// are forked later.
class Filter {
public:
    // Requires: a descriptor or two to be had.
    static Result<Filter> make(const Calls& calls);
    Filter(Filter&&) noexcept;
    Filter& operator=(Filter&&) noexcept;
    ~Filter();
    // From here on it holds. Requires: give_up_rights().
    [[nodiscard]] Result<void> close() const;

private:
    struct Program;
    explicit Filter(std::unique_ptr<Program> program);
    std::unique_ptr<Program> program_;
};

}  // namespace nk::cage
