#include "listener/detail/call_rows.h"

#include <algorithm>
#include <utility>

#include "listener/detail/packed_id.h"
#include "listener/fold.h"

namespace nk::listener {

namespace {

using purpose::Action;
using purpose::Relation;

constexpr std::uint8_t colors = 12;

}  // namespace

std::uint32_t CallList::Inner::learn_canonical(const std::string& text) {
    const auto before = canonicals.size();
    const auto id = canonicals.number_of(text);
    if (canonicals.size() > before) {
        person_of.push_back(0);
        claims_of.push_back(0);
        look_up(id);
    }
    return id;
}

// Whose that number is.
void CallList::Inner::look_up(std::uint32_t id) {
    const auto& text = canonicals.text(id);
    const auto person = person_by_canonical.find(text);
    person_of[id] = person == person_by_canonical.end() ? 0 : person->second + 1;
    const auto claimed = accounts_of.find(text);
    claims_of[id] = claimed == accounts_of.end() ? 0 : claim_set(claimed->second);
}

std::uint32_t CallList::Inner::learn_number(std::string_view text) {
    const auto before = numbers.size();
    const auto id = numbers.number_of(text);
    if (numbers.size() > before) {
        canonical.push_back(learn_canonical(canonical_number(text, country)));
        digits.push_back(digits_of(text));
    }
    return id;
}

std::uint32_t CallList::Inner::learn_name(std::string_view text) {
    const auto before = names.size();
    const auto id = names.number_of(text);
    if (names.size() > before)
        folded.push_back(fold(text));
    return id;
}

std::uint32_t CallList::Inner::claim_set(std::vector<AccountIndex> accounts) {
    std::sort(accounts.begin(), accounts.end());
    accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
    const auto known = std::find(claim_sets.begin(), claim_sets.end(), accounts);
    if (known != claim_sets.end())
        return static_cast<std::uint32_t>(known - claim_sets.begin());
    claim_sets.push_back(std::move(accounts));
    return static_cast<std::uint32_t>(claim_sets.size() - 1);
}

std::uint32_t CallList::Inner::tag_set(const std::vector<std::string>& texts) {
    std::vector<std::uint32_t> set;
    for (const auto& text : texts)
        set.push_back(tags.number_of(text));
    if (set.empty())
        return 0;
    const auto [at, is_new] =
        tag_set_of.try_emplace(set, static_cast<std::uint32_t>(tag_sets.size()));
    if (is_new)
        tag_sets.push_back(set);
    return at->second;
}

const Row* CallList::Inner::row_of(std::string_view id) const {
    const auto packed = pack_id(id);
    const auto known = packed ? started_of.find(*packed) : started_of.end();
    if (known == started_of.end())
        return nullptr;
    Row wanted;
    wanted.started = known->second;
    wanted.id = *packed;
    return &*std::lower_bound(rows.begin(), rows.end(), wanted, is_before);
}

Row* CallList::Inner::row_of(std::string_view id) {
    return const_cast<Row*>(std::as_const(*this).row_of(id));
}

CallList::Inner::Ties CallList::Inner::ties_of(const Viewer& viewer) const {
    Ties out{std::vector<std::uint8_t>(claim_sets.size(), 0),
             std::vector<std::uint8_t>(albums.size(), 0)};
    for (std::size_t i = 1; i < claim_sets.size(); ++i)
        for (const auto account : claim_sets[i]) {
            if (account == viewer.account)
                out.by_claims[i] |= bit_of(Relation::own);
            if (std::find(viewer.team.begin(), viewer.team.end(), account) != viewer.team.end())
                out.by_claims[i] |= bit_of(Relation::team);
        }
    for (std::size_t i = 0; i < albums.size(); ++i) {
        const auto& members = albums[i].members;
        if (albums[i].is_library)
            out.by_album[i] = bit_of(Relation::library);
        else if (std::find(members.begin(), members.end(), viewer.account) != members.end())
            out.by_album[i] = bit_of(Relation::album);
    }
    return out;
}

CallList::Inner::Lens CallList::Inner::lens_of(const Viewer& viewer) const {
    return {ties_of(viewer), Verdicts(viewer.roles, Action::see),
            Verdicts(viewer.roles, Action::hear)};
}

std::uint8_t CallList::Inner::relations(const Row& row, const Ties& ties) const {
    std::uint8_t out = 0;
    bool is_claimed = false;
    for (const auto& party : parties_of(row)) {
        const auto claims = claims_of[canonical[party.number]];
        out |= ties.by_claims[claims];
        is_claimed = is_claimed || claims != 0;
    }
    if ((row.flags & Flag::filed) != 0)
        for (const auto album : albums_of.at(row.id))
            out |= ties.by_album[album];
    return is_claimed ? out : static_cast<std::uint8_t>(out | bit_of(Relation::unclaimed));
}

purpose::Fate CallList::Inner::fate_of(const Row& row, WallTime now) const {
    purpose::Standing standing{.ended = WallTime{row.started} + milliseconds(row.duration_ms),
                               .is_kept = (row.flags & Flag::kept) != 0,
                               .is_held = (row.flags & Flag::held) != 0,
                               .is_in_album = (row.flags & Flag::filed) != 0};
    if ((row.flags & (Flag::announced | Flag::removed)) != 0) {
        const auto& moment = moments.at(row.id);
        standing.announced = moment.announced;
        standing.removed = moment.removed;
    }
    std::optional<Nanos> length;
    if (rules) {
        std::vector<std::string_view> lines;
        if (has_rules_of_lines)
            for (const auto& party : parties_of(row))
                lines.emplace_back(canonicals.text(canonical[party.number]));
        length = purpose::kept_for(*rules, static_cast<purpose::Purpose>(row.purpose), lines);
    }
    return purpose::fate_of(standing, length, now);
}

Direction CallList::Inner::direction(const Row& row) const {
    if ((row.brought & Bring::is_so) != 0)  // as it was found, and not by whose numbers they are
        switch (static_cast<call::Direction>(row.brought & Bring::direction)) {
            case call::Direction::in:
                return Direction::in;
            case call::Direction::out:
                return Direction::out;
            case call::Direction::conference:
            case call::Direction::unknown:
                return Direction::unknown;
        }
    bool is_from_here = false;
    bool is_to_here = false;
    const auto all = parties_of(row);
    for (std::size_t i = 0; i < all.size(); ++i)
        if (claims_of[canonical[all[i].number]] != 0)
            (i == 0 ? is_from_here : is_to_here) = true;
    if (is_from_here)
        return is_to_here ? Direction::internal : Direction::out;
    return is_to_here ? Direction::in : Direction::unknown;
}

std::uint8_t CallList::Inner::color_of_canonical(std::uint32_t id) const {
    if (const auto person = person_of[id]; person != 0) {
        const auto& one = people[person - 1];
        if (one.color)
            return *one.color;
    }
    // The same wherever and whenever it is shown: of the number alone.
    std::uint32_t hash = 2'166'136'261U;  // FNV-1a
    for (const char c : canonicals.text(id))
        hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return static_cast<std::uint8_t>(hash % colors);
}

CallRow CallList::Inner::show(const Row& row, const Lens& lens, WallTime now) const {
    CallRow out;
    out.id = unpack_id(row.id);
    out.started = WallTime{row.started};
    out.duration = milliseconds(row.duration_ms);
    out.purpose = static_cast<purpose::Purpose>(row.purpose);
    out.basis = static_cast<purpose::Basis>(row.basis);
    out.door = static_cast<purpose::Door>(row.door);
    out.direction = direction(row);
    out.is_answered = (row.flags & Flag::answered) != 0;
    out.has_sound = (row.flags & Flag::sound) != 0;
    out.is_cut_off = (row.flags & Flag::cut_off) != 0;
    out.is_kept = (row.flags & Flag::kept) != 0;
    out.is_held = (row.flags & Flag::held) != 0;
    out.fate = fate_of(row, now);
    if ((row.flags & Flag::removed) != 0)
        out.removed = moments.at(row.id).removed;
    out.may_be_heard =
        out.has_sound &&
        lens.hears.of(place_of(row), row.purpose, relations(row, lens.ties)).is_allowed;
    out.notes = row.notes;
    const bool is_brought = (row.brought & Bring::is_so) != 0;
    const std::size_t own = (row.brought & Bring::own_is_second) != 0 ? 1 : 0;
    out.is_message = (row.brought & Bring::message) != 0;
    out.is_unsure = (row.brought & Bring::unsure) != 0;
    for (const auto& party : parties_of(row)) {
        const auto id = canonical[party.number];
        RowParty shown{numbers.text(party.number), names.text(party.name), nullptr,
                       color_of_canonical(id)};
        shown.is_own = is_brought && out.parties.size() == own;
        if (const auto person = person_of[id]; person != 0) {
            shown.person = &people[person - 1];
            shown.name = shown.person->name;
        }
        out.parties.push_back(shown);
    }
    for (const auto tag : tag_sets[row.tags])
        out.tags.emplace_back(tags.text(tag));
    return out;
}

}  // namespace nk::listener
