#include "app/import/importer.h"

#include <algorithm>
#include <utility>

#include "app/import/enrich.h"
#include "archive/layout.h"
#include "base/limits.h"

namespace nk::app {

namespace {

constexpr std::size_t together_max = 64;  // then they wait for the disk
constexpr std::size_t looks_at_once = 2;  // with our copying of the next: two processors' work
constexpr int tries_of_a_changing_file = 2;

}  // namespace

Importer::Importer(Disk& disk, Media& media, archive::Vault& vault, archive::Bringing& bringing,
                   archive::Catalogue& catalogue, std::string root, BroughtFor why,
                   bool speaks_for_all, Gather gather, Tell tell)
    : disk_(disk),
      media_(media),
      vault_(vault),
      bringing_(bringing),
      catalogue_(catalogue),
      root_(std::move(root)),
      why_(std::move(why)),
      speaks_for_all_(speaks_for_all),
      gather_(std::move(gather)),
      tell_(std::move(tell)) {}

void Importer::bring(const BroughtFile& source) {
    take(source);
    if (source.is_ours)
        (void)disk_.remove_tree(source.path);
    if (waiting_.size() >= together_max)
        appear();
}

void Importer::finish() {
    while (!looking_.empty())
        end_look();
    appear();
}

void Importer::take(const BroughtFile& source) {
    for (int tries = 1;; ++tries) {
        auto taken = take_in(disk_, bringing_, source);
        if (taken)
            return look_at(*std::move(taken));
        if (taken.error().code == Code::busy && tries < tries_of_a_changing_file)
            continue;
        if (taken.error().code == Code::unsupported)
            return tell_({source, Became::left, "", "", taken.error().what, {}});
        return tell_failed(source, taken.error());
    }
}

// Those before were looked at while this one was copied.
void Importer::look_at(Taken taken) {
    if (looking_.size() >= looks_at_once)
        end_look();
    if (is_known(taken, "file:" + taken.hashes.sha256))
        return;
    const auto path = taken.desk->folder() + "/" + taken.original;
    if (const auto begun = media_.begin_look(path, taken.source.name); !begun)
        return tell_failed(taken.source, begun.error());
    looking_.push_back(std::move(taken));
}

void Importer::end_look() {
    Taken taken = std::move(looking_.front());
    looking_.pop_front();
    if (const auto seen = add_look(taken, media_.end_look()); !seen)
        return tell_failed(taken.source, seen.error());
    keep(std::move(taken));
}

bool Importer::is_known(const Taken& taken, const std::string& key) {
    const auto known = known_by(key);
    if (!known)
        tell_failed(taken.source, known.error());
    else if (!known->empty())
        tell_known(taken, *known);
    return !known || !known->empty();
}

void Importer::keep(Taken taken) {
    std::vector<std::string> keys{"file:" + taken.hashes.sha256};
    if (taken.media)
        keys.push_back("sound:" + taken.media->essence);
    // Its double may have been looked at beside it.
    for (const auto& key : keys)
        if (is_known(taken, key))
            return;
    auto facts = facts_of_brought(taken, gather_(taken), why_);
    if (const auto named = bringing_.name(*taken.desk, facts.started); !named)
        return tell_failed(taken.source, named.error());
    if (const auto described = taken.desk->describe(facts); !described)
        return tell_failed(taken.source, described.error());
    for (const auto& key : keys)
        keys_[key] = waiting_.size();
    waiting_.push_back({std::move(taken.desk), std::move(facts)});
    taken_.push_back(std::move(taken));
}

void Importer::tell_failed(const BroughtFile& source, const Error& error) {
    tell_({source, Became::failed, "", "", error.what, {}});
}

// What is new of one that is there: another name, a sidecar that came later, a log of calls.
void Importer::tell_known(const Taken& taken, const std::string& id) {
    const std::string* telephone = speaks_for_all_ ? nullptr : &why_.own_number;
    auto enriched =
        enrich(disk_, catalogue_, root_, id, taken.source.name, gather_(taken), telephone);
    if (!enriched)
        return tell_failed(taken.source, enriched.error());
    tell_({taken.source, Became::known, id, taken.hashes.sha256, "", std::move(enriched->known)});
}

// The rows of a recording come before its folder, in one turn: one that was killed in between left
// rows of what is not there, which whoever has the turn takes away.
Result<std::string> Importer::there(const std::string& key, bool has_turn) {
    NK_TAKE(auto id, catalogue_.with_key(key));
    if (!id || archive::is_in_its_day(disk_, root_, *id))
        return id.value_or("");
    if (has_turn)
        NK_TRY(catalogue_.remove(*id));
    return std::string();
}

Result<std::string> Importer::known_by(const std::string& key) {
    if (keys_.contains(key))
        appear();
    return there(key, false);
}

// Another process may have brought the same since they were looked for: one turn at a time.
Result<void> Importer::drop_those_that_came() {
    std::map<std::size_t, std::string> came;
    for (const auto& [key, at] : keys_) {
        NK_TAKE(const auto id, there(key, true));
        if (!id.empty())
            came[at] = id;
    }
    for (auto it = came.rbegin(); it != came.rend(); ++it) {
        const auto at = static_cast<std::ptrdiff_t>(it->first);
        const Taken taken = std::move(taken_[it->first]);
        taken_.erase(taken_.begin() + at);
        waiting_.erase(waiting_.begin() + at);
        tell_known(taken, it->second);
    }
    return {};
}

// Before they appear: what is there and in no catalogue would be brought a second time.
Result<void> Importer::enter_rows() {
    std::vector<const recording::RecordingFacts*> rows;
    for (const auto& one : waiting_)
        rows.push_back(&one.facts);
    return catalogue_.insert_all(rows);
}

void Importer::appear() {
    if (waiting_.empty())
        return;
    std::vector<Result<void>> outcomes;
    {
        const auto turn = bringing_.turn();
        auto ready = turn ? drop_those_that_came() : tl::unexpected(turn.error());
        if (ready)
            ready = enter_rows();
        if (ready)
            outcomes = vault_.publish(waiting_);
        else
            outcomes.assign(waiting_.size(), tl::unexpected(ready.error()));
        for (std::size_t i = 0; ready && i < waiting_.size(); ++i)
            if (!outcomes[i])
                (void)catalogue_.remove(waiting_[i].facts.id);
    }
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
        const auto& facts = waiting_[i].facts;
        if (outcomes[i])
            tell_({taken_[i].source, Became::recording, facts.id, taken_[i].hashes.sha256,
                   taken_[i].fault, call::know(facts.findings)});
        else
            tell_failed(taken_[i].source, outcomes[i].error());
    }
    waiting_.clear();
    taken_.clear();
    keys_.clear();
}

}  // namespace nk::app
