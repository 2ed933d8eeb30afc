// What a query asks for, and the page that answers it.

#include <algorithm>
#include <charconv>

#include "listener/detail/call_rows.h"
#include "listener/fold.h"

namespace nk::listener {

// A part of a party's name, of the person's, or of a number: its digits as they were signalled, or
// the beginning of it as somebody would dial it from here.
void CallList::Inner::seek_text(const std::string& text, Sieve& sieve) const {
    const auto wanted = fold(text);
    const NumberSought sought(text, country);
    std::vector<bool> by_person(people.size() + 1, false);
    for (std::size_t i = 0; i < people.size(); ++i)
        by_person[i + 1] = fold(people[i].name).find(wanted) != std::string::npos;
    sieve.has_text.assign(numbers.size() + names.size(), false);
    for (std::size_t i = 1; i < numbers.size(); ++i) {
        const auto& whole = canonicals.text(canonical[i]);
        const bool is_dialled = sought.is_in(digits[i], whole);
        const bool is_a_name = digits[i].empty() && whole.find(wanted) != std::string::npos;
        sieve.has_text[i] = is_dialled || is_a_name || by_person[person_of[canonical[i]]];
    }
    for (std::size_t i = 1; i < names.size(); ++i)
        sieve.has_text[numbers.size() + i] = folded[i].find(wanted) != std::string::npos;
}

CallList::Inner::Sieve CallList::Inner::sieve_of(const CallQuery& query) const {
    Sieve sieve;
    if (query.from)
        sieve.from = query.from->ns;
    if (query.to)
        sieve.to = query.to->ns;
    const auto whole_ms = [](Nanos length) {
        return static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(to_ms(length), 0, std::numeric_limits<std::uint32_t>::max()));
    };
    if (query.shortest)
        sieve.shortest = whole_ms(*query.shortest);
    if (query.longest)
        sieve.longest = whole_ms(*query.longest);
    if (query.door)
        sieve.door = static_cast<std::uint8_t>(*query.door);
    if (query.purpose)
        sieve.purpose = static_cast<std::uint8_t>(*query.purpose);
    sieve.direction = query.direction;
    sieve.only = query.only;
    sieve.now = query.now;
    if (!query.album.empty()) {
        const auto wanted = album_by_id.find(query.album);
        sieve.is_hopeless = wanted == album_by_id.end();
        if (!sieve.is_hopeless)
            sieve.album = wanted->second;
    }
    if (!query.tag.empty()) {
        const auto wanted = tags.find(query.tag);
        sieve.is_hopeless = sieve.is_hopeless || !wanted;
        for (const auto& set : tag_sets)
            sieve.tag_sets.push_back(wanted &&
                                     std::find(set.begin(), set.end(), *wanted) != set.end());
    }
    if (!query.number.empty()) {
        const auto wanted = canonicals.find(canonical_number(query.number, country));
        sieve.is_hopeless = sieve.is_hopeless || !wanted;
        for (const auto one : canonical)
            sieve.of_number.push_back(wanted && *wanted != 0 && one == *wanted);
    }
    if (!query.person.empty()) {
        const auto wanted = person_by_id.find(query.person);
        sieve.is_hopeless = sieve.is_hopeless || wanted == person_by_id.end();
        for (const auto one : canonical)
            sieve.of_person.push_back(wanted != person_by_id.end() &&
                                      person_of[one] == wanted->second + 1);
    }
    if (!query.text.empty())
        seek_text(query.text, sieve);
    return sieve;
}

bool CallList::Inner::is_in_part(const Row& row, const Sieve& sieve) const {
    const bool is_removed = (row.flags & Flag::removed) != 0;
    switch (sieve.only) {
        case Only::all:
            return !is_removed;
        case Only::kept:
            return !is_removed && (row.flags & Flag::kept) != 0;
        case Only::held:
            return (row.flags & Flag::held) != 0;
        case Only::safekeeping:
            return is_removed;
        case Only::unsure:
            return !is_removed && (row.brought & Bring::unsure) != 0;
        case Only::going:
            break;
    }
    if (is_removed)
        return false;
    const auto fate = fate_of(row, sieve.now);
    return fate.stay == purpose::Stay::until &&
           (fate.step == purpose::Step::announce || (row.flags & Flag::announced) != 0);
}

