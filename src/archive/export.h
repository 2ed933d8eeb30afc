#pragma once
// A recording for use elsewhere: as a file people play, as bare samples to compare with a reference
// decoder, or as its facts.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/media.h"
#include "base/result.h"
#include "recording/facts.h"

namespace nk::archive {

enum class ExportFormat {
    flac,      // without a track and untrimmed: the archive's file, byte for byte, where it is one
    wav,       // 16-bit PCM
    s16le,     // the samples alone, little-endian, interleaved
    json,      // call.vcon.json, byte for byte
    original,  // the file that was brought, or our own FLAC, byte for byte
};

struct ExportOptions {
    ExportFormat format = ExportFormat::wav;
    // "1", "2", ... or a party's role ("caller", "callee"): that track alone, at the rate its sound
    // came at, with every received sample bit for bit. Empty: the whole file.
    std::string track{};
    // From the first packet to the last: of the track, or of all tracks together.
    bool trim = false;
    // Each channel of the output is the sum of these of the file's, from 0 on; empty: the file's
    // own. Not together with a track.
    std::vector<std::vector<std::uint32_t>> mix{};
    bool into_pipe = false;  // nothing that was written can be written again
};

std::optional<ExportFormat> export_format_named(std::string_view name);
// "flac", "wav", "s16le", "json", "original".
std::string_view name_of(ExportFormat format);
// The usual ending of the file's name, without the dot; of an original its own.
std::string usual_ending(const recording::RecordingFacts& facts, ExportFormat format);

// Finds the track that `text` names. Code::not_found tells what there is.
Result<const recording::TrackFacts*> track_named(const recording::RecordingFacts& facts,
                                                 std::string_view text);

// Whether the output is written in one sweep, so that it can go into a pipe; a FLAC that is encoded
// anew goes back to its head in the end.
bool writes_in_one_sweep(const recording::RecordingFacts& facts, const ExportOptions& options);

// Who decodes what was brought, asked for when it is needed.
using FindMedia = std::function<Result<Media*>()>;

// Writes into `out`, which is empty, once the files it takes from have proven to be those that were
// sealed; else it is refused with Code::malformed and nothing is written. Not synced.
// Requires: is_id(id).
Result<void> export_recording(Disk& disk, const FindMedia& media, const std::string& root,
                              std::string_view id, const ExportOptions& options, File& out);

}  // namespace nk::archive
