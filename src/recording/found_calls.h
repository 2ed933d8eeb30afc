#pragma once
// What the blocks of a run that was left say of its calls, when all of them are read in order.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "call/story.h"
#include "recording/journal/block.h"
#include "recording/journal/call_card.h"

namespace nk::recording {

struct FoundCall {
    std::optional<journal::CallHead> head;
    std::optional<call::Story> story;
    std::vector<journal::Place> places;
    std::uint64_t understood = 0;      // blocks
    std::uint64_t not_understood = 0;  // whole, and of a later version as far as anybody knows
    bool is_over = false;
    bool is_sealed = false;
};

struct FoundRun {
    std::map<std::uint64_t, FoundCall> calls;  // by number
    std::optional<journal::Alive> alive;       // for the last time
    std::uint64_t not_understood = 0;          // blocks of no call

    void take(const journal::BlockHead& head, const journal::Place& place, Bytes body);
    // That of a call which was over; of one that was running when the recorder stopped, as far as
    // it was known. Requires: it has a head.
    [[nodiscard]] call::Story take_story(FoundCall& call, WallTime resumed) const;
};

}  // namespace nk::recording
