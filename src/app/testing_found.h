#pragma once
// For tests only: what an archive in memory holds, found again packet by packet.

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/testing_machine.h"
#include "app/testing_network.h"
#include "archive/reading.h"
#include "archive/verify.h"

namespace nk::app::testing {

struct Found {
    std::string recording;
    std::size_t channel = 0;
    std::uint64_t at = 0;  // its first sample
};

struct Archive {
    std::vector<recording::RecordingFacts> recordings;
    std::vector<std::string> problems;  // of recordings that are not whole
    std::unordered_map<std::uint32_t, std::vector<Found>> payloads;

    // How often that payload was recorded.
    [[nodiscard]] std::size_t times(std::uint32_t payload) const {
        const auto it = payloads.find(payload);
        return it == payloads.end() ? 0 : it->second.size();
    }
};

// Sounds by their first samples; `expected` are the payloads that may be there.
class Sounds {
public:
    explicit Sounds(const std::vector<Sent>& sent) {
        for (const auto& packet : sent)
            if (packet.payload != 0)
                by_start_[start_of(words_of(packet.payload).data())] = packet.payload;
    }
    void look(const std::vector<std::int16_t>& channel, const std::string& recording,
              std::size_t number, Archive& into) const {
        for (std::size_t at = 0; at + packet_samples <= channel.size(); ++at) {
            const auto it = by_start_.find(start_of(channel.data() + at));
            if (it == by_start_.end())
                continue;
            const auto words = words_of(it->second);
            if (std::equal(words.begin(), words.end(),
                           channel.begin() + static_cast<std::ptrdiff_t>(at)))
                into.payloads[it->second].push_back({recording, number, at});
        }
    }

private:
    static constexpr std::size_t packet_samples = 160;
    static std::vector<std::int16_t> words_of(std::uint32_t payload) {
        return recording::testing::heard_alaw(recording::testing::voice(payload));
    }
    static std::uint64_t start_of(const std::int16_t* samples) {
        std::uint64_t start = 0;
        for (int i = 0; i < 4; ++i)
            start = start << 16 | static_cast<std::uint16_t>(samples[i]);
        return start;
    }
    std::unordered_map<std::uint64_t, std::uint32_t> by_start_;
};

inline Archive read_archive(Disk& disk, const Sounds& sounds) {
    Archive found;
    const auto inventory = archive::take_inventory(disk, archive_folder);
    if (!inventory)
        return found;
    for (const auto& name : inventory->strangers)
        found.problems.push_back("a stranger in the archive: " + name);
    for (const auto& id : inventory->ids) {
        const auto verdict = archive::verify_recording(disk, archive_folder, id);
        found.problems.insert(found.problems.end(), verdict.problems.begin(),
                              verdict.problems.end());
        auto facts = archive::read_facts(disk, archive_folder, id);
        if (!facts)
            continue;
        if (facts->audio) {
            auto file = disk.open(archive::recording_folder(archive_folder, id) + "/audio.flac");
            auto reader = sound::read_flac(**file);
            std::vector<std::vector<std::int16_t>> channels(facts->audio->channels);
            while (reader) {
                const auto block = (*reader)->read();
                if (!block || block->empty())
                    break;
                for (std::size_t i = 0; i < block->size(); ++i)
                    channels[i % channels.size()].push_back((*block)[i]);
            }
            for (std::size_t c = 0; c < channels.size(); ++c)
                sounds.look(channels[c], id, c, found);
        }
        found.recordings.push_back(*std::move(facts));
    }
    return found;
}

}  // namespace nk::app::testing
