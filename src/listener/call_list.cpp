#include "listener/call_list.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

#include "listener/detail/call_rows.h"
#include "listener/detail/packed_id.h"
#include "listener/fold.h"

namespace nk::listener {

using purpose::Action;

std::string_view name_of(Direction direction) {
    constexpr std::array<std::string_view, 4> names{"in", "out", "internal", "unknown"};
    return names.at(static_cast<std::size_t>(direction));
}

std::optional<Direction> direction_named(std::string_view name) {
    for (const auto one : {Direction::in, Direction::out, Direction::internal, Direction::unknown})
        if (name_of(one) == name)
            return one;
    return std::nullopt;
}

std::optional<Sort> sort_named(std::string_view name) {
    constexpr std::array<std::string_view, 4> names{"newest", "oldest", "longest", "shortest"};
    const auto* at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
        return std::nullopt;
    return static_cast<Sort>(at - names.begin());
}

std::optional<Only> only_named(std::string_view name) {
    constexpr std::array<std::string_view, 6> names{"all",   "kept",   "held",
                                                    "going", "unsure", "safekeeping"};
    const auto* at = std::find(names.begin(), names.end(), name);
    if (at == names.end() || name == "all")  // which nobody needs to say
        return std::nullopt;
    return static_cast<Only>(at - names.begin());
}

CallList::CallList(std::string country) : inner_(std::make_unique<Inner>()) {
    inner_->country = std::move(country);
    inner_->canonical.push_back(0);  // of no number at all
    inner_->digits.emplace_back();
    inner_->folded.emplace_back();
    inner_->person_of.push_back(0);
    inner_->claims_of.push_back(0);
}

CallList::~CallList() = default;

namespace {

std::uint8_t bits_of(call::Direction direction, bool is_message, bool is_unsure, std::size_t own) {
    unsigned bits = static_cast<unsigned>(direction) & Bring::direction;
    bits |= Bring::is_so;
    bits |= is_message ? Bring::message : 0U;
    bits |= is_unsure ? Bring::unsure : 0U;
    bits |= own == 1 ? Bring::own_is_second : 0U;
    return static_cast<std::uint8_t>(bits);
}

}  // namespace

void CallList::put(const archive::Brief& call) {
    auto& in = *inner_;
    const auto id = pack_id(call.id);
    if (!id)
        return;
    Row row;
    row.purpose = row.sealed_purpose = static_cast<std::uint8_t>(call.purpose);
    if (const Row* known = in.row_of(call.id)) {  // what people made of it stays
        row.tags = known->tags;
        row.notes = known->notes;
        row.flags = known->flags & Flag::made_of_it;
        if (known->purpose != known->sealed_purpose)
            row.purpose = known->purpose;
        remove(call.id);
    }
    row.started = call.started.ns;
    row.id = *id;
    row.duration_ms = static_cast<std::uint32_t>(std::clamp<std::int64_t>(
        to_ms(call.duration), 0, std::numeric_limits<std::uint32_t>::max()));
    row.parties_at = static_cast<std::uint32_t>(in.parties.size());
    row.parties = static_cast<std::uint8_t>(std::min<std::size_t>(call.parties.size(), 255));
    for (std::size_t i = 0; i < row.parties; ++i)
        in.parties.push_back(
            {in.learn_number(call.parties[i].number), in.learn_name(call.parties[i].name)});
    row.basis = static_cast<std::uint8_t>(call.basis) & 15U;
    row.door = static_cast<std::uint8_t>(call.door) & 15U;
    if (call.is_brought)
        row.brought = bits_of(call.direction, call.is_message, call.is_unsure, call.own);
    if (call.is_answered)
        row.flags |= Flag::answered;
    if (call.has_sound)
        row.flags |= Flag::sound;
    if (call.is_cut_off)
        row.flags |= Flag::cut_off;
    if (in.albums_of.contains(*id))
        row.flags |= Flag::filed;
    in.started_of[*id] = row.started;
    in.rows.insert(std::lower_bound(in.rows.begin(), in.rows.end(), row, is_before), row);
}

void CallList::remove(std::string_view id) {
    auto& in = *inner_;
    const Row* row = in.row_of(id);
    if (row == nullptr)
        return;
    in.started_of.erase(row->id);
    in.moments.erase(row->id);
    in.rows.erase(in.rows.begin() + (row - in.rows.data()));
}

void CallList::clear() {
    inner_->rows.clear();
    inner_->parties.clear();
    inner_->started_of.clear();
    inner_->moments.clear();
}

void CallList::mark(std::string_view id, const Marked& marked) {
    Row* row = inner_->row_of(id);
    if (row == nullptr)
        return;
    row->purpose =
        marked.purpose ? static_cast<std::uint8_t>(*marked.purpose) : row->sealed_purpose;
    unsigned flags = row->flags & ~unsigned{Flag::made_of_it};
    flags |= marked.is_kept ? Flag::kept : 0U;
    flags |= marked.is_held ? Flag::held : 0U;
    flags |= marked.removed ? Flag::removed : 0U;
    flags |= marked.announced ? Flag::announced : 0U;
    row->flags = static_cast<std::uint8_t>(flags);
    if (marked.announced || marked.removed)
        inner_->moments[row->id] = {marked.announced, marked.removed};
    else
        inner_->moments.erase(row->id);
    row->notes = marked.notes;
    row->tags = inner_->tag_set(marked.tags);
    if (marked.found)
        inner_->set_known(*row, marked.found->known, marked.found->own_number);
}

void CallList::Inner::set_known(Row& row, const call::Known& known, const std::string& own_number) {
    const auto heard = call::heard_by(known, own_number);
    row.brought = bits_of(known.direction, known.is_message, known.is_unsure(), heard.own);
    row.parties_at = static_cast<std::uint32_t>(parties.size());
    row.parties = static_cast<std::uint8_t>(std::min<std::size_t>(heard.parties.size(), 255));
    for (std::size_t i = 0; i < row.parties; ++i)
        parties.push_back(
            {learn_number(heard.parties[i].number), learn_name(heard.parties[i].name)});
    if (known.started && known.started->ns != row.started)
        set_started(row, *known.started);
}

// It takes its new place among the others.
void CallList::Inner::set_started(Row& row, WallTime started) {
    Row moved = row;
    rows.erase(rows.begin() + (&row - rows.data()));
    moved.started = started.ns;
    started_of[moved.id] = moved.started;
    rows.insert(std::lower_bound(rows.begin(), rows.end(), moved, is_before), moved);
}

void CallList::set_people(std::vector<Person> people) {
    auto& in = *inner_;
    in.people = std::move(people);
    in.person_by_id.clear();
    in.person_by_canonical.clear();
    for (std::uint32_t i = 0; i < in.people.size(); ++i) {
        in.person_by_id.emplace(in.people[i].id, i);
        for (const auto& number : in.people[i].numbers)
            in.person_by_canonical.emplace(canonical_number(number, in.country), i);
    }
    for (std::uint32_t id = 1; id < in.canonicals.size(); ++id)
        in.look_up(id);
}

void CallList::set_claims(std::span<const Claim> claims) {
    auto& in = *inner_;
    in.accounts_of.clear();
    in.claim_sets.assign(1, {});
    for (const auto& claim : claims)
        for (const auto& number : claim.numbers)
            if (auto canonical = canonical_number(number, in.country); !canonical.empty())
                in.accounts_of[std::move(canonical)].push_back(claim.account);
    for (std::uint32_t id = 1; id < in.canonicals.size(); ++id)
        in.look_up(id);
}

void CallList::set_albums(const std::vector<Album>& albums) {
    auto& in = *inner_;
    for (const auto& [id, places] : in.albums_of)
        if (Row* row = in.row_of(unpack_id(id)); row != nullptr)
            row->flags = static_cast<std::uint8_t>(row->flags & ~unsigned{Flag::filed});
    in.albums_of.clear();
    in.album_by_id.clear();
    in.albums = albums;
    for (std::uint32_t place = 0; place < albums.size(); ++place) {
        in.album_by_id.emplace(albums[place].id, place);
        for (const auto& call : albums[place].calls)
            if (const auto id = pack_id(call))
                in.albums_of[*id].push_back(place);
    }
    for (const auto& [id, places] : in.albums_of)
        if (Row* row = in.row_of(unpack_id(id)); row != nullptr)
            row->flags |= Flag::filed;
}

void CallList::set_rules(std::optional<std::vector<purpose::RetentionRule>> rules) {
    auto& in = *inner_;
    in.rules = std::move(rules);
    in.has_rules_of_lines = false;
    if (!in.rules)
        return;
    std::erase_if(*in.rules, [&](purpose::RetentionRule& rule) {
        if (rule.line.empty())
            return false;
        rule.line = canonical_number(rule.line, in.country);
        in.has_rules_of_lines = true;
        return rule.line.empty();  // it was no number, and is no rule for all either
    });
}

bool CallList::has(std::string_view id) const {
    return std::as_const(*inner_).row_of(id) != nullptr;
}

std::optional<CallRow> CallList::find(const Viewer& viewer, std::string_view id,
                                      WallTime now) const {
    const Row* row = std::as_const(*inner_).row_of(id);
    if (row == nullptr)
        return std::nullopt;
    const auto lens = inner_->lens_of(viewer);
    if (!inner_->is_seen(*row, lens))
        return std::nullopt;
    return inner_->show(*row, lens, now);
}

purpose::Decision CallList::may(const Viewer& viewer, Action action, std::string_view id) const {
    const Row* row = std::as_const(*inner_).row_of(id);
    if (row == nullptr)
        return {};
    const auto relations = inner_->relations(*row, inner_->ties_of(viewer));
    return purpose::may(viewer.roles, action, static_cast<purpose::Purpose>(row->purpose),
                        relations_of(relations), Inner::place_of(*row));
}

bool CallList::may_have_seen(const Viewer& viewer, std::string_view id) const {
    const Row* row = std::as_const(*inner_).row_of(id);
    return row != nullptr &&
           purpose::may(viewer.roles, Action::see, static_cast<purpose::Purpose>(row->purpose),
                        relations_of(inner_->relations(*row, inner_->ties_of(viewer))))
               .is_allowed;
}

purpose::Decision CallList::may_of_live(const Viewer& viewer, Action action,
                                        purpose::Purpose purpose,
                                        std::span<const std::string> numbers) const {
    purpose::Relations relations{purpose::Relation::any};
    bool is_claimed = false;
    for (const auto& number : numbers) {
        const auto claimed = inner_->accounts_of.find(canonical_number(number, inner_->country));
        if (claimed == inner_->accounts_of.end())
            continue;
        is_claimed = true;
        for (const auto account : claimed->second) {
            if (account == viewer.account)
                relations.add(purpose::Relation::own);
            if (std::find(viewer.team.begin(), viewer.team.end(), account) != viewer.team.end())
                relations.add(purpose::Relation::team);
        }
    }
    if (!is_claimed)
        relations.add(purpose::Relation::unclaimed);
    return purpose::may(viewer.roles, action, purpose, relations);
}

Direction CallList::direction_of_live(std::span<const std::string> numbers) const {
    bool is_from_here = false;
    bool is_to_here = false;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (inner_->accounts_of.contains(canonical_number(numbers[i], inner_->country)))
            (i == 0 ? is_from_here : is_to_here) = true;
    if (is_from_here)
        return is_to_here ? Direction::internal : Direction::out;
    return is_to_here ? Direction::in : Direction::unknown;
}

bool CallList::is_in_safekeeping(std::string_view id) const {
    const Row* row = std::as_const(*inner_).row_of(id);
    return row != nullptr && Inner::place_of(*row) == purpose::Place::safekeeping;
}

std::optional<purpose::Fate> CallList::fate(std::string_view id, WallTime now) const {
    const Row* row = std::as_const(*inner_).row_of(id);
    return row == nullptr ? std::nullopt : std::optional(inner_->fate_of(*row, now));
}

std::vector<CallList::Due> CallList::due(std::size_t& place, std::size_t count,
                                         WallTime now) const {
    std::vector<Due> out;
    const auto& rows = inner_->rows;
    const auto end = std::min(rows.size(), place + count);
    for (auto at = std::min(place, end); at < end; ++at)
        if (const auto fate = inner_->fate_of(rows[at], now); fate.step != purpose::Step::none)
            out.push_back({unpack_id(rows[at].id), fate.step});
    place = end == rows.size() ? 0 : end;
    return out;
}

bool CallList::knows(const Viewer& viewer, const Album& album) {
    using purpose::Role;
    if (album.is_library)
        return viewer.roles.has_one_of({Role::owner, Role::manager, Role::trainer, Role::employee});
    return std::find(album.members.begin(), album.members.end(), viewer.account) !=
           album.members.end();
}

std::vector<std::string> CallList::albums_of(const Viewer& viewer, std::string_view id) const {
    std::vector<std::string> out;
    const auto packed = pack_id(id);
    const auto known = packed ? inner_->albums_of.find(*packed) : inner_->albums_of.end();
    if (known != inner_->albums_of.end())
        for (const auto place : known->second)
            if (knows(viewer, inner_->albums[place]))
                out.push_back(inner_->albums[place].id);
    return out;
}

std::vector<CallList::Tally> CallList::count_by_person(const Viewer& viewer) const {
    const auto& in = *inner_;
    const auto lens = in.lens_of(viewer);
    std::vector<Tally> out(in.people.size());
    std::vector<std::uint32_t> counted;
    for (const auto& row : in.rows) {
        if ((row.flags & Flag::removed) != 0 || !in.is_seen(row, lens))
            continue;
        counted.clear();
        for (const auto& party : in.parties_of(row)) {
            const auto person = in.person_of[in.canonical[party.number]];
            if (person == 0 || std::find(counted.begin(), counted.end(), person) != counted.end())
                continue;
            counted.push_back(person);
            ++out[person - 1].calls;
            out[person - 1].last = std::max(out[person - 1].last, WallTime{row.started});
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::uint64_t>> CallList::count_by_tag(
    const Viewer& viewer) const {
    const auto& in = *inner_;
    const auto lens = in.lens_of(viewer);
    std::vector<std::uint64_t> by_set(in.tag_sets.size(), 0);
    for (const auto& row : in.rows)
        if (row.tags != 0 && (row.flags & Flag::removed) == 0 && in.is_seen(row, lens))
            ++by_set[row.tags];
    std::map<std::string, std::uint64_t> by_tag;
    for (std::size_t set = 0; set < by_set.size(); ++set)
        if (by_set[set] > 0)
            for (const auto tag : in.tag_sets[set])
                by_tag[in.tags.text(tag)] += by_set[set];
    return {by_tag.begin(), by_tag.end()};
}

std::vector<std::uint64_t> CallList::count_by_album(const Viewer& viewer) const {
    const auto& in = *inner_;
    const auto lens = in.lens_of(viewer);
    std::vector<std::uint64_t> out(in.albums.size(), 0);
    for (const auto& [id, places] : in.albums_of) {
        const Row* row = in.row_of(unpack_id(id));
        if (row == nullptr || (row->flags & Flag::removed) != 0 || !in.is_seen(*row, lens))
            continue;
        for (const auto place : places)
            ++out[place];
    }
    return out;
}

const std::vector<Person>& CallList::people() const {
    return inner_->people;
}

const Person* CallList::person_of(std::string_view number) const {
    const auto known = inner_->person_by_canonical.find(canonical_number(number, inner_->country));
    return known == inner_->person_by_canonical.end() ? nullptr : &inner_->people[known->second];
}

std::uint8_t CallList::color_of(std::string_view number) const {
    return inner_->color_of_canonical(
        inner_->learn_canonical(canonical_number(number, inner_->country)));
}

const std::string& CallList::country() const {
    return inner_->country;
}

std::size_t CallList::size() const {
    return inner_->rows.size();
}

std::size_t CallList::bytes() const {
    const auto& in = *inner_;
    constexpr std::size_t of_a_word = 128;  // the text, its place, its entry
    return in.rows.capacity() * sizeof(Row) + in.parties.capacity() * sizeof(RowPartyIds) +
           in.started_of.size() * 40 +
           (in.numbers.size() + in.names.size() + in.canonicals.size()) * of_a_word;
}

}  // namespace nk::listener
