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

// What the one function says of every purpose and set of relations, for one viewer and action.
class Verdicts {
public:
    Verdicts(purpose::Roles roles, purpose::Action action) {
        for (std::size_t why = 0; why < verdicts_.size(); ++why)
            for (std::size_t bits = 0; bits < relation_sets; ++bits)
                verdicts_[why][bits] = purpose::may(
                    roles, action, static_cast<purpose::Purpose>(why), relations_of(bits));
    }
    [[nodiscard]] const purpose::Decision& of(std::uint8_t why, std::uint8_t relations) const {
        return verdicts_[why][relations];
    }

private:
    std::array<std::array<purpose::Decision, relation_sets>, 5> verdicts_{};
};

}  // namespace nk::listener
