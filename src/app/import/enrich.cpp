#include "app/import/enrich.h"

#include <algorithm>

#include "archive/notes.h"
#include "archive/reading.h"

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

Result<call::Known> enrich(Disk& disk, const std::string& root, const std::string& id,
                           const std::string& name, const std::vector<call::Finding>& found) {
    NK_TAKE(const auto facts, archive::read_facts(disk, root, id));
    auto all = facts.findings;
    NK_TRY(archive::change_notes(disk, root, id, [&](archive::Notes& notes) {
        all.insert(all.end(), notes.findings.begin(), notes.findings.end());
        const auto already = all;
        bool is_new = false;
        for (const auto& one : found)
            if (!says(already, one) && notes.findings.size() < findings_max) {
                notes.findings.push_back(one);
                all.push_back(one);
                is_new = true;
            }
        const bool is_another =
            facts.brought && facts.brought->name != name &&
            std::find(notes.doubles.begin(), notes.doubles.end(), name) == notes.doubles.end();
        if (is_another && notes.doubles.size() < doubles_max) {
            notes.doubles.push_back(name);
            is_new = true;
        }
        return is_new;
    }));
    return call::know(all);
}

}  // namespace nk::app
