#include "intake/import/call_log_match.h"

#include <algorithm>
#include <tuple>

#include "intake/import/import_limits.h"
#include "intake/import/number_tail.h"

namespace nk::importing {

namespace {

using wire::LoggedCall;

bool can_have_sound(const LoggedCall& call) {
    using Type = LoggedCall::Type;
    return call.type != Type::missed && call.type != Type::rejected && call.type != Type::blocked &&
           call.type != Type::answered_elsewhere;
}

Nanos apart(const RecordedCall& recording, const LoggedCall& call) {
    if (call.started < recording.started)
        return recording.started - call.started;
    return std::max(Nanos(0), (call.started - recording.started) - recording.started_within);
}

// A recording may begin when the other answers, and the list counts from then: they differ little.
bool fits_length(const RecordedCall& recording, const LoggedCall& call) {
    constexpr Nanos slack = seconds(10);
    constexpr int part = 20;  // a twentieth of a long call
    if (!recording.length)
        return false;
    const Nanos differ = *recording.length < call.length ? call.length - *recording.length
                                                         : *recording.length - call.length;
    return differ <= std::max(slack, call.length / part);
}

struct Pair {
    Nanos distance;
    std::size_t recording;
    std::size_t call;
    bool operator<(const Pair& other) const {
        return std::tie(distance, recording, call) <
               std::tie(other.distance, other.recording, other.call);
    }
};

class Matching {
public:
    Matching(std::span<const RecordedCall> recordings, std::span<const LoggedCall> calls)
        : recordings_(recordings), calls_(calls), found_(recordings.size()), taken_(calls.size()) {
        for (std::size_t i = 0; i < calls.size(); ++i)
            if (can_have_sound(calls[i]))
                by_time_.push_back(i);
        std::sort(by_time_.begin(), by_time_.end(), [&](std::size_t a, std::size_t b) {
            return std::tie(calls[a].started, a) < std::tie(calls[b].started, b);
        });
        for (const auto& one : calls)
            tails_.push_back(number_tail(one.number));
    }

    std::vector<std::optional<std::size_t>> result() {
        take_by_number();
        take_by_time_and_length();
        return std::move(found_);
    }

private:
    // Calls that began near the recording, those that are taken too.
    template <class Each>
    void each_near(const RecordedCall& recording, Each each) const {
        const WallTime first = recording.started + Nanos(-limits::call_log_apart_max);
        const auto begin = std::lower_bound(
            by_time_.begin(), by_time_.end(), first,
            [&](std::size_t i, WallTime time) { return calls_[i].started < time; });
        for (auto at = begin; at != by_time_.end(); ++at) {
            const Nanos distance = apart(recording, calls_[*at]);
            if (distance > limits::call_log_apart_max)
                break;
            each(*at, distance);
        }
    }

    void take_by_number() {
        std::vector<Pair> pairs;
        for (std::size_t i = 0; i < recordings_.size(); ++i)
            for (const auto& number : recordings_[i].numbers) {
                const std::string tail = number_tail(number);
                if (tail.empty())
                    continue;
                each_near(recordings_[i], [&](std::size_t call, Nanos distance) {
                    if (tails_[call] == tail)
                        pairs.push_back({distance, i, call});
                });
            }
        std::sort(pairs.begin(), pairs.end());
        for (const auto& pair : pairs)
            if (!found_[pair.recording] && !taken_[pair.call])
                take(pair.recording, pair.call);
    }

    void take_by_time_and_length() {
        std::vector<std::optional<std::size_t>> only(recordings_.size());
        std::vector<std::size_t> wanted_by(calls_.size());
        for (std::size_t i = 0; i < recordings_.size(); ++i) {
            if (!recordings_[i].numbers.empty())
                continue;
            std::size_t fitting = 0;
            each_near(recordings_[i], [&](std::size_t call, Nanos) {
                if (taken_[call] || !fits_length(recordings_[i], calls_[call]))
                    return;
                ++fitting;
                ++wanted_by[call];
                only[i] = call;
            });
            if (fitting != 1)
                only[i].reset();
        }
        for (std::size_t i = 0; i < recordings_.size(); ++i)
            if (only[i] && wanted_by[*only[i]] == 1)
                take(i, *only[i]);
    }

    void take(std::size_t recording, std::size_t call) {
        found_[recording] = call;
        taken_[call] = true;
    }

    std::span<const RecordedCall> recordings_;
    std::span<const LoggedCall> calls_;
    std::vector<std::optional<std::size_t>> found_;
    std::vector<bool> taken_;
    std::vector<std::size_t> by_time_;
    std::vector<std::string> tails_;
};

}  // namespace

bool is_same_number(std::string_view a, std::string_view b) {
    const std::string tail = number_tail(a);
    return !tail.empty() && tail == number_tail(b);
}

std::vector<std::optional<std::size_t>> match_calls(std::span<const RecordedCall> recordings,
                                                    std::span<const wire::LoggedCall> calls) {
    return Matching(recordings, calls).result();
}

}  // namespace nk::importing
