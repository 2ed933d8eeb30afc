#pragma once
// The list of all recordings, in memory: what a page, a filter or a right can ask for, 40 bytes a
// call and 8 a party. A page is a walk along it that asks purpose::may() for every row before it is
// shown or counted, so that no list, count, search or suggestion knows of more than its asker may
// see (docs/adr/0013-the-listener.md).
//
// It is read from the catalogue and follows it; whoever owns it says what came. One strand.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/catalogue.h"
#include "base/time.h"
#include "listener/fold.h"
#include "purpose/purpose.h"
#include "purpose/retention.h"
#include "purpose/rights.h"

namespace nk::listener {

// What people made of it.
struct Marked {
    std::optional<purpose::Purpose> purpose{};  // in place of the one it was recorded for
    bool is_kept = false;
    std::uint16_t notes = 0;
    std::vector<std::string> tags{};
    bool is_held = false;
    std::optional<WallTime> announced{};  // that its rule will let it go
    std::optional<WallTime> removed{};    // it lies in safekeeping since
    // Of what was brought, when something was found since it was sealed: all that is known now.
    struct Found {
        call::Known known;
        std::string own_number;
    };
    std::optional<Found> found{};
};

struct Person {
    std::string id{};
    std::string name{};
    std::vector<std::string> numbers{};
    std::optional<std::uint8_t> color{};
    std::string photo{};  // SHA-256 of the picture; empty: none
};

// Whose a number is: accounts by any small number that the owner of the list gives them.
using AccountIndex = std::uint16_t;

enum class Direction : std::uint8_t { in, out, internal, unknown };
std::string_view name_of(Direction direction);
std::optional<Direction> direction_named(std::string_view name);

enum class Sort : std::uint8_t { newest, oldest, longest, shortest };
std::optional<Sort> sort_named(std::string_view name);

// An album of a family, or a library for training.
struct Album {
    std::string id{};
    bool is_library = false;
    std::vector<AccountIndex> members{};  // who made it, and who was let in
    std::vector<std::string> calls{};     // ids
};

// A part of the list. What lies in safekeeping is in that part alone.
enum class Only : std::uint8_t { all, kept, held, going, unsure, safekeeping };
std::optional<Only> only_named(std::string_view name);

// Who asks.
struct Viewer {
    purpose::Roles roles;
    AccountIndex account = 0;
    std::vector<AccountIndex> team;  // accounts of the teams that they manage or train
};

struct CallQuery {
    std::string text{};  // a part of a name or number
    std::optional<WallTime> from{};
    std::optional<WallTime> to{};
    std::string person{};
    std::string number{};
    std::optional<Direction> direction{};
    std::optional<purpose::Door> door{};
    std::optional<purpose::Purpose> purpose{};
    std::optional<Nanos> shortest{};
    std::optional<Nanos> longest{};
    std::string tag{};
    std::string album{};
    Only only = Only::all;
    WallTime now{};  // for when something goes
    Sort sort = Sort::newest;
    std::string after{};  // Page::next of the page before
    std::size_t limit = 50;
    bool wants_total = false;
};

// One row, to be shown. Its views hold until the list changes.
struct RowParty {
    std::string_view number;
    std::string_view name;  // the person's, else as signalled
    const Person* person = nullptr;
    std::uint8_t color = 0;  // 0..11
    bool is_own = false;     // of what was brought: who recorded it
};
struct CallRow {
    std::string id{};
    WallTime started;
    Nanos duration{};
    purpose::Purpose purpose = purpose::Purpose::wording;
    purpose::Basis basis = purpose::Basis::own_line;
    purpose::Door door = purpose::Door::tap;
    Direction direction = Direction::unknown;
    bool is_answered = false;
    bool has_sound = false;
    bool is_cut_off = false;
    bool is_kept = false;
    bool is_held = false;
    bool may_be_heard = false;
    bool is_message = false;
    bool is_unsure = false;  // when it was, or with whom, wants somebody to look at it
    purpose::Fate fate;
    std::optional<WallTime> removed;
    std::uint16_t notes = 0;
    std::vector<RowParty> parties;
    std::vector<std::string_view> tags;
};

struct CallPage {
    std::vector<CallRow> rows;
    std::string next;  // empty on the last page
    std::optional<std::uint64_t> total;
};

class CallList {
public:
    // `country` is the code that national numbers are dialled from.
    explicit CallList(std::string country = std::string(usual_country));
    ~CallList();
    CallList(const CallList&) = delete;
    CallList& operator=(const CallList&) = delete;

