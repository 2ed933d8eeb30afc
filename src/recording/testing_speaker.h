#pragma once
// For tests only: a call that a test speaks by hand, and what became of it.

#include <string>
#include <vector>

#include "recording/recovery.h"
#include "recording/testing_house.h"

namespace nk::recording::testing {

inline constexpr MonoTime began{1'000'000'000'000};
inline constexpr WallTime began_wall{1'700'000'000'000'000'000};
inline constexpr WallTime resumed{1'700'000'060'000'000'000};

inline MonoTime after(std::int64_t ms) {
    return began + milliseconds(ms);
}

// A call that a test speaks by hand: one party, 20 ms of A-law a packet.
struct Speaker {
    explicit Speaker(TestHouse& in, std::uint64_t number = 1)
        : house(in), call(number, began, began_wall) {
        call.slot = static_cast<std::size_t>(number);
        call.answered = call.invited = began;
    }
    void say(std::uint32_t packets) {
        for (; packets > 0; --packets, ++said) {
            const MonoTime at = began + milliseconds(20) * said;
            const auto payload = voice(said);
            ++call.media_packets;
            call.last_sign = at;
            house.recorder->hears(call, *call.track(0, 0),
                                  {.arrival = at,
                                   .ssrc = 7,
                                   .timestamp = 160 * said,
                                   .sequence = static_cast<std::uint16_t>(said),
                                   .payload_type = 8,
                                   .payload = payload});
            house.recorder->passes(at);
        }
    }
    TestHouse& house;
    call::Call call;
    std::uint32_t said = 0;
};

inline std::vector<std::int16_t> words(std::uint32_t packets) {
    std::vector<std::int16_t> samples;
    for (std::uint32_t n = 0; n < packets; ++n) {
        const auto piece = heard_alaw(voice(n));
        samples.insert(samples.end(), piece.begin(), piece.end());
    }
    return samples;
}

inline std::vector<std::int16_t> left_channel(MemoryShelf& shelf, const std::string& id) {
    MemoryFile file(shelf.desks.at(id)->at("audio.flac"));
    auto reader = sound::read_flac(file);
    std::vector<std::int16_t> out;
    while (reader) {
        const auto block = (*reader)->read();
        if (!block || block->empty())
            break;
        for (std::size_t i = 0; i < block->size(); i += 2)
            out.push_back((*block)[i]);
    }
    return out;
}

inline std::vector<Sealed> crash_and_recover(TestHouse& house) {
    house.crash();
    auto recovered = recover(house.disk, "/journal", resumed);
    EXPECT_TRUE(recovered);
    for (auto& job : recovered->jobs)
        house.sealer->push(std::move(job));
    recovered->jobs.clear();
    while (house.sealer->step()) {
    }
    return house.sealer->take();
}

}  // namespace nk::recording::testing
