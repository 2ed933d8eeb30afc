#include "listener/desks/jobs.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "archive/layout.h"
#include "archive/notes.h"
#include "archive/reading.h"
#include "archive/verify.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/detail/json_reply.h"
#include "listener/form.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Action;
using purpose::Role;

constexpr std::size_t calls_max = 10'000;
constexpr std::size_t at_once = 20;
constexpr std::size_t problems_max = 100;
constexpr Nanos time_at_once = milliseconds(20);
constexpr std::size_t kept_max = 20;  // of an account
constexpr Nanos told_every = milliseconds(500);
constexpr Nanos kept_for_a_day = hours(24);
constexpr purpose::Roles who_checks{Role::owner, Role::auditor, Role::admin};

// What a refusal says, for a list of them.
std::string sentence_in(const HttpReply& reply) {
    const auto json = Json::parse(reply.body, nullptr, false);
    const auto detail = json.is_object() ? json.find("detail") : json.end();
    return detail != json.end() && detail->is_string() ? detail->get<std::string>()
                                                       : std::to_string(reply.status);
}

}  // namespace

std::optional<HttpReply> change_call(Counter& counter, const Ask& ask, const std::string& id,
                                     const CallChange& change) {
    const auto& house = counter.house();
    const auto& archive = counter.options().archive;
    auto notes = archive::read_notes(house.disk, archive, id);
    if (!notes)
        return counter.refused(notes.error());
    std::string changed;
    if (change.purpose) {
        notes->purpose = change.purpose;
        changed += "purpose " + std::string(name_of(*change.purpose)) + "; ";
    }
    if (change.tags) {
        notes->tags = *change.tags;
        changed += std::to_string(change.tags->size()) + " tags; ";
    }
    if (change.remove_tag && std::erase(notes->tags, *change.remove_tag) > 0)
        changed += "a tag less; ";
    if (change.add_tag &&
        std::find(notes->tags.begin(), notes->tags.end(), *change.add_tag) == notes->tags.end()) {
        if (notes->tags.size() >= limits::tags_of_a_call_max)
            return problem(422, "limit", "This call has as many tags as there may be.");
        notes->tags.push_back(*change.add_tag);
        changed += "a tag more; ";
    }
    if (change.is_kept && *change.is_kept != notes->is_kept) {
        notes->is_kept = *change.is_kept;
        changed += *change.is_kept ? "kept; " : "no longer kept; ";
    }
    if (!change.said_of.empty()) {
        const auto facts = archive::read_facts(house.disk, archive, id);
        if (!facts)
            return counter.refused(facts.error());
        if (!facts->brought)
            return problem(422, "not-brought",
                           "This call was recorded here: when it was and with whom is known.");
        std::erase_if(notes->findings, [&](const auto& finding) {
            return finding.source == call::Source::person &&
                   std::find(change.said_of.begin(), change.said_of.end(), finding.fact) !=
                       change.said_of.end();
        });
        notes->findings.insert(notes->findings.end(), change.said.begin(), change.said.end());
        for (const auto fact : change.said_of)
            changed += std::string(name_of(fact)) + " said; ";
    }
    if (changed.empty())
        return std::nullopt;
    changed.resize(changed.size() - 2);
    if (!counter.write_down({.what = "changed",
                             .who = ask.account->id,
                             .from = came_from(ask),
                             .recording = id,
                             .detail = changed}))
        return not_written_down();
    if (const auto written = archive::write_notes(house.disk, archive, id, *notes); !written)
        return counter.refused(written.error());
    counter.on_recording(id);
    counter.happened("recording.changed", id);
    return std::nullopt;
}

void JobDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("GET", "jobs", Access::signed_in, Scope::read, &JobDesk::list);
    book.add("POST", "jobs", Access::signed_in, Scope::write, &JobDesk::begin);
    book.add("GET", "jobs/*", Access::signed_in, Scope::read, &JobDesk::get);
    book.add("DELETE", "jobs/*", Access::signed_in, Scope::write, &JobDesk::stop);
}

std::string_view JobDesk::name_of(State state) {
    switch (state) {
        case State::running:
            return "running";
        case State::done:
            return "done";
        case State::stopped:
            break;
    }
    return "stopped";
}