    // Enters it, in place of an earlier one of its id. Ids that are none are passed over.
    void put(const archive::Brief& call);
    void remove(std::string_view id);
    // All recordings; people, claims, albums and rules stay.
    void clear();
    void mark(std::string_view id, const Marked& marked);
    // In place of those before.
    void set_people(std::vector<Person> people);
    struct Claim {
        AccountIndex account = 0;
        std::vector<std::string> numbers;
    };
    void set_claims(std::span<const Claim> claims);
    void set_albums(const std::vector<Album>& albums);
    // Nullopt: nobody knows them, and no rule lets anything go.
    void set_rules(std::optional<std::vector<purpose::RetentionRule>> rules);

    [[nodiscard]] CallPage page(const Viewer& viewer, const CallQuery& query) const;
    [[nodiscard]] bool has(std::string_view id) const;
    // Nullopt when there is none, or none that they may see.
    [[nodiscard]] std::optional<CallRow> find(const Viewer& viewer, std::string_view id,
                                              WallTime now) const;
    // What they may do with it; a refusal of everything when there is none.
    [[nodiscard]] purpose::Decision may(const Viewer& viewer, purpose::Action action,
                                        std::string_view id) const;
    // Whether they could see it before it was removed.
    [[nodiscard]] bool may_have_seen(const Viewer& viewer, std::string_view id) const;
    // Of a call that runs and is in no list yet, by its parties' numbers.
    [[nodiscard]] purpose::Decision may_of_live(const Viewer& viewer, purpose::Action action,
                                                purpose::Purpose purpose,
                                                std::span<const std::string> numbers) const;
    [[nodiscard]] Direction direction_of_live(std::span<const std::string> numbers) const;
    [[nodiscard]] bool is_in_safekeeping(std::string_view id) const;
    // Nullopt when there is none.
    [[nodiscard]] std::optional<purpose::Fate> fate(std::string_view id, WallTime now) const;
    struct Due {
        std::string id;
        purpose::Step step = purpose::Step::none;
    };
    // What is to be done with some of the rows: `count` of them from the one `place` on, which
    // moves on with them, and at the end is at the beginning again.
    [[nodiscard]] std::vector<Due> due(std::size_t& place, std::size_t count, WallTime now) const;
    // Ids of the albums that it lies in, of those that they may know of: they are let into an
    // album; a library is for the company.
    [[nodiscard]] std::vector<std::string> albums_of(const Viewer& viewer,
                                                     std::string_view id) const;
    [[nodiscard]] static bool knows(const Viewer& viewer, const Album& album);

    struct Tally {
        std::uint64_t calls = 0;
        WallTime last;
    };
    // Of calls that they may see. By the person's place in people(), and by tag.
    [[nodiscard]] std::vector<Tally> count_by_person(const Viewer& viewer) const;
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> count_by_tag(
        const Viewer& viewer) const;
    // By the album's place among those that were set.
    [[nodiscard]] std::vector<std::uint64_t> count_by_album(const Viewer& viewer) const;

    [[nodiscard]] const std::vector<Person>& people() const;
    [[nodiscard]] const Person* person_of(std::string_view number) const;
    [[nodiscard]] std::uint8_t color_of(std::string_view number) const;
    [[nodiscard]] const std::string& country() const;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] std::size_t bytes() const;  // of memory, about

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace nk::listener
