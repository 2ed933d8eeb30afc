#pragma once
// By what a call in progress is known: a number that is never used twice in a run, and a slot,
// small and dense, that is used again when the call is over.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nk::call {

class Numbers {
public:
    std::uint64_t next() { return ++last_; }
    std::size_t take_slot() {
        if (free_.empty())
            return slots_++;
        const std::size_t slot = free_.back();
        free_.pop_back();
        return slot;
    }
    void give_slot(std::size_t slot) { free_.push_back(slot); }

private:
    std::uint64_t last_ = 0;
    std::size_t slots_ = 0;
    std::vector<std::size_t> free_;
};

}  // namespace nk::call