bool CallList::Inner::passes(const Row& row, const Sieve& sieve) const {
    if (!is_in_part(row, sieve))
        return false;
    if (sieve.album) {
        if ((row.flags & Flag::filed) == 0)
            return false;
        const auto& places = albums_of.at(row.id);
        if (std::find(places.begin(), places.end(), *sieve.album) == places.end())
            return false;
    }
    if (row.duration_ms < sieve.shortest || row.duration_ms > sieve.longest ||
        (sieve.door && row.door != *sieve.door) ||
        (sieve.purpose && row.purpose != *sieve.purpose) ||
        (!sieve.tag_sets.empty() && !sieve.tag_sets[row.tags]))
        return false;
    if (sieve.direction && direction(row) != *sieve.direction)
        return false;
    const auto all = parties_of(row);
    const auto has_one_of = [&](const std::vector<bool>& wanted) {
        return wanted.empty() || std::any_of(all.begin(), all.end(), [&](const auto& party) {
                   return wanted[party.number];
               });
    };
    if (!has_one_of(sieve.of_number) || !has_one_of(sieve.of_person))
        return false;
    return sieve.has_text.empty() || std::any_of(all.begin(), all.end(), [&](const auto& party) {
               return sieve.has_text[party.number] || sieve.has_text[numbers.size() + party.name];
           });
}

namespace {

// Where a page ended: what it is sorted by, and the row itself.
struct Cursor {
    std::uint64_t value = 0;
    std::int64_t started = 0;
    std::uint64_t id = 0;

    [[nodiscard]] std::string text() const {
        return std::to_string(value) + "." + std::to_string(started) + "." + std::to_string(id);
    }
    static std::optional<Cursor> read(std::string_view text) {
        Cursor out;
        const auto take = [&text](auto& value) {
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), value);
            if (error != std::errc())
                return false;
            text.remove_prefix(static_cast<std::size_t>(end - text.data()));
            if (text.starts_with('.'))
                text.remove_prefix(1);
            return true;
        };
        if (!take(out.value) || !take(out.started) || !take(out.id) || !text.empty())
            return std::nullopt;
        return out;
    }
};

}  // namespace

CallPage CallList::page(const Viewer& viewer, const CallQuery& query) const {
    const auto& in = *inner_;
    CallPage page;
    if (query.wants_total)
        page.total = 0;
    const auto sieve = in.sieve_of(query);
    const auto after = Cursor::read(query.after);
    if (sieve.is_hopeless || (!after && !query.after.empty()))
        return page;
    const auto lens = in.lens_of(viewer);
    const bool is_by_length = query.sort == Sort::longest || query.sort == Sort::shortest;
    const bool is_downwards = query.sort == Sort::newest || query.sort == Sort::longest;
    // Whether a comes before b on the pages.
    const auto comes_first = [&](const Row& a, const Row& b) {
        if (is_by_length && a.duration_ms != b.duration_ms)
            return (a.duration_ms > b.duration_ms) == is_downwards;
        return is_downwards ? is_before(b, a) : is_before(a, b);
    };
    Row last;
    if (after) {
        last.duration_ms = static_cast<std::uint32_t>(after->value);
        last.started = after->started;
        last.id = after->id;
    }
    std::vector<const Row*> found;
    const auto consider = [&](const Row& row) {
        if (!in.passes(row, sieve) || !in.is_seen(row, lens))
            return;
        if (page.total)
            ++*page.total;
        if (after && !comes_first(last, row))
            return;
        if (!is_by_length) {
            if (found.size() <= query.limit)
                found.push_back(&row);
            return;
        }
        const auto first = [&](const Row* a, const Row* b) { return comes_first(*a, *b); };
        found.insert(std::upper_bound(found.begin(), found.end(), &row, first), &row);
        if (found.size() > query.limit + 1)
            found.pop_back();
    };
    const auto by_start = [](const Row& row, std::int64_t started) {
        return row.started < started;
    };
    auto from = std::lower_bound(in.rows.begin(), in.rows.end(), sieve.from, by_start);
    auto to = std::lower_bound(in.rows.begin(), in.rows.end(), sieve.to, by_start);
    // Where no total is asked for, nothing that an earlier page had is looked at again.
    if (after && !is_by_length && !page.total) {
        const auto there = std::lower_bound(in.rows.begin(), in.rows.end(), last, is_before);
        (is_downwards ? to : from) = is_downwards ? std::min(to, there) : std::max(from, there);
    }
    const auto is_enough = [&] {
        return !page.total && !is_by_length && found.size() > query.limit;
    };
    if (is_downwards)
        for (auto at = to; at > from && !is_enough();)
            consider(*--at);
    else
        for (auto at = from; at < to && !is_enough(); ++at)
            consider(*at);
    if (found.size() > query.limit) {
        found.resize(query.limit);
        if (!found.empty())
            page.next =
                Cursor{found.back()->duration_ms, found.back()->started, found.back()->id}.text();
    }
    for (const Row* row : found)
        page.rows.push_back(in.show(*row, lens, query.now));
    return page;
}

}  // namespace nk::listener
