#pragma once
// The cards of a telephone's contacts as people of the archive, who give their names to every call
// with their numbers, whatever door it came by.

#include <cstdint>
#include <vector>

#include "archive/house_files.h"
#include "base/clock.h"
#include "wire/vcard.h"

namespace nk::app {

// Adds those cards that tell something new; what people typed themselves stays. A number that is
// somebody's stays theirs, and a card with one of theirs gives them its other numbers, whatever
// they are called; two of the same name may be two people. Gives how many people are new or have a
// new number.
std::uint64_t add_cards(const std::vector<wire::VCard>& cards, Random& random,
                        std::vector<archive::KnownPerson>& people);

// The same with the archive's file, in its turn.
Result<std::uint64_t> add_to_people(Disk& disk, Random& random, const std::string& root,
                                    const std::vector<wire::VCard>& cards);

}  // namespace nk::app
