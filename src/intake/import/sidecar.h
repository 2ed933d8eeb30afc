#pragma once
// The file that a recorder lays beside a recording: BCR's JSON (which we write too), Cube's, and
// what ACR Phone told when it sent the recording by itself.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "call/finding.h"
#include "intake/import/stamp.h"

namespace nk::importing {

struct Sidecar {
    std::string recorder;  // "bcr", "cube", "acrphone"; empty when it is some other file
    std::vector<call::Finding> findings;
    std::optional<Nanos> length;  // of the call, as its maker measured it
    std::optional<int> sim_slot;  // from 1
    std::string app;              // the Android package that handled the call
};

// JSON that is neither gives a Sidecar without anything; what is no JSON at all is refused.
// Comments are passed over, and every field but the recorder's own may lack or be null.
Result<Sidecar> read_sidecar(std::string_view json, const Zone& zone);

// What BCR's JSON says of a recording that goes out: absent is null.
struct BcrFacts {
    struct Party {
        std::optional<std::string> number, number_formatted, caller_name, contact_name;
    };
    struct Format {
        std::string type = "FLAC";  // or OGG/Opus, M4A/AAC, WAV/PCM, AMR-WB, AMR-NB
        std::string mime_container = "audio/flac";
        std::string mime_audio = "audio/flac";
        std::string parameter_type = "none";  // or bitrate, compression_level
        std::int64_t parameter = 0;
    };
    struct Recording {
        std::int64_t frames = 0;
        std::int64_t sample_rate = 8000;
        std::int64_t channels = 1;
        std::optional<double> wall_s;  // of the call
        std::int64_t buffer_overruns = 0;
        bool was_paused = false;
        bool was_held = false;
    };
    WallTime started;
    std::int32_t offset_s = 0;
    std::optional<std::string> package_name, direction, call_log_name;
    std::optional<int> sim_slot;
    std::vector<Party> calls;
    Format format;
    std::optional<Recording> recording;
};
std::string write_bcr_json(const BcrFacts& facts);

}  // namespace nk::importing
