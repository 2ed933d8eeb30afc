#include "listener/copies.h"

#include <algorithm>
#include <memory>

#include "archive/layout.h"
#include "archive/original.h"
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

std::string copy_path(const std::string& state, std::string_view id, CopyKind kind) {
    return copies_folder(state) + "/" + std::string(id) +
           (kind == CopyKind::ogg ? ".ogg" : ".flac");
}

std::optional<CopyKind> copy_for_browsers(const recording::RecordingFacts& facts) {
    switch (archive::playable_of(facts)) {
        case archive::Playable::as_it_is:
            return std::nullopt;
        case archive::Playable::wrapped_anew:
            return CopyKind::ogg;
        case archive::Playable::decoded:
            break;
    }
    return CopyKind::flac;
}

std::vector<std::string> paths_of_what_is_made(const std::string& state, std::string_view id) {
    return {peaks_path(state, id), copy_path(state, id, CopyKind::flac),
            copy_path(state, id, CopyKind::ogg)};
}

CopyWish copy_wish(const std::string& archive, const std::string& state,
                   const recording::RecordingFacts& facts, std::optional<CopyKind> copy) {
    return {archive::recording_folder(archive, facts.id) + "/" + facts.audio->file,
            facts.brought->name, peaks_path(state, facts.id),
            copy ? copy_path(state, facts.id, *copy) : "", copy.value_or(CopyKind::flac)};
}

namespace {

// Its samples: for peaks, and for a copy in FLAC when there is a file for it.
Result<void> decode(Disk& disk, Media& media, const CopyWish& wish, File* copy) {
    std::unique_ptr<sound::FlacWriter> flac;
    std::optional<PeakMeter> meter;
    const auto shape = [&](const MediaShape& known) -> Result<void> {
        meter.emplace(known.rate_hz, known.channels);
        if (copy != nullptr) {
            NK_TAKE(flac, sound::write_flac(*copy, {known.rate_hz, known.channels}, {}));
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
    if (flac)
        NK_TRY(flac->finish({}));
    if (wish.peaks.empty())
        return {};
    NK_TRY(disk.make_folders(parent_of(wish.peaks)));
    return keep_peaks(disk, wish.peaks, meter->finish());
}

}  // namespace

Result<void> make_copy(Disk& disk, Media& media, const CopyWish& wish) {
    const std::string fresh = wish.copy + ".fresh";
    std::unique_ptr<File> file;
    if (!wish.copy.empty()) {
        NK_TRY(disk.make_folders(parent_of(wish.copy)));
        NK_TRY(disk.remove_tree(fresh));
        NK_TAKE(file, disk.create(fresh));
    }
    const bool is_wrapped = file && wish.kind == CopyKind::ogg;
    NK_TRY(decode(disk, media, wish, is_wrapped ? nullptr : file.get()));
    if (is_wrapped)
        NK_TRY(media.wrap_anew(wish.original, wish.name,
                               [&](Bytes bytes) { return file->write(bytes); }));
    if (file) {
        file.reset();
        NK_TRY(disk.rename(fresh, wish.copy));
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
