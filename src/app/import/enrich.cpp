#include "app/import/enrich.h"

#include <algorithm>
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

}  // namespace

std::vector<call::Finding> findings_now(Disk& disk, const std::string& root,
                                        const recording::RecordingFacts& facts) {
    auto all = facts.findings;
    if (const auto notes = archive::read_notes(disk, root, facts.id))
        all.insert(all.end(), notes->findings.begin(), notes->findings.end());
    return all;
}

call::Known known_now(Disk& disk, const std::string& root, const recording::RecordingFacts& facts) {
    return call::know(findings_now(disk, root, facts));
}

Result<Enriched> enrich(Disk& disk, archive::Catalogue& catalogue, const std::string& root,
                        const std::string& id, const std::string& name,
                        const std::vector<call::Finding>& found) {
    NK_TAKE(const auto facts, archive::read_facts(disk, root, id));
    auto all = facts.findings;
    bool is_new = false;
    NK_TRY(archive::change_notes(disk, root, id, [&](archive::Notes& notes) {
        all.insert(all.end(), notes.findings.begin(), notes.findings.end());
        const auto already = all;
        for (const auto& one : found)
            if (!says(already, one) && notes.findings.size() < findings_max) {
                notes.findings.push_back(one);
                all.push_back(one);
                is_new = true;
            }
        const bool is_another =
            facts.brought && !name.empty() && facts.brought->name != name &&
            std::find(notes.doubles.begin(), notes.doubles.end(), name) == notes.doubles.end();
        if (is_another && notes.doubles.size() < doubles_max) {
            notes.doubles.push_back(name);
            is_new = true;
        }
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
    const bool is_of_that_telephone =
        own_number.empty() ||
        (facts->brought && importing::is_same_number(facts->brought->own_number, own_number));
    if (!is_of_that_telephone)
        return;
    Kept kept{id, std::move(facts->findings), facts->duration};
    kept.findings.insert(kept.findings.end(), notes->findings.begin(), notes->findings.end());
    into.push_back(std::move(kept));
}

std::vector<Kept> all_kept(Disk& disk, archive::Catalogue& catalogue, const std::string& root,
                           const std::string& own_number, std::vector<std::string>& wrong) {
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
            if (one.is_brought)
                take_kept(disk, root, one.id, own_number, out, wrong);
    } while (briefs.size() == at_once);
    return out;
}

}  // namespace

std::uint64_t enrich_all(Disk& disk, archive::Catalogue& catalogue, const std::string& root,
                         const std::string& own_number, const PhoneLists& lists,
                         const importing::Zone& zone, std::vector<std::string>& wrong) {
    if (lists.is_empty())
        return 0;
    const auto all = all_kept(disk, catalogue, root, own_number, wrong);
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
        const auto names = lists.contacts.findings_of(known);
        found[i].insert(found[i].end(), names.begin(), names.end());
        if (found[i].empty())
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