std::string JobDesk::json_of(const Job& job) {
    Json json;
    json["id"] = job.id;
    json["kind"] = job.is_check ? "check" : "change";
    json["state"] = name_of(job.state);
    json["done"] = job.done;
    json["total"] = job.total;
    json["failed"] = job.failed;
    json["began_at"] = rfc3339(job.began);
    if (job.ended)
        json["ended_at"] = rfc3339(*job.ended);
    if (!job.problems.empty())
        json["problems"] = job.problems;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

JobDesk::Job* JobDesk::of_ones_own(const Ask& ask) {
    const auto at = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& job) {
        return job.id == ask.parts[1] && job.account == ask.account->id;
    });
    return at == jobs_.end() ? nullptr : &*at;
}

void JobDesk::list(const Asked& ask) {
    std::string body = "{\"jobs\":[";
    for (const auto& job : jobs_)
        if (job.account == ask->account->id)
            body.append(body.ends_with('[') ? "" : ",").append(json_of(job));
    ask->answer({.content_type = "application/json", .body = body + "]}"});
}

void JobDesk::get(const Asked& ask) {
    const auto* job = of_ones_own(*ask);
    ask->answer(job == nullptr
                    ? not_found()
                    : HttpReply{.content_type = "application/json", .body = json_of(*job)});
}

void JobDesk::stop(const Asked& ask) {
    auto* job = of_ones_own(*ask);
    if (job == nullptr)
        return ask->answer(not_found());
    if (job->state == State::running)
        finish(*job, State::stopped);
    ask->answer({.status = 204});
}

void JobDesk::begin(const Asked& ask) {
    Form form(ask->request);
    Job job;
    const auto kind = form.text("kind", {1, 20});
    job.is_check = kind == "check";
    if (kind != "check" && kind != "change")
        form.complain("kind", "is to be change or check");
    job.calls = form.maybe_texts("calls", calls_max, {1, 40}).value_or(job.calls);
    if (const auto name = form.maybe_text("purpose", {1, 20})) {
        job.change.purpose = purpose::purpose_named(*name);
        if (!job.change.purpose)
            form.complain("purpose", "is none that there is");
    }
    job.change.add_tag = form.maybe_text("add_tag", {1, 100});
    job.change.remove_tag = form.maybe_text("remove_tag", {1, 100});
    job.change.is_kept = form.maybe_truth("is_kept");
    job.removes = form.maybe_truth("remove").value_or(false);
    job.restores = form.maybe_truth("restore").value_or(false);
    const auto& change = job.change;
    const bool has_change = change.purpose || change.add_tag || change.remove_tag ||
                            change.is_kept || job.removes || job.restores;
    if (job.is_check && (has_change || !job.calls.empty()))
        form.complain("kind", "check takes nothing else: it reads the whole archive");
    if (!job.is_check && (!has_change || job.calls.empty()))
        form.complain("calls", "are wanted, and what is to be changed of them");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (job.is_check && !ask->account->roles.has_one_of(who_checks))
        return ask->answer(not_allowed("not-for-this-role"));
    if ((job.removes || job.restores) && !ask->has(Scope::remove))
        return ask->answer(
            problem(403, "insufficient-scope", "This wants a token with the scope remove."));
    const auto running = std::count_if(jobs_.begin(), jobs_.end(), [&](const auto& one) {
        return one.state == State::running && (one.account == ask->account->id || job.is_check);
    });
    if (running > 0)
        return ask->answer(problem(429, "one-at-a-time", "One job at a time; wait for the other."));
    if (job.is_check) {
        auto inventory = archive::take_inventory(counter_.house().disk, counter_.options().archive);
        if (!inventory)
            return ask->answer(counter_.refused(inventory.error()));
        job.calls = std::move(inventory->ids);
        if (!counter_.tell(*ask, {.what = "check-begun"}))
            return;
    }
    job.id = counter_.short_id("j");
    job.account = ask->account->id;
    job.began = counter_.wall();
    job.ask.account = ask->account;
    job.ask.token = ask->token;
    job.total = job.calls.size();
    forget_old(ask->account->id);
    job.ask.request.remote = ask->request.remote;
    jobs_.push_front(std::move(job));
    ask->answer(
        {.status = 202, .content_type = "application/json", .body = json_of(jobs_.front())});
}

// The oldest of theirs, when there are many.
void JobDesk::forget_old(const std::string& account) {
    std::size_t kept = 0;
    for (auto at = jobs_.begin(); at != jobs_.end();) {
        const bool is_old = at->account == account && at->state != State::running &&
                            !at->is_waiting && ++kept >= kept_max;
        at = is_old ? jobs_.erase(at) : std::next(at);
    }
}

