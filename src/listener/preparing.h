#pragma once
// What was brought is made ready to be heard and drawn in quiet moments: its waveform, and a copy
// where browsers cannot play it. Whoever wants to hear something comes first.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "listener/bringer.h"
#include "listener/counter.h"

namespace nk::listener {

class Preparing {
public:
    // The bringer is null where nothing can be brought.
    Preparing(Counter& counter, Bringer* bringer) : counter_(counter), bringer_(bringer) {}
    // A recording came, by whatever door.
    void add(std::string_view id);
    // Many times a second.
    void tick();
    // {recordings that wait, milliseconds until the last is ready}
    [[nodiscard]] std::pair<std::size_t, std::int64_t> left() const;

private:
    void next();
    void made(MonoTime began);

    Counter& counter_;
    Bringer* bringer_;
    std::deque<std::string> to_make_;
    bool is_making_ = false;
    Nanos made_in_{0};  // one of them, of late
    MonoTime next_made_at_{};
};

}  // namespace nk::listener
