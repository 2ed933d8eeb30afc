#include "listener/copies.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "archive/layout.h"
#include "listener/peaks.h"
#include "sound/flac.h"

namespace nk::listener {

namespace {

std::string copies_folder(const std::string& state) {
    return state + "/copies";
}

std::string parent_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

}  // namespace

std::string copy_path(const std::string& state, std::string_view id) {
    return copies_folder(state) + "/" + std::string(id) + ".flac";
}

CopyWish copy_wish(const std::string& archive, const std::string& state,
                   const recording::RecordingFacts& facts, bool wants_copy) {
    return {archive::recording_folder(archive, facts.id) + "/" + facts.audio->file,
            facts.brought->name, peaks_path(state, facts.id),
            wants_copy ? copy_path(state, facts.id) : ""};
}

Result<void> make_copy(Disk& disk, Media& media, const CopyWish& wish) {
    const std::string fresh = wish.copy + ".fresh";
    std::unique_ptr<File> file;
    if (!wish.copy.empty()) {
        NK_TRY(disk.make_folders(parent_of(wish.copy)));
        NK_TRY(disk.remove_tree(fresh));
        NK_TAKE(file, disk.create(fresh));
    }
    std::unique_ptr<sound::FlacWriter> flac;
    std::optional<PeakMeter> meter;
    const auto shape = [&](const MediaShape& known) -> Result<void> {
        meter.emplace(known.rate_hz, known.channels);
        if (file) {
            NK_TAKE(flac, sound::write_flac(*file, {known.rate_hz, known.channels}, {}));
        }
        return {};
    };
    const auto take = [&](std::span<const std::int16_t> samples) -> Result<void> {
        meter->add(samples);
        return flac ? flac->write(samples) : Result<void>();
    };
    NK_TRY(media.decode(wish.original, wish.name, 0, 0, shape, take));
    if (!meter)
        return refuse(Code::malformed, Blame::owner, "there is no sound in it");
    if (flac) {
        NK_TRY(flac->finish({}));
        file.reset();
        NK_TRY(disk.rename(fresh, wish.copy));
    }
    if (!wish.peaks.empty()) {
        NK_TRY(disk.make_folders(parent_of(wish.peaks)));
        NK_TRY(keep_peaks(disk, wish.peaks, meter->finish()));
    }
    // Deleted meanwhile: nothing of it stays.
    if (!disk.exists(wish.original)) {
        for (const auto& made : {wish.copy, wish.peaks})
            if (!made.empty())
                NK_TRY(disk.remove_tree(made));
        return refuse(Code::not_found, Blame::owner, "it was deleted meanwhile");
    }
    return {};
}

Result<void> limit_copies(Disk& disk, const std::string& state, std::uint64_t bytes_max) {
    const auto folder = copies_folder(state);
    if (!disk.exists(folder))
        return {};
    struct Copy {
        std::string path;
        std::uint64_t bytes;
        std::optional<WallTime> made;
    };
    std::vector<Copy> copies;
    std::uint64_t all = 0;
    NK_TAKE(const auto entries, disk.list(folder));
    for (const auto& entry : entries) {
        const auto path = folder + "/" + entry.name;
        if (const auto state_of = disk.state(path)) {
            copies.push_back({path, state_of->bytes, state_of->modified});
            all += state_of->bytes;
        }
    }
    std::sort(copies.begin(), copies.end(),
              [](const Copy& a, const Copy& b) { return a.made < b.made; });
    for (const auto& copy : copies) {
        if (all <= bytes_max)
            break;
        NK_TRY(disk.remove_tree(copy.path));
        all -= copy.bytes;
    }
    return {};
}

}  // namespace nk::listener
