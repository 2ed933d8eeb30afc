#include "app/import/address_book.h"

#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
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

// Of the card's numbers those that are nobody's yet; they are somebody's then.
std::vector<std::string> free_numbers(const wire::VCard& card,
                                      std::unordered_set<std::string>& taken) {
    std::vector<std::string> out;
    for (const auto& number : card.numbers) {
        const auto tail = importing::number_tail(number.number);
        if (!tail.empty() && number.number.size() <= text_bytes_max && out.size() < numbers_max &&
            taken.insert(tail).second)
            out.push_back(number.number);
    }
    return out;
}

}  // namespace

std::uint64_t add_cards(const std::vector<wire::VCard>& cards, Random& random,
                        std::vector<archive::KnownPerson>& people) {
    std::unordered_set<std::string> taken;
    std::unordered_map<std::string, std::size_t> named;
    for (std::size_t i = 0; i < people.size(); ++i) {
        named.emplace(people[i].name, i);
        for (const auto& number : people[i].numbers)
            taken.insert(importing::number_tail(number));
    }
    std::set<std::size_t> changed;
    for (const auto& card : cards) {
        if (card.name.empty())
            continue;
        auto numbers = free_numbers(card, taken);
        if (numbers.empty())
            continue;
        const auto [at, is_new] = named.emplace(card.name, people.size());
        if (is_new) {
            if (people.size() >= limits::people_max)
                break;
            people.push_back({person_id(random), card.name, {}, {}, {}});
        }
        auto& all = people[at->second].numbers;
        for (auto& number : numbers)
            if (all.size() < numbers_max)
                all.push_back(std::move(number));
        changed.insert(at->second);
    }
    return changed.size();
}

Result<std::uint64_t> add_to_people(Disk& disk, Random& random, const std::string& root,
                                    const std::vector<wire::VCard>& cards) {
    if (cards.empty())
        return 0;
    NK_TAKE(const auto turn, archive::turn_of_people(disk, root));
    NK_TAKE(auto people, archive::read_people(disk, root));
    const auto changed = add_cards(cards, random, people);
    if (changed > 0)
        NK_TRY(archive::write_people(disk, root, people));
    return changed;
}

}  // namespace nk::app
