#pragma once
// For tests: the clocks of Amsterdam in 2024, without tables. Summer time from 31 March 01:00 UTC
// to 27 October 01:00 UTC.

#include "base/rfc3339.h"
#include "intake/import/stamp.h"

namespace nk::importing::testing {

class DutchZone : public Zone {
public:
    [[nodiscard]] Moments moments(const Civil& civil) const override {
        const Moments summer = FixedZone(7200).moments(civil);
        const Moments winter = FixedZone(3600).moments(civil);
        const bool can_be_summer = offset_s_at(summer.first) == 7200;
        const bool can_be_winter = offset_s_at(winter.first) == 3600;
        if (can_be_summer && can_be_winter)
            return {Kind::twice, summer.first, winter.first};
        if (!can_be_summer && !can_be_winter)
            return {Kind::never, winter.first, winter.first};
        const WallTime at = can_be_summer ? summer.first : winter.first;
        return {Kind::once, at, at};
    }
    // The last Sunday is told for 2024 alone; in other years the days lie close enough.
    [[nodiscard]] std::int32_t offset_s_at(WallTime time) const override {
        const Civil civil = civil_in_utc(time);
        const int at = (civil.month * 100 + civil.day) * 100 + civil.hour;
        return at >= 33101 && at < 102701 ? 7200 : 3600;
    }
};

}  // namespace nk::importing::testing
