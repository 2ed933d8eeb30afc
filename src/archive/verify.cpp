#include "archive/verify.h"

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "archive/layout.h"
#include "archive/original.h"
#include "archive/sealed.h"
#include "sound/flac.h"

namespace nk::archive {

namespace {

class Inspection {
public:
    Inspection(Disk& disk, const std::string& root, std::string_view id)
        : disk_(disk), folder_(recording_folder(root, id)) {
        verdict_.id = id;
    }

    Verdict run() {
        if (auto link = link_in_place_of(disk_, folder_); !link.empty())
            complain(std::move(link));
        const auto facts = facts_of_vcon();
        if (facts) {
            if (facts->audio)
                inspect_audio(*facts->audio, is_original(*facts));
            for (const auto& side : facts->side_files)
                look_at(side.file, side.bytes, side.sha256, side.sha512);
            for (const auto& track : facts->tracks)
                if (!track.payload_file.empty() && !known_.contains(track.payload_file))
                    complain(track.payload_file + " is named by a track, but has no hash");
            look_for_strangers();
        }
        return std::move(verdict_);
    }

private:
    void complain(std::string problem) { verdict_.problems.push_back(std::move(problem)); }

    std::optional<recording::RecordingFacts> facts_of_vcon() {
        known_.emplace(vcon_file);
        auto vcon = inspect_vcon(disk_, folder_, verdict_.id);
        verdict_.bytes += vcon.text.size();
        for (auto& problem : vcon.problems)
            complain(std::move(problem));
        return std::move(vcon.facts);
    }

    std::unique_ptr<File> look_at(const std::string& name, std::uint64_t bytes,
                                  const std::string& sha256, const std::string& sha512) {
        known_.insert(name);
        auto sealed = inspect_file(disk_, folder_, name, bytes, sha256, sha512);
        verdict_.bytes += sealed.bytes_read;
        if (!sealed.problem.empty())
            complain(std::move(sealed.problem));
        return std::move(sealed.file);
    }

    // What was brought is kept as it came, be it cut off or a trap: it is hashed, and not decoded.
    void inspect_audio(const recording::AudioFacts& audio, bool was_brought) {
        const auto file = look_at(audio.file, audio.bytes, audio.sha256, audio.sha512);
        if (file != nullptr && audio.format == "flac" && !was_brought)
            if (const auto sound = inspect_sound(*file, audio); !sound)
                complain(audio.file + ": " + sound.error().what);
    }

    Result<void> inspect_sound(File& file, const recording::AudioFacts& audio) {
        NK_TAKE(const auto flac, sound::read_flac(file));
        const auto shape = flac->shape();
        if (shape.rate_hz != audio.rate_hz || shape.channels != audio.channels)
            complain(audio.file + " has another rate or other channels than its facts say");
        std::uint64_t samples = 0;
        while (true) {
            NK_TAKE(const auto piece, flac->read());
            if (piece.empty())
                break;
            samples += piece.size();
        }
        if (samples != audio.frames * shape.channels)
            complain(audio.file + " holds " + std::to_string(samples / shape.channels) +
                     " samples per channel, not " + std::to_string(audio.frames));
        if (!flac->md5_holds())
            complain(audio.file + ": its samples have not the MD5 that its header promises");
        return {};
    }

    void look_for_strangers() {
        const auto entries = disk_.list(folder_);
        if (!entries) {
            complain(entries.error().what);
            return;
        }
        for (const auto& entry : *entries)
            if (!known_.contains(entry.name))
                complain(entry.name + " does not belong to the recording");
    }

    Disk& disk_;
    std::string folder_;
    std::set<std::string> known_;
    Verdict verdict_;
};

}  // namespace

Verdict verify_recording(Disk& disk, const std::string& root, std::string_view id) {
    return Inspection(disk, root, id).run();
}

}  // namespace nk::archive
