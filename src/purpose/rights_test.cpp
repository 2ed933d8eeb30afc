#include "purpose/rights.h"

#include <map>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

namespace nk::purpose {
namespace {

constexpr std::array all_relations{Relation::own,     Relation::team,      Relation::album,
                                   Relation::library, Relation::unclaimed, Relation::any};
constexpr std::array all_purposes{Purpose::wording, Purpose::training, Purpose::agreement,
                                  Purpose::memory, Purpose::keepsake};

Relations with_any(Relation relation) {
    return {relation, Relation::any};
}

// A letter for each action that is allowed, in the order of all_actions.
std::string allowed(Role role, Purpose purpose, Relation relation) {
    constexpr std::string_view letters = "shdneSkrHR";
    std::string out;
    for (std::size_t i = 0; i < all_actions.size(); ++i)
        if (may({role}, all_actions[i], purpose, with_any(relation)).is_allowed)
            out += letters[i];
    return out;
}

// The whole table by hand: what is not in it is nothing. A line that is missing here and allowed
// there is red, and so is the other way round.
using Key = std::tuple<Role, Purpose, Relation>;
std::map<Key, std::string> table() {
    const std::string all = "shdneSkrHR";
    const std::string hear = "shn";
    std::map<Key, std::string> out;
    for (const auto purpose : {Purpose::wording, Purpose::agreement}) {
        out[{Role::owner, purpose, Relation::own}] = all;
        out[{Role::owner, purpose, Relation::unclaimed}] = all;
        out[{Role::family, purpose, Relation::own}] = all;
        out[{Role::manager, purpose, Relation::own}] = hear;
        out[{Role::trainer, purpose, Relation::own}] = hear;
        out[{Role::employee, purpose, Relation::own}] = hear;
    }
    for (const auto purpose : {Purpose::memory, Purpose::keepsake}) {
        out[{Role::owner, purpose, Relation::own}] = all;
        out[{Role::owner, purpose, Relation::unclaimed}] = all;
        out[{Role::owner, purpose, Relation::album}] = "shdn";
        out[{Role::family, purpose, Relation::own}] = all;
        out[{Role::family, purpose, Relation::album}] = "shdn";
    }
    for (const auto relation : all_relations)
        out[{Role::owner, Purpose::training, relation}] = "srHR";
    out[{Role::owner, Purpose::training, Relation::own}] = "shnrHR";
    out[{Role::owner, Purpose::training, Relation::library}] = "shnrHR";
    out[{Role::owner, Purpose::training, Relation::unclaimed}] = all;
    out[{Role::manager, Purpose::training, Relation::own}] = hear;
    out[{Role::manager, Purpose::training, Relation::team}] = "shdneSkH";
    out[{Role::manager, Purpose::training, Relation::library}] = hear;
    out[{Role::trainer, Purpose::training, Relation::own}] = hear;
    out[{Role::trainer, Purpose::training, Relation::team}] = "shne";
    out[{Role::trainer, Purpose::training, Relation::library}] = hear;
    out[{Role::employee, Purpose::training, Relation::own}] = hear;
    out[{Role::employee, Purpose::training, Relation::library}] = hear;
    for (const auto relation : all_relations)
        for (const auto purpose : {Purpose::wording, Purpose::agreement, Purpose::training})
            out[{Role::auditor, purpose, relation}] = "sHR";
    return out;
}

TEST(rights, are_those_of_the_table) {
    const auto expected = table();
    for (const auto role : all_roles)
        for (const auto purpose : all_purposes)
            for (const auto relation : all_relations) {
                const auto known = expected.find({role, purpose, relation});
                EXPECT_EQ(allowed(role, purpose, relation),
                          known == expected.end() ? "" : known->second)
                    << name_of(role) << ", " << name_of(purpose) << ", " << name_of(relation);
            }
}

TEST(rights, an_administrator_hears_nothing_by_that) {
    for (const auto action : all_actions)
        for (const auto purpose : all_purposes) {
            const auto decision = may({Role::admin}, action, purpose,
                                      {Relation::own, Relation::team, Relation::album,
                                       Relation::library, Relation::unclaimed, Relation::any});
            EXPECT_EQ(decision, (Decision{false, Reason::administers_only}));
        }
}

TEST(rights, say_why) {
    EXPECT_EQ(may({Role::employee}, Action::hear, Purpose::training, with_any(Relation::own)),
              (Decision{true, Reason::own_call}));
    EXPECT_EQ(may({Role::employee}, Action::download, Purpose::training, with_any(Relation::own)),
              (Decision{false, Reason::not_for_this_role}));
    EXPECT_EQ(may({Role::employee}, Action::see, Purpose::agreement, with_any(Relation::team)),
              (Decision{false, Reason::not_yours}));
    EXPECT_EQ(may({Role::manager}, Action::hear, Purpose::training, with_any(Relation::team)),
              (Decision{true, Reason::of_the_team}));
    EXPECT_EQ(may({}, Action::see, Purpose::training, with_any(Relation::own)),
              (Decision{false, Reason::not_yours}));
}

Roles roles_of(unsigned bits) {
    Roles out;
    for (std::size_t i = 0; i < all_roles.size(); ++i)
        if ((bits >> i & 1U) != 0)
            out.add(all_roles[i]);
    return out;
}

Relations relations_of(unsigned bits) {
    Relations out{Relation::any};
    for (std::size_t i = 0; i < all_relations.size(); ++i)
        if ((bits >> i & 1U) != 0)
            out.add(all_relations[i]);
    return out;
}

// Of every set of roles and relations there is: more of either never takes anything away, and who
// may do anything at all may see it.
TEST(rights, grow_with_roles_and_relations_and_begin_with_seeing) {
    for (unsigned roles = 0; roles < 1U << all_roles.size(); ++roles)
        for (unsigned relations = 0; relations < 1U << all_relations.size(); ++relations)
            for (const auto purpose : all_purposes)
                for (const auto action : all_actions) {
                    const bool is_allowed =
                        may(roles_of(roles), action, purpose, relations_of(relations)).is_allowed;
                    bool by_any = false;
                    for (const auto role : all_roles)
                        for (const auto relation : all_relations)
                            by_any = by_any ||
                                     (roles_of(roles).has(role) &&
                                      relations_of(relations).has(relation) &&
                                      may({role}, action, purpose, with_any(relation)).is_allowed);
                    ASSERT_EQ(is_allowed, by_any);
                    if (is_allowed) {
                        ASSERT_TRUE(
                            may(roles_of(roles), Action::see, purpose, relations_of(relations))
                                .is_allowed);
                    }
                }
}

TEST(rights, have_names_that_are_read_back) {
    for (const auto role : all_roles)
        EXPECT_EQ(role_named(name_of(role)), role);
    EXPECT_EQ(role_named("king"), std::nullopt);
}

// Whoever may neither remove nor hold it does not know that it was there; the others see it, bring
// it back and hold it, and hear nothing.
TEST(rights, hide_what_is_in_safekeeping) {
    for (const auto role : all_roles)
        for (const auto purpose : all_purposes)
            for (const auto relation : all_relations) {
                const auto here = [&](Action action) {
                    return may({role}, action, purpose, with_any(relation)).is_allowed;
                };
                const auto there = [&](Action action) {
                    return may({role}, action, purpose, with_any(relation), Place::safekeeping)
                        .is_allowed;
                };
                const bool has_it_back = here(Action::remove) || here(Action::hold);
                for (const auto action : all_actions) {
                    const bool may_be = action == Action::see || action == Action::remove ||
                                        action == Action::hold || action == Action::release;
                    EXPECT_EQ(there(action), may_be && has_it_back && here(action))
                        << name_of(role) << ", " << name_of(purpose) << ", " << name_of(relation)
                        << ", " << name_of(action);
                }
            }
    EXPECT_EQ(
        may({Role::employee}, Action::hear, Purpose::training, {Relation::own}, Place::safekeeping)
            .reason,
        Reason::in_safekeeping);
}

}  // namespace
}  // namespace nk::purpose
