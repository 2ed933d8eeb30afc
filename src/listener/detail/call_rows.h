#pragma once
// The columns behind CallList: rows of 40 bytes, and what their small numbers stand for.

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "listener/call_list.h"
#include "listener/detail/verdicts.h"
#include "listener/detail/words.h"

namespace nk::listener {

namespace Flag {
constexpr std::uint8_t answered = 1;
constexpr std::uint8_t sound = 2;
constexpr std::uint8_t kept = 4;
constexpr std::uint8_t held = 8;
constexpr std::uint8_t removed = 16;    // and since when is in `moments`
constexpr std::uint8_t filed = 32;      // in albums, which are in `albums_of`
constexpr std::uint8_t announced = 64;  // and since when is in `moments`
constexpr std::uint8_t cut_off = 128;
constexpr std::uint8_t made_of_it = kept | held | removed | announced;
}  // namespace Flag

// Of what was brought; its direction in the lowest two bits (call/known.h).
namespace Bring {
constexpr std::uint8_t direction = 3;
constexpr std::uint8_t is_so = 4;
constexpr std::uint8_t message = 8;
constexpr std::uint8_t unsure = 16;
constexpr std::uint8_t own_is_second = 32;
}  // namespace Bring

struct Row {
    std::int64_t started = 0;
    std::uint64_t id = 0;
    std::uint32_t duration_ms = 0;
    std::uint32_t parties_at = 0;
    std::uint32_t tags = 0;  // a set of them
    std::uint16_t notes = 0;
    std::uint8_t parties = 0;
    std::uint8_t purpose = 0;  // as it is now
    std::uint8_t sealed_purpose = 0;
    std::uint8_t basis : 4 = 0;
    std::uint8_t door : 4 = 0;
    std::uint8_t flags = 0;
    std::uint8_t brought = 0;
};
static_assert(sizeof(Row) == 40);

struct RowPartyIds {
    std::uint32_t number = 0;  // of numbers
    std::uint32_t name = 0;    // of names
};

inline bool is_before(const Row& a, const Row& b) {
    return a.started != b.started ? a.started < b.started : a.id < b.id;
}

struct CallList::Inner {
    std::string country;
    std::vector<Row> rows;  // oldest first
    std::vector<RowPartyIds> parties;
    Words numbers;  // as signalled
    Words names;
    Words canonicals;                                            // of numbers
    std::vector<std::uint32_t> canonical;                        // by number: of canonicals
    std::vector<std::string> folded;                             // by name
    std::vector<std::string> digits;                             // by number
    std::unordered_map<std::uint64_t, std::int64_t> started_of;  // by id
    Words tags;
    std::map<std::vector<std::uint32_t>, std::uint32_t> tag_set_of;
    std::vector<std::vector<std::uint32_t>> tag_sets{{}};
    std::vector<Person> people;
    std::unordered_map<std::string, std::uint32_t> person_by_id;
    std::unordered_map<std::string, std::uint32_t> person_by_canonical;
    std::vector<std::uint32_t> person_of;  // by canonical: place in people and one; 0: nobody
    std::unordered_map<std::string, std::vector<AccountIndex>> accounts_of;  // by canonical
    std::vector<std::vector<AccountIndex>> claim_sets{{}};
    std::vector<std::uint32_t> claims_of;  // by canonical: of claim_sets; 0: nobody's

    struct Moments {
        std::optional<WallTime> announced;
        std::optional<WallTime> removed;
    };
    std::unordered_map<std::uint64_t, Moments> moments;  // by id; of few
    std::vector<Album> albums;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> albums_of;  // by id
    std::unordered_map<std::string, std::uint32_t> album_by_id;
    std::optional<std::vector<purpose::RetentionRule>> rules;
    bool has_rules_of_lines = false;

    std::uint32_t learn_number(std::string_view text);
    std::uint32_t learn_name(std::string_view text);
    std::uint32_t learn_canonical(const std::string& text);
    void look_up(std::uint32_t canonical_id);
    std::uint32_t claim_set(std::vector<AccountIndex> accounts);
    std::uint32_t tag_set(const std::vector<std::string>& texts);
    Row* row_of(std::string_view id);
    [[nodiscard]] const Row* row_of(std::string_view id) const;
    [[nodiscard]] std::span<const RowPartyIds> parties_of(const Row& row) const {
        return std::span(parties).subspan(row.parties_at, row.parties);
    }

    // For one viewer: the relations that a claim set, and an album, makes.
    struct Ties {
        std::vector<std::uint8_t> by_claims;
        std::vector<std::uint8_t> by_album;
    };
    struct Lens {
        Ties ties;
        Verdicts sees;
        Verdicts hears;
    };
    [[nodiscard]] Lens lens_of(const Viewer& viewer) const;
    [[nodiscard]] Ties ties_of(const Viewer& viewer) const;
    [[nodiscard]] std::uint8_t relations(const Row& row, const Ties& ties) const;
    [[nodiscard]] bool is_seen(const Row& row, const Lens& lens) const {
        return lens.sees.of(place_of(row), row.purpose, relations(row, lens.ties)).is_allowed;
    }
    void set_known(Row& row, const call::Known& known, const std::string& own_number);
    void set_started(Row& row, WallTime started);
    [[nodiscard]] static purpose::Place place_of(const Row& row) {
        return (row.flags & Flag::removed) != 0 ? purpose::Place::safekeeping
                                                : purpose::Place::archive;
    }
    [[nodiscard]] purpose::Fate fate_of(const Row& row, WallTime now) const;
    [[nodiscard]] Direction direction(const Row& row) const;
    [[nodiscard]] CallRow show(const Row& row, const Lens& lens, WallTime now) const;
    [[nodiscard]] std::uint8_t color_of_canonical(std::uint32_t id) const;

    // The query in the list's own terms.
    struct Sieve {
        std::int64_t from = std::numeric_limits<std::int64_t>::min();
        std::int64_t to = std::numeric_limits<std::int64_t>::max();
        std::uint32_t shortest = 0;
        std::uint32_t longest = std::numeric_limits<std::uint32_t>::max();
        std::optional<std::uint8_t> door;
        std::optional<std::uint8_t> purpose;
        std::optional<Direction> direction;
        std::optional<std::uint32_t> album;
        Only only = Only::all;
        WallTime now{};
        std::vector<bool> tag_sets;   // empty: any
        std::vector<bool> of_number;  // by number; empty: any
        std::vector<bool> of_person;  // the same
        std::vector<bool> has_text;   // by number, then by name; empty: any
        bool is_hopeless = false;     // it asks for what is not there
    };
    [[nodiscard]] Sieve sieve_of(const CallQuery& query) const;
    void seek_text(const std::string& text, Sieve& sieve) const;
    [[nodiscard]] bool is_in_part(const Row& row, const Sieve& sieve) const;
    [[nodiscard]] bool passes(const Row& row, const Sieve& sieve) const;
};

}  // namespace nk::listener
