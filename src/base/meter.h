#pragma once
// Where the time goes: seconds per stage of the path, each stage without those it calls. One strand
// has one; what it waits is `other`. For benchmarks only; a null Meter costs a comparison.

#include <array>
#include <cstdint>
#include <string_view>

#include "base/clock.h"

namespace nk {

enum class Stage : std::uint8_t { read, parse, track, journal, place, encode, write, other };
inline constexpr std::size_t stage_count = 8;
inline constexpr std::array<std::string_view, stage_count> stage_names{
    "read", "parse", "track", "journal", "place", "encode", "write", "other"};

class Meter {
public:
    // Begins to count when it is first told of a stage, on the strand that it measures.
    explicit Meter(const Clock& clock) : clock_(clock) {}
    [[nodiscard]] Nanos spent(Stage stage) const { return spent_[static_cast<std::size_t>(stage)]; }

private:
    friend class InStage;
    Stage change(Stage to) {
        const MonoTime now = clock_.now();
        if (has_begun_)
            spent_[static_cast<std::size_t>(stage_)] += now - since_;
        has_begun_ = true;
        since_ = now;
        const Stage before = stage_;
        stage_ = to;
        return before;
    }
    const Clock& clock_;
    bool has_begun_ = false;
    MonoTime since_{};
    Stage stage_ = Stage::other;
    std::array<Nanos, stage_count> spent_{};
};

// The meter runs for that stage until this goes out of scope.
class InStage {
public:
    InStage(Meter* meter, Stage stage) : meter_(meter) {
        if (meter_ != nullptr)
            before_ = meter_->change(stage);
    }
    ~InStage() {
        if (meter_ != nullptr)
            meter_->change(before_);
    }
    InStage(const InStage&) = delete;
    InStage& operator=(const InStage&) = delete;

private:
    Meter* meter_;
    Stage before_ = Stage::other;
};

}  // namespace nk
