#include "listener/desks/talks.h"

#include <algorithm>
#include <set>
#include <utility>

#include "listener/call_details.h"
#include "listener/fold.h"
#include "listener/form.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

constexpr Nanos around = hours(2);          // of a recording: there its talk is looked for
constexpr Nanos overlap_max = seconds(5);   // names of files are to the second
constexpr std::string_view alone = "none";  // somebody said that it is a talk by itself
constexpr std::size_t near_max = 50;
constexpr std::size_t parts_max = 20;

// Whom it was with, to be compared; empty when nobody knows.
std::string other_in(const CallRow& row, const std::string& country) {
    for (const auto& party : row.parties)
        if (!party.is_own) {
            const auto number = canonical_number(party.number, country);
            return number.empty() ? fold(party.name) : number;
        }
    return {};
}

WallTime end_of(const CallRow& row) {
    return row.started + row.duration;
}

}  // namespace

Talk talk_of(Counter& counter, const Ask& ask, const CallRow& row, const archive::Notes& notes) {
    Talk talk;
    if (notes.talk == alone || row.is_message)
        return talk;
    const auto& house = counter.house();
    const auto other = other_in(row, house.calls.country());
    CallQuery near;
    near.from = row.started + Nanos(-around.count());
    near.to = end_of(row) + around;
    near.door = purpose::Door::import;
    near.sort = Sort::oldest;
    near.limit = near_max;
    near.now = counter.wall();
    for (const auto& one : house.calls.page(ask.viewer, near).rows) {
        if (one.id == row.id || one.is_message)
            continue;
        const bool is_before = one.started < row.started;
        const Nanos gap = is_before ? row.started - end_of(one) : one.started - end_of(row);
        const bool may_be = !other.empty() && notes.talk.empty() && gap <= called_back_within &&
                            Nanos(0) <= gap + overlap_max &&
                            other_in(one, house.calls.country()) == other;
        if (notes.talk.empty() && !may_be)
            continue;
        const auto theirs = archive::read_notes(house.disk, counter.options().archive, one.id);
        if (!theirs)
            continue;
        if (!notes.talk.empty() && theirs->talk == notes.talk)
            talk.parts.push_back(one.id);
        else if (may_be && theirs->talk != alone &&
                 house.calls.may(ask.viewer, purpose::Action::edit, one.id).is_allowed)
            talk.offers.push_back({one.id, one.started, std::max(gap, Nanos(0)), is_before});
    }
    return talk;
}

void TalkDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("PUT", "calls/*/talk", Access::signed_in, Scope::write, &TalkDesk::set);
}

// All that are named belong to the talk that one of them may be in already; with none it is one by
// itself.
void TalkDesk::set(const Asked& ask) {
    const auto row = counter_.call_for(ask, purpose::Action::edit);
    if (!row)
        return;
    Form form(ask->request);
    auto with = form.maybe_texts("with", parts_max, {1, 60});
    if (!with && !form.has("with"))
        form.complain("with", "is missing");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    auto ids = *std::move(with);
    for (const auto& id : ids)
        if (!counter_.check(ask, id, purpose::Action::edit))
            return;
    const auto& root = counter_.options().archive;
    auto talk = ids.empty() ? std::string(alone) : row->id;
    const bool is_joined = !ids.empty();
    ids.push_back(row->id);
    std::set<std::string> talks;
    for (const auto& id : ids) {
        const auto notes = archive::read_notes(counter_.house().disk, root, id);
        if (!notes)
            return ask->answer(counter_.refused(notes.error()));
        if (!notes->talk.empty() && notes->talk != alone)
            talks.insert(notes->talk);
    }
    if (is_joined && talks.size() > 1)
        return ask->answer(problem(409, "two-talks",
                                   "They are parts of two talks already: say of each part that it "
                                   "is one by itself first."));
    if (is_joined && !talks.empty())
        talk = *talks.begin();
    for (const auto& id : ids) {
        if (!counter_.tell(*ask, {.what = "changed", .recording = id, .detail = "talk"}))
            return;
        const auto kept = archive::change_notes(
            counter_.house().disk, root, id,
            [&](archive::Notes& notes) { return std::exchange(notes.talk, talk) != talk; });
        if (!kept)
            return ask->answer(counter_.refused(kept.error()));
        counter_.on_recording(id);
        counter_.happened("recording.changed", id);
    }
    answer_with_call(counter_, ask);
}

}  // namespace nk::listener
