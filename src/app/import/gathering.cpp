#include "app/import/gathering.h"

#include <utility>

#include "app/import/recorded_call.h"
#include "intake/import/google_voice.h"

namespace nk::app {

namespace {

constexpr std::size_t names_to_learn_from_max = 200;

void take_sidecar(const BroughtFile& source, const std::string& text, const importing::Zone& zone,
                  importing::FoundFile& found) {
    if (text.empty())
        return;
    if (source.beside.ends_with(".html")) {
        auto page = importing::read_google_voice(text, zone);
        found.beside = std::move(page.findings);
        found.length = page.length;
    } else if (auto sidecar = importing::read_sidecar(text, zone)) {
        found.length = sidecar->length;
        found.sidecar = *std::move(sidecar);
    }
}

// A number and a moment are enough to find a call by; else its length has to fit, too.
bool needs_a_look(const std::vector<call::Finding>& findings) {
    const auto started = call::best(findings, call::Fact::started);
    return call::best(findings, call::Fact::number).empty() || started.empty() ||
           started.front()->sureness == call::Sureness::weak;
}

}  // namespace

Nanos length_of(const MediaFacts& media) {
    return Nanos(
        static_cast<std::int64_t>(static_cast<double>(media.frames) / media.rate_hz * 1e9));
}

std::string sidecar_text_of(Disk& disk, const BroughtFile& source) {
    if (source.beside.empty())
        return {};
    const auto bytes = read_whole(disk, source.beside, sidecar_bytes_max);
    return bytes ? std::string(as_text(*bytes)) : std::string();
}

void Gathering::learn(const std::vector<BroughtFile>& files) {
    std::map<std::string, std::vector<std::string>> names;
    for (const auto& file : files)
        if (auto& list = names[file.place]; list.size() < names_to_learn_from_max)
            list.push_back(file.name);
    for (const auto& [place, list] : names)
        if (auto prefix = importing::learn_prefix(list); !prefix.empty())
            prefixes_[place] = std::move(prefix);
}

void Gathering::match(Disk& disk, Media& media, PhoneLists lists,
                      const std::vector<BroughtFile>& files,
                      const std::function<bool(std::uint64_t done)>& looked) {
    std::vector<importing::RecordedCall> recordings;
    std::vector<const BroughtFile*> sources;
    for (const auto& file : files) {
        if (lists.calls.empty() || !looked(recordings.size()))
            break;
        const auto text = sidecar_text_of(disk, file);
        auto findings = findings_of(file, text, nullptr);
        std::optional<Nanos> length;
        if (needs_a_look(findings))
            if (const auto seen = media.look(file.path, file.name)) {
                findings = findings_of(file, text, &*seen);
                length = length_of(*seen);
            }
        if (auto recording = recorded_call(findings, length)) {
            recordings.push_back(*std::move(recording));
            sources.push_back(&file);
        }
    }
    const auto matched = importing::match_calls(recordings, lists.calls);
    for (std::size_t i = 0; i < matched.size(); ++i)
        if (matched[i])
            logged_[sources[i]->path] = *matched[i];
    lists_ = std::move(lists);
}

std::vector<call::Finding> Gathering::findings_of(const BroughtFile& source,
                                                  const std::string& sidecar_text,
                                                  const MediaFacts* media) const {
    importing::FoundFile found;
    found.path = source.place.empty() ? source.name : source.place + "/" + source.name;
    if (const auto prefix = prefixes_.find(source.place); prefix != prefixes_.end())
        found.learnt_prefix = prefix->second;
    for (const auto& one : templates_)
        if (!found.by_template)
            found.by_template = one.read(found.path);
    found.file_time = source.modified;
    take_sidecar(source, sidecar_text, zone_, found);
    if (media != nullptr) {
        for (const auto& [key, value] : media->tags)
            found.tags.push_back({key, value});
        found.length = length_of(*media);
    }
    if (const auto at = logged_.find(source.path); at != logged_.end())
        found.logged = lists_.calls[at->second];
    found.contacts = &lists_.contacts;
    return importing::gather(found, zone_).findings;
}

}  // namespace nk::app
