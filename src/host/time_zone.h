#pragma once
// The zones of the world, as this machine's tables have them (tzdata), by Abseil. host may not look
// into intake, so what the import door needs is given in plain types: app joins the two.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace nk::host {

class TimeZone {
public:
    // What a date and a clock in the zone can mean. A time that comes twice has an earlier and a
    // later moment; one that never was, because clocks were set forward over it, means what it
    // would have meant had they not been.
    struct Meaning {
        enum class Kind : std::uint8_t { once, twice, never } kind = Kind::once;
        WallTime first;
        WallTime second;  // of `twice` alone another than the first
    };

    // "Europe/Amsterdam", or empty for the machine's own. An unknown name is refused, and names
    // that are near it are told.
    static Result<TimeZone> named(std::string_view name);

    [[nodiscard]] Meaning meaning(int year, int month, int day, int hour, int minute,
                                  int second) const;
    [[nodiscard]] std::int32_t offset_s_at(WallTime time) const;
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    struct Inner;
    explicit TimeZone(std::shared_ptr<const Inner> inner, std::string name);
    std::shared_ptr<const Inner> inner_;
    std::string name_;
};

}  // namespace nk::host
