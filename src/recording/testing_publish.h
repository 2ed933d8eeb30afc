#pragma once
// For tests only: one recording, described and published by itself.

#include <memory>
#include <utility>
#include <vector>

#include "recording/shelf.h"

namespace nk::recording::testing {

// What publish() would have of it; facts.id and facts.uuid are set in `facts`.
inline Result<void> publish_one(Shelf& shelf, std::unique_ptr<Desk> desk, RecordingFacts& facts) {
    NK_TRY(desk->describe(facts));
    std::vector<Finished> all;
    all.push_back({std::move(desk), facts});
    return shelf.publish(all).front();
}

}  // namespace nk::recording::testing
