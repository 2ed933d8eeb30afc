#include "purpose/rights.h"

#include <algorithm>

namespace nk::purpose {

namespace {

using Actions = std::uint16_t;

constexpr Actions bits(std::initializer_list<Action> actions) {
    Actions out = 0;
    for (const auto action : actions)
        out = static_cast<Actions>(out | 1U << static_cast<unsigned>(action));
    return out;
}

constexpr Actions hearing = bits({Action::see, Action::hear, Action::note});
constexpr Actions hearing_and_copy =
    bits({Action::see, Action::hear, Action::note, Action::download});
constexpr Actions training_others = bits({Action::see, Action::hear, Action::note, Action::edit});
constexpr Actions leading = bits({Action::see, Action::hear, Action::note, Action::edit,
                                  Action::download, Action::share, Action::keep, Action::hold});
constexpr Actions all_of_ones_own =
    bits({Action::see, Action::hear, Action::download, Action::note, Action::edit, Action::share,
          Action::keep, Action::remove, Action::hold, Action::release});
constexpr Actions governing = bits({Action::see, Action::remove, Action::hold, Action::release});
constexpr Actions auditing = bits({Action::see, Action::hold, Action::release});

// What is in safekeeping, by those who may bring it back.
constexpr Actions had_back = bits({Action::see, Action::remove, Action::hold, Action::release});

constexpr unsigned private_ones =
    1U << static_cast<unsigned>(Purpose::wording) | 1U << static_cast<unsigned>(Purpose::agreement);
constexpr unsigned family_ones =
    1U << static_cast<unsigned>(Purpose::memory) | 1U << static_cast<unsigned>(Purpose::keepsake);
constexpr unsigned training_ones = 1U << static_cast<unsigned>(Purpose::training);
constexpr unsigned every_one = private_ones | family_ones | training_ones;

struct Rule {
    unsigned purposes;
    Roles roles;
    Relation relation;
    Actions actions;
    Reason reason;
};

// The first that allows it gives the reason.
constexpr std::array rules{
    Rule{private_ones | family_ones,
         {Role::owner, Role::family},
         Relation::own,
         all_of_ones_own,
         Reason::own_call},
    Rule{private_ones,
         {Role::manager, Role::trainer, Role::employee},
         Relation::own,
         hearing,
         Reason::own_call},
    Rule{family_ones,
         {Role::owner, Role::family},
         Relation::album,
         hearing_and_copy,
         Reason::in_an_album},
    Rule{training_ones,
         {Role::owner, Role::manager, Role::trainer, Role::employee},
         Relation::own,
         hearing,
         Reason::own_call},
    Rule{training_ones, {Role::trainer}, Relation::team, training_others, Reason::of_the_team},
    Rule{training_ones, {Role::manager}, Relation::team, leading, Reason::of_the_team},
    Rule{training_ones,
         {Role::owner, Role::manager, Role::trainer, Role::employee},
         Relation::library,
         hearing,
         Reason::in_the_library},
    Rule{every_one, {Role::owner}, Relation::unclaimed, all_of_ones_own, Reason::of_nobodys_line},
    Rule{training_ones, {Role::owner}, Relation::any, governing, Reason::oversight},
    Rule{private_ones | training_ones, {Role::auditor}, Relation::any, auditing, Reason::oversight},
};

constexpr bool fits(const Rule& rule, Roles roles, unsigned purpose, Relations relations) {
    return (rule.purposes & purpose) != 0 && rule.roles.has_one_of(roles) &&
           (rule.relation == Relation::any || relations.has(rule.relation));
}

constexpr std::array<std::string_view, 7> role_names{"owner",  "manager", "trainer", "employee",
                                                     "family", "auditor", "admin"};
constexpr std::array<std::string_view, 10> action_names{
    "see", "hear", "download", "note", "edit", "share", "keep", "remove", "hold", "release"};
constexpr std::array<std::string_view, 6> relation_names{"own",     "team",      "album",
                                                         "library", "unclaimed", "any"};
constexpr std::array<std::string_view, 10> reason_names{
    "own-call",  "of-the-team", "in-an-album",       "in-the-library", "of-nobodys-line",
    "oversight", "not-yours",   "not-for-this-role", "in-safekeeping", "administers-only"};

}  // namespace

Decision may(Roles roles, Action action, Purpose purpose, Relations relations, Place place) {
    if (place == Place::safekeeping) {
        const bool is_had_back = may(roles, Action::remove, purpose, relations).is_allowed ||
                                 may(roles, Action::hold, purpose, relations).is_allowed;
        const auto decision = may(roles, action, purpose, relations);
        if (!is_had_back)
            return {false, decision.is_allowed ? Reason::in_safekeeping : decision.reason};
        if ((had_back & bits({action})) == 0)
            return {false, Reason::in_safekeeping};
        return decision;
    }
    const unsigned asked = 1U << static_cast<unsigned>(purpose);
    const Actions wanted = bits({action});
    bool concerns = false;
    for (const auto& rule : rules) {
        if (!fits(rule, roles, asked, relations))
            continue;
        if ((rule.actions & wanted) != 0)
            return {true, rule.reason};
        concerns = true;
    }
    if (concerns)
        return {false, Reason::not_for_this_role};
    const bool only_administers = roles == Roles{Role::admin};
    return {false, only_administers ? Reason::administers_only : Reason::not_yours};
}

std::string_view name_of(Role role) {
    return role_names.at(static_cast<std::size_t>(role));
}
std::string_view name_of(Action action) {
    return action_names.at(static_cast<std::size_t>(action));
}
std::string_view name_of(Relation relation) {
    return relation_names.at(static_cast<std::size_t>(relation));
}
std::string_view name_of(Reason reason) {
    return reason_names.at(static_cast<std::size_t>(reason));
}

std::optional<Role> role_named(std::string_view name) {
    const auto* at = std::find(role_names.begin(), role_names.end(), name);
    if (at == role_names.end())
        return std::nullopt;
    return static_cast<Role>(at - role_names.begin());
}

}  // namespace nk::purpose
