#include "app/import/gathering.h"

#include <utility>

namespace nk::app {

namespace {

constexpr std::size_t names_to_learn_from_max = 200;

}  // namespace

void Gathering::learn(const std::vector<BroughtFile>& files) {
    std::map<std::string, std::vector<std::string>> names;
    for (const auto& file : files)
        if (auto& list = names[file.place]; list.size() < names_to_learn_from_max)
            list.push_back(file.name);
    for (const auto& [place, list] : names)
        if (auto prefix = importing::learn_prefix(list); !prefix.empty())
            prefixes_[place] = std::move(prefix);
}

importing::FoundFile Gathering::found(const BroughtFile& source,
                                      const std::string& sidecar_text) const {
    importing::FoundFile found;
    found.path = source.place.empty() ? source.name : source.place + "/" + source.name;
    if (const auto prefix = prefixes_.find(source.place); prefix != prefixes_.end())
        found.learnt_prefix = prefix->second;
    found.file_time = source.modified;
    if (!sidecar_text.empty() && source.beside.ends_with(".json"))
        if (auto sidecar = importing::read_sidecar(sidecar_text, zone_))
            found.sidecar = *std::move(sidecar);
    return found;
}

std::vector<call::Finding> Gathering::findings_of(const Taken& taken) const {
    auto file = found(taken.source, taken.sidecar_text);
    if (taken.media) {
        for (const auto& [key, value] : taken.media->tags)
            file.tags.push_back({key, value});
        file.length = Nanos(static_cast<std::int64_t>(static_cast<double>(taken.media->frames) /
                                                      taken.media->rate_hz * 1e9));
    }
    return importing::gather(file, zone_).findings;
}

}  // namespace nk::app
