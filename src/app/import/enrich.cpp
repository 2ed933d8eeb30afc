#include "app/import/enrich.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/import/recorded_call.h"
#include "archive/notes.h"
#include "archive/reading.h"
#include "intake/import/call_log_match.h"
#include "intake/import/gather.h"

namespace nk::app {

namespace {

constexpr std::size_t doubles_max = 100;
constexpr std::size_t findings_max = 200;

bool says(const std::vector<call::Finding>& findings, const call::Finding& one) {
    return std::any_of(findings.begin(), findings.end(), [&](const auto& known) {
        return known.fact == one.fact && known.source == one.source;
    });
}

using Findings = std::vector<call::Finding>;

bool is_alike(const call::Finding& a, const call::Finding& b) {
    return a.fact == b.fact && a.source == b.source;
}

Findings of_kind(const Findings& all, const call::Finding& kind) {
    Findings out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out),
                 [&](const auto& one) { return is_alike(one, kind); });
    return out;
}

// Into `later`, what was found since the recording was sealed; true when something is new.
bool take_better(const Findings& sealed, const Findings& found, bool is_the_same_file,
                 Findings& later) {
    bool is_new = false;
    Findings seen;
    for (const auto& one : found) {
        if (says(seen, one))
            continue;
        seen.push_back(one);
        const auto group = of_kind(found, one);
        const auto before = of_kind(call::with_later(sealed, later), one);
        const bool may_correct = (is_the_same_file && one.source != call::Source::file_time) ||
                                 one.source == call::Source::contacts;
        if (group == before || (!before.empty() && !may_correct) ||
            later.size() + group.size() > findings_max)
            continue;
        std::erase_if(later, [&](const auto& old) { return is_alike(old, one); });
        later.insert(later.end(), group.begin(), group.end());
        is_new = true;
    }
    return is_new;
}

bool is_of_telephone(const recording::RecordingFacts& facts, const std::string& number) {
    if (!facts.brought)
        return false;
    const auto& own = facts.brought->own_number;
    return number.empty() ? own.empty() : importing::is_same_number(own, number);
}

}  // namespace

std::vector<call::Finding> findings_now(Disk& disk, const std::string& root,
                                        const recording::RecordingFacts& facts) {
    const auto notes = archive::read_notes(disk, root, facts.id);
    return notes ? call::with_later(facts.findings, notes->findings) : facts.findings;
}

call::Known known_now(Disk& disk, const std::string& root, const recording::RecordingFacts& facts) {
    return call::know(findings_now(disk, root, facts));
}

Result<Enriched> enrich(Disk& disk, archive::Catalogue& catalogue, const std::string& root,
                        const std::string& id, const std::string& name,
                        const std::vector<call::Finding>& found, const std::string* telephone) {
    NK_TAKE(const auto facts, archive::read_facts(disk, root, id));
    if (telephone != nullptr && !is_of_telephone(facts, *telephone))
        return Enriched{known_now(disk, root, facts), false};
    // The same file read anew, and contacts that changed, are right against what they said before.
    const bool is_the_same = facts.brought && facts.brought->name == name;
    std::vector<call::Finding> all;
    bool is_new = false;
    NK_TRY(archive::change_notes(disk, root, id, [&](archive::Notes& notes) {
        is_new = take_better(facts.findings, found, is_the_same, notes.findings);
        const bool is_another =
            facts.brought && !name.empty() && !is_the_same &&
            std::find(notes.doubles.begin(), notes.doubles.end(), name) == notes.doubles.end();
        if (is_another && notes.doubles.size() < doubles_max) {
            notes.doubles.push_back(name);
            is_new = true;
        }
        all = call::with_later(facts.findings, notes.findings);
        return is_new;
    }));
    if (is_new)
        NK_TRY(catalogue.touch(id));
    return Enriched{call::know(all), is_new};
}

namespace {

// A recording of a telephone that is there already, with all that is known of it.
struct Kept {
    std::string id;
    std::vector<call::Finding> findings;
    Nanos length{};
};

void take_kept(Disk& disk, const std::string& root, const std::string& id,
               const std::string& own_number, std::vector<Kept>& into,
               std::vector<std::string>& wrong) {
    auto facts = archive::read_facts(disk, root, id);
    const auto notes = archive::read_notes(disk, root, id);
    if (!facts || !notes) {
        wrong.push_back(facts ? notes.error().what : facts.error().what);
        return;
    }
    if (!is_of_telephone(*facts, own_number))
        return;
    Kept kept{id, std::move(facts->findings), facts->duration};
    kept.findings = call::with_later(kept.findings, notes->findings);
    into.push_back(std::move(kept));
}

std::vector<Kept> all_kept(Disk& disk, archive::Catalogue& catalogue, const std::string& root,
                           const std::string& own_number,
                           const std::function<bool(std::uint64_t)>& looked,
                           std::vector<std::string>& wrong) {
    constexpr std::size_t at_once = 5'000;
    std::vector<Kept> out;
    std::vector<archive::Brief> briefs;
    archive::Followed followed;
    do {
        briefs.clear();
        if (const auto got = catalogue.follow(followed, at_once, briefs); !got) {
            wrong.push_back(got.error().what);
            return out;
        }
        for (const auto& one : briefs)
            if (one.is_brought && (!looked || looked(out.size())))
                take_kept(disk, root, one.id, own_number, out, wrong);
    } while (briefs.size() == at_once);
    return out;
}

}  // namespace

std::uint64_t enrich_all(Disk& disk, archive::Catalogue& catalogue, const std::string& root,
                         const std::string& own_number, const PhoneLists& lists,
                         const importing::Zone& zone,
                         const std::function<bool(std::uint64_t)>& looked,
                         std::vector<std::string>& wrong) {
    if (lists.is_empty())
        return 0;
    const auto all = all_kept(disk, catalogue, root, own_number, looked, wrong);
    std::vector<importing::RecordedCall> recordings;
    std::vector<std::size_t> whose;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (auto recording = recorded_call(all[i].findings, all[i].length)) {
            recordings.push_back(*std::move(recording));
            whose.push_back(i);
        }
    std::vector<std::vector<call::Finding>> found(all.size());
    const auto matched = importing::match_calls(recordings, lists.calls);
    for (std::size_t i = 0; i < matched.size(); ++i)
        if (matched[i])
            found[whose[i]] = importing::findings_of(lists.calls[*matched[i]], zone);
    std::uint64_t changed = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto known = all[i].findings;
        known.insert(known.end(), found[i].begin(), found[i].end());
        std::erase_if(found[i], [&](const auto& one) { return says(all[i].findings, one); });
        const auto names = lists.contacts.findings_of(known);
        if (!names.empty() && names != of_kind(all[i].findings, names.front()))
            found[i].insert(found[i].end(), names.begin(), names.end());
        if (found[i].empty() || (looked && !looked(i)))
            continue;
        const auto done = enrich(disk, catalogue, root, all[i].id, "", found[i]);
        if (!done)
            wrong.push_back(done.error().what);
        else
            changed += done->is_new ? 1 : 0;
    }
    return changed;
}

}  // namespace nk::app
