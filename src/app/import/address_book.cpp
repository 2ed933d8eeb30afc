#include "app/import/address_book.h"

#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/limits.h"
#include "intake/import/number_tail.h"

namespace nk::app {

namespace {

constexpr std::size_t numbers_max = 100;  // of a person
constexpr std::size_t text_bytes_max = 100;

// As the window makes them: "p-7k3v9qd2".
std::string person_id(Random& random) {
    constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
    std::array<std::uint8_t, 8> chance{};
    random.fill(chance);
    std::string id = "p-";
    for (const auto byte : chance)
        id += letters[byte & 31U];
    return id;
}

// A card's numbers: whose some are, and those that are nobody's yet.
struct Split {
    std::set<std::size_t> owners;
    std::vector<std::string> free;
};

Split split_of(const wire::VCard& card,
               const std::unordered_map<std::string, std::size_t>& owners) {
    Split split;
    std::set<std::string> seen;
    for (const auto& number : card.numbers) {
        const auto tail = importing::number_tail(number.number);
        if (tail.empty() || number.number.size() > text_bytes_max || !seen.insert(tail).second)
            continue;
        if (const auto owner = owners.find(tail); owner != owners.end())
            split.owners.insert(owner->second);
        else
            split.free.push_back(number.number);
    }
    return split;
}

}  // namespace

std::uint64_t add_cards(const std::vector<wire::VCard>& cards, Random& random,
                        std::vector<archive::KnownPerson>& people) {
    std::unordered_map<std::string, std::size_t> owners;  // by the numbers' ends
    for (std::size_t i = 0; i < people.size(); ++i)
        for (const auto& number : people[i].numbers)
            owners.emplace(importing::number_tail(number), i);
    std::set<std::size_t> changed;
    for (const auto& card : cards) {
        if (card.name.empty())
            continue;
        const auto split = split_of(card, owners);
        if (split.free.empty())
            continue;
        auto whose = people.size();
        if (split.owners.size() == 1)
            whose = *split.owners.begin();
        else if (people.size() < limits::people_max)
            people.push_back({person_id(random), card.name, {}, {}, {}});
        else
            continue;
        for (const auto& number : split.free)
            if (people[whose].numbers.size() < numbers_max) {
                people[whose].numbers.push_back(number);
                owners.emplace(importing::number_tail(number), whose);
                changed.insert(whose);
            }
    }
    return changed.size();
}

Result<std::uint64_t> add_to_people(Disk& disk, Random& random, const std::string& root,
                                    const std::vector<wire::VCard>& cards) {
    if (cards.empty())
        return 0;
    NK_TAKE(const auto turn, archive::turn_of_people(disk, root, true));
    NK_TAKE(auto people, archive::read_people(disk, root));
    const auto changed = add_cards(cards, random, people);
    if (changed > 0)
        NK_TRY(archive::write_people(disk, root, people));
    return changed;
}

}  // namespace nk::app
