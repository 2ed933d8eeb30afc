#pragma once
// Marks by which the same media is known again where it is seen a second time: on another leg,
// another mirror, another recorder's line.
//
// Of all payloads of a track the smallest few 64-bit hashes are kept (a bottom-k sketch). Two
// tracks that carried mostly the same payloads in the same seconds keep mostly the same marks,
// wherever each began; an announcement that is played again later leaves other marks. Payloads that
// are one byte repeated (digital silence) say nothing and are passed over.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace nk::recording {

class MediaMarks {
public:
    static constexpr std::size_t count = 8;

    void add(Bytes payload, WallTime at) {
        if (payload.size() < 16 || is_one_byte(payload))
            return;
        const std::uint64_t hash =
            hash_of(payload, static_cast<std::uint64_t>(at.ns / 1'000'000'000));
        if (hash >= largest_ || std::find(marks_.begin(), marks_.end(), hash) != marks_.end())
            return;
        if (marks_.size() == count)
            marks_.pop_back();
        marks_.insert(std::lower_bound(marks_.begin(), marks_.end(), hash), hash);
        if (marks_.size() == count)
            largest_ = marks_.back();
    }
    [[nodiscard]] const std::vector<std::uint64_t>& values() const { return marks_; }

private:
    static bool is_one_byte(Bytes payload) {
        return std::memcmp(payload.data(), payload.data() + 1, payload.size() - 1) == 0;
    }
    static std::uint64_t hash_of(Bytes payload, std::uint64_t second) {
        std::uint64_t h = 0x9e3779b97f4a7c15ULL ^ payload.size() ^ second << 20;
        std::size_t i = 0;
        for (; i + 8 <= payload.size(); i += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, payload.data() + i, 8);
            h = (h ^ word) * 0xd6e8feb86659fd93ULL;
            h ^= h >> 29;
        }
        for (; i < payload.size(); ++i)
            h = (h ^ payload[i]) * 0x100000001b3ULL;
        h ^= h >> 32;
        h *= 0xd6e8feb86659fd93ULL;
        return h ^ h >> 32;
    }
    std::vector<std::uint64_t> marks_;
    std::uint64_t largest_ = ~std::uint64_t{0};
};

}  // namespace nk::recording
