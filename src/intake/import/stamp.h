#pragma once
// A time as a name or a tag says it: a date and a clock, with or without a zone. What moment it
// was is known when a zone has been laid over it. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "call/finding.h"

namespace nk::importing {

struct Civil {
    int year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    bool operator==(const Civil&) const = default;
};

enum class Precision : std::uint8_t { second, minute, day };

struct Stamp {
    Civil civil;
    std::int32_t nanos = 0;
    Precision precision = Precision::second;
    std::optional<std::int32_t> offset_s;  // east of Greenwich; absent when no zone was said
    bool is_instant = false;  // counted in UTC: it was said of no place (offset_s is 0)
    bool operator==(const Stamp&) const = default;
};

// Where clocks are set: an hour may come twice (autumn) or never (spring).
class Zone {
public:
    enum class Kind : std::uint8_t { once, twice, never };
    // Of a time that never was, `first` is what the clock would have meant had nobody set it: it
    // lies as far behind the leap as the time says. `second` is of `twice` alone, and later.
    struct Moments {
        Kind kind = Kind::once;
        WallTime first;
        WallTime second;
    };
    virtual ~Zone() = default;
    [[nodiscard]] virtual Moments moments(const Civil& civil) const = 0;
    [[nodiscard]] virtual std::int32_t offset_s_at(WallTime time) const = 0;
};

// A zone in which no clock is ever set.
class FixedZone : public Zone {
public:
    explicit FixedZone(std::int32_t offset_s = 0) : offset_s_(offset_s) {}
    [[nodiscard]] Moments moments(const Civil& civil) const override;
    [[nodiscard]] std::int32_t offset_s_at(WallTime) const override { return offset_s_; }

private:
    std::int32_t offset_s_;
};

// The pieces of a time as they were cut out of a text; what is not there is empty. `month` may be a
// number or nothing else; `am_pm` is any of "AM", "p.m." ...; `zone` is "Z", "+0200", "+02:00",
// "+02" or "+020030"; `fraction` has 1 to 9 digits.
struct StampPieces {
    std::string_view year, year_of_two_digits, month, day, hour, minute, second, fraction, am_pm,
        zone;
};

// Absent when that day or that time of day is none, or lies before 1980 or behind 2099: no
// telephone call of those days is on anybody's disk, but many a number looks like a date. Hour 24
// with nothing behind it but minutes and seconds is hour 0 of the next day, as some recorders
// write.
std::optional<Stamp> stamp_of(const StampPieces& pieces);
// Seconds (10 digits) or milliseconds (13 digits) since 1970.
std::optional<Stamp> stamp_of_epoch(std::string_view digits);
Stamp stamp_of_instant(WallTime time);
// RFC 3339, or what is nearly so: a space or '_' for the T, the colons left out, no zone.
std::optional<Stamp> stamp_in(std::string_view text);

// In seconds east; absent when it is none.
std::optional<std::int32_t> offset_in(std::string_view text);
// RFC 3339 with that offset, and as many decimals (0, 3, 6 or 9) as it needs.
std::string with_offset(WallTime time, std::int32_t offset_s);
// As if the clock had stood in Greenwich. nullopt outside of what a WallTime can hold.
std::optional<WallTime> in_utc(const Civil& civil, std::int32_t nanos = 0);
Civil civil_in_utc(WallTime time);

// The moment, in `zone` when none was said: of an hour that came twice the first.
WallTime moment_of(const Stamp& stamp, const Zone& zone);
// The finding, in the offset that was said, else in the zone's own. Its remark is the gravest that
// applies: "day-only" (and weak), "hour-never-was", "hour-came-twice", "minute-only",
// "zone-assumed".
call::Finding started(const Stamp& stamp, const Zone& zone, call::Source source,
                      call::Sureness sureness);

}  // namespace nk::importing
