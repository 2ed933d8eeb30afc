#pragma once
// Who may do what with a recording, by why it is kept and how it concerns them. One pure decision
// with a reason, and the only one: lists, counts, searches, links and downloads all ask it.
//
// | purpose            | who                                  | may                             |
// |--------------------|--------------------------------------|---------------------------------|
// | wording, agreement | owner, family: own call              | everything that is one's own    |
// |                    | others: own call                     | see, hear, note                 |
// | memory, keepsake   | owner, family: own call              | everything that is one's own    |
// |                    | owner, family: in an album of theirs | see, hear, note, download       |
// | training           | employee, trainer, manager: own call | see, hear, note                 |
// |                    | trainer: of a team of theirs         | see, hear, note, edit           |
// |                    | manager: of a team of theirs         | the same, download, share, keep |
// |                    | anybody of the company: in a library | see, hear, note                 |
// |                    | owner: any                           | see, remove                     |
// | any of these       | owner: of nobody's line              | everything that is one's own    |
// | not of families    | auditor: any                         | see                             |
//
// To hold (nobody deletes it) is for owner, auditor and a team's manager, of what they see; to
// release a hold for owner and auditor. What was removed lies in safekeeping (Place). An
// administrator runs the system and hears nothing by that.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "purpose/purpose.h"

namespace nk::purpose {

enum class Role : std::uint8_t { owner, manager, trainer, employee, family, auditor, admin };
inline constexpr std::array all_roles{Role::owner,  Role::manager, Role::trainer, Role::employee,
                                      Role::family, Role::auditor, Role::admin};

enum class Action : std::uint8_t {
    see,       // that it exists: facts, ledger, notes; in lists, counts and searches
    hear,      // play it, and look at its waveform
    download,  // take a copy along
    note,      // write beside it
    edit,      // its tags, its people, its purpose
    share,     // let somebody without an account hear it
    keep,      // no rule deletes it
    remove,    // into safekeeping
    hold,      // nobody deletes it
    release,   // the hold
};
inline constexpr std::array all_actions{
    Action::see,   Action::hear, Action::download, Action::note, Action::edit,
    Action::share, Action::keep, Action::remove,   Action::hold, Action::release};

// How a recording concerns somebody; several may be true at once.
enum class Relation : std::uint8_t {
    own,        // a party's number is theirs
    team,       // a party's number belongs to a team that they lead or train
    album,      // it lies in an album that they were let into
    library,    // it lies in a training library
    unclaimed,  // nobody's number is in it
    any,        // always true
};

// A set of up to eight of an enumeration's members.
template <class Member>
class Set {
public:
    constexpr Set() = default;
    constexpr Set(std::initializer_list<Member> members) {
        for (const auto member : members)
            add(member);
    }
    constexpr void add(Member member) { bits_ |= bit(member); }
    [[nodiscard]] constexpr bool has(Member member) const { return (bits_ & bit(member)) != 0; }
    [[nodiscard]] constexpr bool has_one_of(Set others) const {
        return (bits_ & others.bits_) != 0;
    }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    constexpr bool operator==(const Set&) const = default;

private:
    static constexpr std::uint8_t bit(Member member) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(member));
    }
    std::uint8_t bits_ = 0;
};
using Roles = Set<Role>;
using Relations = Set<Relation>;

enum class Reason : std::uint8_t {
    own_call,
    of_the_team,
    in_an_album,
    in_the_library,
    of_nobodys_line,
    oversight,          // sees that it exists, and no more
    not_yours,          // it concerns somebody else
    not_for_this_role,  // it concerns them, but not for that
    in_safekeeping,     // it was removed
    administers_only,   // runs the system, and hears no calls by that
};

struct Decision {
    bool is_allowed = false;
    Reason reason = Reason::not_yours;
    bool operator==(const Decision&) const = default;
};

// Where a recording lies.
enum class Place : std::uint8_t {
    archive,
    safekeeping,  // removed, and not yet deleted: for those who may remove or hold it, to be seen,
                  // brought back and held; nobody hears it
};

Decision may(Roles roles, Action action, Purpose purpose, Relations relations,
             Place place = Place::archive);

std::string_view name_of(Role role);
std::string_view name_of(Action action);
std::string_view name_of(Relation relation);
std::string_view name_of(Reason reason);
std::optional<Role> role_named(std::string_view name);

}  // namespace nk::purpose