void JobDesk::note(Job& job, const std::string& problem) {
    ++job.failed;
    if (job.problems.size() < problems_max)
        job.problems.push_back(as_utf8(problem));
}

void JobDesk::tell(Job& job, bool at_once) {
    const auto now = counter_.now();
    if (!at_once && now - job.told < told_every)
        return;
    job.told = now;
    events_.send_to(job.account, "job", json_of(job));
}

void JobDesk::finish(Job& job, State state) {
    job.state = state;
    job.ended = counter_.wall();
    job.calls = {};
    tell(job, true);
}

// Somebody may have less of a right by now than when they began it.
void JobDesk::change_one(Job& job, const std::string& call) {
    const auto& calls = counter_.house().calls;
    const auto viewer = counter_.viewer_of(*job.ask.account);
    const auto may = [&](Action action) { return calls.may(viewer, action, call).is_allowed; };
    const auto& change = job.change;
    const bool edits = change.purpose || change.add_tag || change.remove_tag;
    const bool is_there = archive::is_id(call) && calls.has(call);
    std::optional<Action> refused_as;
    const std::pair<bool, Action> wanted[] = {{true, Action::see},
                                              {edits, Action::edit},
                                              {change.is_kept.has_value(), Action::keep},
                                              {job.removes || job.restores, Action::remove}};
    for (const auto& [is_wanted, action] : wanted)
        if (is_wanted && !refused_as && !may(action))
            refused_as = action;
    if (refused_as) {
        if (is_there)
            (void)counter_.write_denial(job.ask, call,
                                        std::string(purpose::name_of(*refused_as)) + ": job");
        return note(job, call + (refused_as == Action::see
                                     ? ": there is no such call, or none that you may see"
                                     : ": you may not do that with it"));
    }
    auto refusal = job.restores ? keeping_.bring_back(job.ask, call) : std::nullopt;
    if (!refusal)
        refusal = change_call(counter_, job.ask, call, change);
    if (!refusal && job.removes)
        refusal = keeping_.put_away(job.ask, call);
    if (refusal)
        note(job, call + ": " + sentence_in(*refusal));
}

void JobDesk::check_one(Job& job, const std::string& call) {
    const auto& house = counter_.house();
    job.is_waiting = true;
    const bool is_taken = house.work.post(
        [this, id = job.id, call, &disk = house.disk, archive = counter_.options().archive] {
            auto verdict = archive::verify_recording(disk, archive, call);
            // It may have been deleted by its rule while the others were read.
            const bool is_gone = !archive::is_in_its_day(disk, archive, call);
            return std::function<void()>([this, id, call, is_gone, verdict = std::move(verdict)] {
                const auto at = std::find_if(jobs_.begin(), jobs_.end(),
                                             [&](const auto& one) { return one.id == id; });
                if (at == jobs_.end())
                    return;
                at->is_waiting = false;
                ++at->done;
                if (!is_gone && !verdict.problems.empty())
                    note(*at, call + ": " + verdict.problems.front());
                tell(*at, false);
            });
        });
    if (!is_taken)
        job.is_waiting = false;  // another time
}

void JobDesk::work_on(Job& job) {
    const auto* account = counter_.account_by_id(job.account);
    // Who signed out meanwhile wanted it all the same; a token that was taken away does no more.
    const bool is_out =
        !job.ask.token.empty() && !counter_.is_still_in(job.account, "", job.ask.token);
    if (account == nullptr || account->is_disabled || is_out)
        return finish(job, State::stopped);
    job.ask.account = *account;
    const auto began = counter_.now();
    for (std::size_t i = 0; i < at_once && counter_.now() - began < time_at_once &&
                            !job.is_waiting && job.done < job.total;
         ++i) {
        const auto& call = job.calls[job.done];
        if (job.is_check)
            return check_one(job, call);
        change_one(job, call);
        ++job.done;
    }
    if (!job.is_waiting && job.done >= job.total)
        return finish(job, State::done);
    tell(job, false);
}

void JobDesk::tick() {
    const auto now = counter_.wall();
    std::erase_if(jobs_, [&](const auto& job) {
        return job.state != State::running && !job.is_waiting && now - *job.ended > kept_for_a_day;
    });
    for (auto& job : jobs_)
        if (job.state == State::running && !job.is_waiting)
            work_on(job);
}

}  // namespace nk::listener
