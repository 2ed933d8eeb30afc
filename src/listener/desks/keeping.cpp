#include "listener/desks/keeping.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "archive/house_files.h"
#include "archive/notes.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/call_details.h"
#include "listener/copies.h"
#include "listener/fold.h"
#include "listener/form.h"
#include "listener/peaks.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Action;
using purpose::Step;

constexpr std::string_view by_rule = "rule";
constexpr std::size_t rows_at_once = 20'000;
constexpr std::size_t steps_at_once = 50;
constexpr Nanos pause_after_trouble = minutes(10);
constexpr Nanos time_at_once = milliseconds(10);
constexpr std::size_t failures_max = 10'000;
constexpr Nanos leap_min = hours(1);
constexpr Nanos unseen_max = hours(48);
constexpr Nanos trust_after = hours(6);
constexpr std::string_view last_seen_setting = "clock_seen_at";
constexpr std::int64_t days_max = 36'500;

archive::Act act_of(const Ask& ask, WallTime now) {
    return {ask.account->id, ask.account->name, now};
}

}  // namespace

KeepingDesk::KeepingDesk(Counter& counter) : counter_(counter) {}

void KeepingDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("DELETE", "calls/*", Access::signed_in, Scope::remove, &KeepingDesk::remove);
    book.add("POST", "calls/*/restore", Access::signed_in, Scope::remove, &KeepingDesk::restore);
    book.add("POST", "calls/*/hold", Access::signed_in, Scope::remove, &KeepingDesk::hold);
    book.add("POST", "calls/*/release", Access::signed_in, Scope::remove, &KeepingDesk::release);
    book.add("GET", "retention", Access::signed_in, Scope::read, &KeepingDesk::get_rules);
    book.add("PUT", "retention", Access::signed_in, Scope::house, &KeepingDesk::set_rules);
}

void KeepingDesk::read_rules() {
    const auto& house = counter_.house();
    auto read = archive::read_retention(house.disk, counter_.options().archive);
    if (!read) {
        house.warn(read.error().what + "; until it can be, no rule lets a recording go");
        return house.calls.set_rules(std::nullopt);
    }
    rules_ = *read;
    house.calls.set_rules(std::move(*read));
}

// To the file, then to the list.
std::optional<HttpReply> KeepingDesk::write(const std::string& id, const archive::Notes& notes,
                                            std::string_view happening) {
    const auto& house = counter_.house();
    if (const auto written =
            archive::write_notes(house.disk, counter_.options().archive, id, notes);
        !written)
        return counter_.refused(written.error());
    counter_.on_recording(id);
    counter_.happened(happening, id);
    return std::nullopt;
}

// What is being deleted cannot be had back, held or let go of any more: a part of it may be gone.
std::optional<HttpReply> KeepingDesk::why_too_late(const std::string& id) const {
    const auto& house = counter_.house();
    const auto deletion = archive::read_deletion(house.disk, counter_.options().archive, id);
    if (!deletion)
        return counter_.refused(deletion.error());
    if (*deletion)
        return problem(409, "deleted", "Its deletion has begun: it cannot be had back any more.");
    return std::nullopt;
}

std::optional<HttpReply> KeepingDesk::put_away(const Ask& ask, const std::string& id) {
    const auto& house = counter_.house();
    if (auto refusal = why_too_late(id))
        return refusal;
    auto notes = archive::read_notes(house.disk, counter_.options().archive, id);
    if (!notes)
        return counter_.refused(notes.error());
    if (notes->removed)
        return problem(409, "in-safekeeping", "It is in safekeeping already.");
    if (notes->hold)
        return problem(409, "held", "It is held: two people must release it first.");
    if (notes->is_kept)
        return problem(409, "kept", "It is kept: say first that it need not be.");
    if (!counter_.write_down(
            {.what = "removed", .who = ask.account->id, .from = came_from(ask), .recording = id}))
        return not_written_down();
    notes->removed = act_of(ask, counter_.wall());
    return write(id, *notes, "recording.removed");
}

std::optional<HttpReply> KeepingDesk::bring_back(const Ask& ask, const std::string& id) {
    const auto& house = counter_.house();
    if (auto refusal = why_too_late(id))
        return refusal;
    auto notes = archive::read_notes(house.disk, counter_.options().archive, id);
    if (!notes)
        return counter_.refused(notes.error());
    if (!notes->removed)
        return problem(409, "not-in-safekeeping", "It is not in safekeeping.");
    if (!counter_.write_down(
            {.what = "restored", .who = ask.account->id, .from = came_from(ask), .recording = id}))
        return not_written_down();
    notes->removed.reset();
    notes->announced.reset();  // a rule that wants it gone gives notice again
    return write(id, *notes, "recording.restored");
}

void KeepingDesk::remove(const Asked& ask) {
    const auto row = counter_.call_for(ask, Action::remove);
    if (!row)
        return;
    auto refusal = put_away(*ask, row->id);
    ask->answer(refusal ? std::move(*refusal) : HttpReply{.status = 204});
}

