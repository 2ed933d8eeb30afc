#include "archive/verify.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "archive/layout.h"
#include "archive/reading.h"
#include "archive/vcon.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/limits.h"
#include "sound/flac.h"

namespace nk::archive {

namespace {

constexpr std::size_t piece_bytes = 256 * 1024;

struct Measured {
    std::uint64_t bytes = 0;
    std::string sha256;
    std::string sha512;
};

Result<Measured> measure(File& file) {
    Digest sha256(DigestKind::sha256);
    Digest sha512(DigestKind::sha512);
    std::vector<std::uint8_t> piece(piece_bytes);
    Measured measured;
    while (true) {
        NK_TAKE(const auto got, file.read_at(measured.bytes, piece));
        const Bytes bytes(piece.data(), got);
        sha256.add(bytes);
        sha512.add(bytes);
        measured.bytes += got;
        if (got < piece.size())
            break;
    }
    measured.sha256 = sha256.hex();
    measured.sha512 = sha512.hex();
    return measured;
}

class Inspection {
public:
    Inspection(Disk& disk, const std::string& root, std::string_view id)
        : disk_(disk), folder_(recording_folder(root, id)) {
        verdict_.id = id;
    }

    Verdict run() {
        const auto facts = inspect_vcon();
        if (facts) {
            if (facts->audio)
                inspect_audio(*facts->audio);
            for (const auto& side : facts->side_files)
                inspect_file(side.file, side.bytes, side.sha256, side.sha512);
            for (const auto& track : facts->tracks)
                if (!track.payload_file.empty() && !known_.contains(track.payload_file))
                    complain(track.payload_file + " is named by a track, but has no hash");
            look_for_strangers();
        }
        return std::move(verdict_);
    }

private:
    void complain(std::string problem) { verdict_.problems.push_back(std::move(problem)); }

    std::optional<recording::RecordingFacts> inspect_vcon() {
        known_.emplace(vcon_file);
        const std::string path = folder_ + "/" + std::string(vcon_file);
        const auto bytes = read_whole(disk_, path, limits::vcon_bytes_max);
        if (!bytes) {
            complain(bytes.error().what);
            return std::nullopt;
        }
        verdict_.bytes += bytes->size();
        auto facts = from_vcon(as_text(*bytes));
        if (!facts) {
            complain(std::string(vcon_file) + ": " + facts.error().what);
            return std::nullopt;
        }
        if (facts->id != verdict_.id)
            complain(std::string(vcon_file) + " is of another recording: " + facts->id);
        // The facts fix every byte of the file; a byte that differs was changed after sealing.
        if (to_vcon(*facts) != as_text(*bytes))
            complain(std::string(vcon_file) + " is not as it was written: its parts disagree");
        return std::move(*facts);
    }

    std::unique_ptr<File> inspect_file(const std::string& name, std::uint64_t bytes,
                                       const std::string& sha256, const std::string& sha512) {
        known_.insert(name);
        auto file = disk_.open(folder_ + "/" + name);
        if (!file) {
            complain(disk_.exists(folder_ + "/" + name) ? file.error().what : name + " is missing");
            return nullptr;
        }
        const auto size = (*file)->size();
        if (size && *size != bytes) {  // it may be endless: nothing more is to be learned from it
            complain(name + " has " + std::to_string(*size) + " bytes, not " +
                     std::to_string(bytes));
            return nullptr;
        }
        const auto measured = measure(**file);
        if (!measured) {
            complain(measured.error().what);
            return nullptr;
        }
        verdict_.bytes += measured->bytes;
        if (measured->bytes != bytes)
            complain(name + " has " + std::to_string(measured->bytes) + " bytes, not " +
                     std::to_string(bytes));
        else if (measured->sha256 != sha256 || measured->sha512 != sha512)
            complain(name + " was changed: its hash is not the one that was sealed");
        return std::move(*file);
    }

    void inspect_audio(const recording::AudioFacts& audio) {
        const auto file = inspect_file(audio.file, audio.bytes, audio.sha256, audio.sha512);
        if (file != nullptr && audio.format == "flac")
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
