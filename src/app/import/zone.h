#pragma once
// A zone of the machine's tables as the import door wants one.

#include <utility>

#include "host/time_zone.h"
#include "intake/import/stamp.h"

namespace nk::app {

class TableZone : public importing::Zone {
public:
    explicit TableZone(host::TimeZone zone) : zone_(std::move(zone)) {}
    [[nodiscard]] Moments moments(const importing::Civil& civil) const override {
        const auto meaning = zone_.meaning(civil.year, civil.month, civil.day, civil.hour,
                                           civil.minute, civil.second);
        using Theirs = host::TimeZone::Meaning::Kind;
        return {meaning.kind == Theirs::once    ? importing::Zone::Kind::once
                : meaning.kind == Theirs::twice ? importing::Zone::Kind::twice
                                                : importing::Zone::Kind::never,
                meaning.first, meaning.second};
    }
    [[nodiscard]] std::int32_t offset_s_at(WallTime time) const override {
        return zone_.offset_s_at(time);
    }

private:
    host::TimeZone zone_;
};

}  // namespace nk::app