void KeepingDesk::restore(const Asked& ask) {
    const auto row = counter_.call_for(ask, Action::remove);
    if (!row)
        return;
    if (auto refusal = bring_back(*ask, row->id))
        return ask->answer(std::move(*refusal));
    answer_with_call(counter_, ask);
}

void KeepingDesk::hold(const Asked& ask) {
    const auto row = counter_.call_for(ask, Action::hold);
    if (!row)
        return;
    Form form(ask->request);
    const auto reason = form.text("reason", {1, 1'000});
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const auto& house = counter_.house();
    if (auto refusal = why_too_late(row->id))
        return ask->answer(std::move(*refusal));
    auto notes = archive::read_notes(house.disk, counter_.options().archive, row->id);
    if (!notes)
        return ask->answer(counter_.refused(notes.error()));
    if (notes->hold)
        return ask->answer(problem(409, "held", "It is held already."));
    // Why is for those who see the recording; the log knows who and when.
    if (!counter_.tell(*ask, {.what = "held", .recording = row->id}))
        return;
    notes->hold = archive::Hold{act_of(*ask, counter_.wall()), reason, {}};
    if (auto refusal = write(row->id, *notes, "recording.held"))
        return ask->answer(std::move(*refusal));
    answer_with_call(counter_, ask);
}

void KeepingDesk::release(const Asked& ask) {
    const auto row = counter_.call_for(ask, Action::release);
    if (!row)
        return;
    const auto& house = counter_.house();
    auto notes = archive::read_notes(house.disk, counter_.options().archive, row->id);
    if (!notes)
        return ask->answer(counter_.refused(notes.error()));
    if (!notes->hold)
        return ask->answer(problem(409, "not-held", "It is not held."));
    auto& voices = notes->hold->released;
    if (std::any_of(voices.begin(), voices.end(),
                    [&](const auto& voice) { return voice.by == ask->account->id; }))
        return ask->answer(
            problem(409, "said-already", "You said so already; somebody else must say so, too."));
    voices.push_back(act_of(*ask, counter_.wall()));
    const bool is_over = voices.size() >= purpose::release_voices;
    if (!counter_.tell(*ask,
                       {.what = is_over ? "released" : "release-asked", .recording = row->id}))
        return;
    if (is_over)
        notes->hold.reset();
    if (is_over && notes->removed)  // there is time again to have it back
        notes->removed->at = counter_.wall();
    if (auto refusal = write(row->id, *notes, is_over ? "recording.released" : "recording.changed"))
        return ask->answer(std::move(*refusal));
    answer_with_call(counter_, ask);
}

std::string KeepingDesk::rules_json() const {
    Json json;
    json["rules"] = Json::array();
    for (const auto& rule : rules_) {
        Json one{{"purpose", name_of(rule.purpose)}};
        if (!rule.line.empty())
            one["line"] = as_utf8(rule.line);
        one["days"] = rule.days ? Json(*rule.days) : Json(nullptr);
        json["rules"].push_back(std::move(one));
    }
    json["notice_days"] = purpose::notice_days;
    json["safekeeping_days"] = purpose::safekeeping_days;
    return json.dump();
}

void KeepingDesk::get_rules(const Asked& ask) {
    ask->answer({.content_type = "application/json", .body = rules_json()});
}

void KeepingDesk::set_rules(const Asked& ask) {
    if (!ask->account->roles.has(purpose::Role::owner))
        return ask->answer(not_allowed("not-for-this-role"));
    Form form(ask->request);
    std::vector<purpose::RetentionRule> rules;
    form.each("rules", 200, [&](Form& one) {
        purpose::RetentionRule rule;
        const auto why = purpose::purpose_named(one.text("purpose", {1, 20}));
        if (!why)
            one.complain("purpose", "is none that there is");
        rule.purpose = why.value_or(rule.purpose);
        rule.line = one.maybe_text("line", {1, 100}).value_or("");
        if (!rule.line.empty() &&
            canonical_number(rule.line, counter_.house().calls.country()).empty())
            one.complain("line", "is no number");
        if (!one.has("days"))
            one.complain("days", "is missing: a number, or null for ever");
        rule.days = one.maybe_whole_or_null("days", 1, days_max);
        rules.push_back(std::move(rule));
    });
    for (std::size_t i = 0; i < rules.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (rules[i].purpose == rules[j].purpose && rules[i].line == rules[j].line)
                form.complain("rules", "say two things of one purpose and line");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const auto& house = counter_.house();
    if (!counter_.tell(
            *ask, {.what = "retention-set", .detail = std::to_string(rules.size()) + " rules"}))
        return;
    if (const auto written =
            archive::write_retention(house.disk, counter_.options().archive, rules);
        !written)
        return ask->answer(counter_.refused(written.error()));
    rules_ = rules;
    house.calls.set_rules(std::move(rules));
    ask->answer({.content_type = "application/json", .body = rules_json()});
}

// Set ahead by a year, or wrong when the machine starts, a clock would let everything go. Until it
// has been one that only goes on for some hours, nothing does.
bool KeepingDesk::is_trusted() {
    const auto now = counter_.now();
    const auto wall = counter_.wall();
    const auto& house = counter_.house();
    const bool is_first = !last_wall_;
    bool leapt = false;
    if (is_first) {
        const auto seen = house.state.setting(last_seen_setting);
        const auto at = seen ? wall_time_in(*seen) : std::nullopt;
        leapt = at && wall > *at + unseen_max;
    } else {
        leapt = wall - *last_wall_ > now - last_now_ + leap_min;
    }
    if (leapt) {
        trusted_from_ = now + trust_after;
        house.warn(
            "the clock was set ahead, or the recorder was off for days: no rule lets a recording "
            "go for the next hours");
    }
    if (is_first || now - seen_kept_ > hours(1)) {
        seen_kept_ = now;
        if (const auto kept = house.state.set(last_seen_setting, rfc3339(wall)); !kept)
            house.warn(kept.error().what);
    }
    last_now_ = now;
    last_wall_ = wall;
    return now >= trusted_from_;
}

// One that cannot be done keeps the others from nothing, but for the custody log: without it
// nothing is.
void KeepingDesk::tick() {
    const auto now = counter_.now();
    if (!is_trusted() || (not_before_ && now < *not_before_))
        return;
    not_before_.reset();
    std::erase_if(failed_, [&](const auto& one) { return one.second <= now; });
    const auto began = place_;
    const auto due = counter_.house().calls.due(place_, rows_at_once, counter_.wall());
    std::size_t done = 0;
    for (const auto& one : due) {
        if (failed_.contains(one.id))
            continue;
        if (++done > steps_at_once || counter_.now() - now > time_at_once) {
            place_ = began;  // what is done is not due any more
            return;
        }
        const auto taken = take(one);
        if (taken == Taken::not_written_down) {
            not_before_ = now + pause_after_trouble;
            return;
        }
        if (taken == Taken::failed && failed_.size() < failures_max)
            failed_[one.id] = now + pause_after_trouble;
    }
}

// What the file says counts: the list only says where to look.
KeepingDesk::Taken KeepingDesk::take(const CallList::Due& due) {
    const auto& house = counter_.house();
    auto notes = archive::read_notes(house.disk, counter_.options().archive, due.id);
    if (!notes) {
        house.warn(notes.error().what);
        return Taken::failed;
    }
    house.calls.mark(due.id, marked_by(*notes));
    const auto now = counter_.wall();
    const auto fate = house.calls.fate(due.id, now);
    if (!fate || fate->step == Step::none)
        return Taken::done;
    std::string_view event;
    std::string_view happening = "recording.changed";
    switch (fate->step) {
        case Step::announce:
            notes->announced = now;
            event = "announced";
            happening = "recording.announced";
            break;
        case Step::take_back:
            notes->announced.reset();
            event = "announcement-taken-back";
            break;
        case Step::put_away:
            notes->removed = archive::Act{std::string(by_rule), "", now};
            event = "removed";
            happening = "recording.removed";
            break;
        case Step::erase: {
            // Begun before and cut off, it was written down then.
            const auto deletion =
                archive::read_deletion(house.disk, counter_.options().archive, due.id);
            if (!deletion || (!*deletion && !tell("deleted", due.id)))
                return deletion ? Taken::not_written_down : Taken::failed;
            return erase(due.id, *notes) ? Taken::done : Taken::failed;
        }
        case Step::none:
            break;
    }
    if (!tell(event, due.id))
        return Taken::not_written_down;
    return write(due.id, *notes, happening) ? Taken::failed : Taken::done;
}

bool KeepingDesk::tell(std::string_view event, const std::string& id) {
    return counter_.write_down(
        {.what = std::string(event), .who = std::string(by_rule), .recording = id});
}

void KeepingDesk::end_erasing(const std::string& id, const archive::Notes& notes) {
    const auto& house = counter_.house();
    const auto deletion = archive::read_deletion(house.disk, counter_.options().archive, id);
    if (!deletion)
        house.warn(deletion.error().what);
    else if (*deletion)
        (void)erase(id, notes);
}

bool KeepingDesk::erase(const std::string& id, const archive::Notes& notes) {
    const auto& house = counter_.house();
    archive::Act deleted = *notes.removed;
    deleted.at = counter_.wall();
    deleted.by_name.clear();  // nobody's name stays with what is gone
    if (const auto erased = house.erase(id, deleted); !erased) {
        house.warn(id + " could not be deleted: " + erased.error().what);
        return false;
    }
    for (const auto& made : paths_of_what_is_made(counter_.options().state, id))
        if (const auto gone = house.disk.remove_tree(made); !gone)
            house.warn(gone.error().what);
    counter_.happened("recording.deleted", id);  // while it is known who could see it
    house.calls.remove(id);
    return true;
}

}  // namespace nk::listener
