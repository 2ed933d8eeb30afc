#pragma once
// The patterns of dates that a template may hold: Java's DateTimeFormatter as far as names of files
// use it, "unix_s" and "unix_ms", and bcr-gui's words ("year", "hours" ...). Both ways: as a
// pattern that reads, and written for a moment. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/import/stamp.h"

namespace nk::importing {

// What a group of the reading pattern holds.
enum class Piece : std::uint8_t {
    year,
    year_of_two_digits,
    month,
    month_word,
    day,
    hour,
    minute,
    second,
    fraction,
    am_pm,
    zone,
    zone_minutes,
    epoch,
    direction,
    sim_slot,
    number,
    contact_name,
    other_name,
};

class DatePattern {
public:
    // An empty pattern is BCR's own: yyyyMMdd_HHmmss, a fraction, an offset.
    static Result<DatePattern> compile(std::string_view pattern);

    // RE2, with one group for each of pieces(), in their order.
    [[nodiscard]] const std::string& regex() const { return regex_; }
    [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
    // As Java would write it, in English. `zone_name` is for VV and z: "Europe/Amsterdam".
    [[nodiscard]] std::string write(WallTime time, std::int32_t offset_s,
                                    std::string_view zone_name) const;

private:
    struct Field {
        char letter;  // of the pattern, or 0 for a text that stands for itself
        std::size_t count;
        std::string text;
    };
    struct Moment;
    static std::string written(const Field& field, const Moment& moment);
    Result<void> add_field(char letter, std::size_t count);
    void add_text(std::string_view text);
    void add_group(std::string_view regex, Piece piece);
    void add_fixed(std::string_view regex, std::vector<Piece> pieces, char letter,
                   std::size_t count = 0);
    Result<void> parse(std::string_view pattern);

    std::string regex_;
    std::vector<Piece> pieces_;
    std::vector<Field> fields_;
};

// The text as a pattern that matches it, or what BCR makes of it where a file's name cannot have a
// sign.
std::string quoted_for_name(std::string_view text);

}  // namespace nk::importing
