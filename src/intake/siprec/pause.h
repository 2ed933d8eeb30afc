#pragma once
// A pause of the recording, of one line or of all: whether it is on, and when it was. A packet is
// judged by when it arrived, though it may be read later.

#include <optional>
#include <vector>

#include "base/time.h"

namespace nk::siprec {

class Pause {
public:
    // Asked for; true when it was not on. Asked for once more it lasts longer.
    bool begin(MonoTime now);
    // True when it was on.
    bool end(MonoTime now);
    [[nodiscard]] bool is_on() const { return since_.has_value(); }
    // Whether it was on then. Of those that were long ago the time between two may count as well.
    [[nodiscard]] bool was_on(MonoTime at) const;
    // It was last asked for limits::pause_max ago.
    [[nodiscard]] bool is_forgotten(MonoTime now) const;

private:
    struct Span {
        MonoTime from;
        MonoTime until;
    };
    std::optional<MonoTime> since_;
    MonoTime asked_{};
    std::vector<Span> over_;  // the oldest first
};

}  // namespace nk::siprec
