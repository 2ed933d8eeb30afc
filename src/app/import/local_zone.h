#pragma once
// The zone that times without one are read in, as the import door asks for it.

#include <utility>

#include "host/time_zone.h"
#include "intake/import/stamp.h"

namespace nk::app {

class LocalZone : public importing::Zone {
public:
    explicit LocalZone(host::TimeZone zone) : zone_(std::move(zone)) {}

    [[nodiscard]] Moments moments(const importing::Civil& c) const override {
        const auto said = zone_.meaning(c.year, c.month, c.day, c.hour, c.minute, c.second);
        return {static_cast<importing::Zone::Kind>(said.kind), said.first, said.second};
    }
    [[nodiscard]] std::int32_t offset_s_at(WallTime time) const override {
        return zone_.offset_s_at(time);
    }

private:
    static_assert(static_cast<int>(host::TimeZone::Meaning::Kind::never) ==
                  static_cast<int>(importing::Zone::Kind::never));
    host::TimeZone zone_;
};

}  // namespace nk::app
