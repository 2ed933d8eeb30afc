#pragma once
// The one function's decisions (purpose/rights.h) laid out for a walk along the list: sets of
// relations are bits.

#include <array>
#include <cstddef>
#include <cstdint>

#include "purpose/rights.h"

namespace nk::listener {

inline constexpr std::size_t relation_sets = 64;

inline purpose::Relations relations_of(std::size_t bits) {
    purpose::Relations out{purpose::Relation::any};
    for (std::size_t i = 0; i < 5; ++i)
        if ((bits >> i & 1U) != 0)
            out.add(static_cast<purpose::Relation>(i));
    return out;
}

constexpr std::uint8_t bit_of(purpose::Relation relation) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(relation));
}

// What the one function says of every place, purpose and set of relations, for one viewer and
// action.
class Verdicts {
public:
    Verdicts(purpose::Roles roles, purpose::Action action) {
        for (const auto place : {purpose::Place::archive, purpose::Place::safekeeping})
            for (std::size_t why = 0; why < purposes; ++why)
                for (std::size_t bits = 0; bits < relation_sets; ++bits)
                    verdicts_[static_cast<std::size_t>(place)][why][bits] =
                        purpose::may(roles, action, static_cast<purpose::Purpose>(why),
                                     relations_of(bits), place);
    }
    [[nodiscard]] const purpose::Decision& of(purpose::Place place, std::uint8_t why,
                                              std::uint8_t relations) const {
        return verdicts_[static_cast<std::size_t>(place)][why][relations];
    }

private:
    static constexpr std::size_t purposes = 5;
    std::array<std::array<std::array<purpose::Decision, relation_sets>, purposes>, 2> verdicts_{};
};

}  // namespace nk::listener
