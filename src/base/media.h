#pragma once
// Files of sound that others made: what a container tells, its sound as samples, what lies in an
// archive of files. host/media_helper.h has the real one, which opens them in a process that can do
// nothing else.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace nk {

struct MediaFacts {
    std::string container;      // "mov", "mp3", "ogg", "amr", "wav" ..., as libavformat names them
    std::string codec;          // "aac", "opus", "amrnb" ..., as libavcodec names them
    std::uint32_t rate_hz = 0;  // as it is decoded
    std::uint32_t channels = 0;
    std::uint64_t frames = 0;  // samples per channel at rate_hz, by its packets
    std::uint64_t packets = 0;
    bool is_lossless = false;
    bool has_end = true;       // an Ogg file of which the last page says that it is the last
    bool has_picture = false;  // moving ones: a film
    // SHA-256 of the sound, in hexadecimal: of decoded samples when it is lossless, else of the
    // packets. The same whatever it is wrapped in and tagged with.
    std::string essence;
    std::vector<std::pair<std::string, std::string>> tags;  // of the file, then of the stream
    std::string transcript;                                 // Apple's, the JSON of its `tsrp` atom
    std::string fault;  // what could not be read of it, in a sentence; else empty
    bool operator==(const MediaFacts&) const = default;
};

struct MediaShape {
    std::uint32_t rate_hz = 0;   // limits::sample_rate_hz_min to _max
    std::uint32_t channels = 0;  // 1..8
};

struct PackedFile {
    std::string path;  // as the archive has it
    std::optional<WallTime> modified;
    std::uint64_t bytes = 0;  // as it says; what comes may be more or less
};

class Media {
public:
    using TakeShape = std::function<Result<void>(const MediaShape&)>;
    using TakeSamples = std::function<Result<void>(std::span<const std::int16_t> interleaved)>;
    using TakeBytes = std::function<Result<void>(Bytes)>;
    using TakeFile = std::function<Result<void>(const PackedFile&)>;

    virtual ~Media() = default;
    // Reads all of the file. `name` is what it is called, which helps to tell some formats.
    // Code::unsupported when it is no sound that can be read; Code::malformed when it is said to be
    // and cannot.
    Result<MediaFacts> look(const std::string& path, const std::string& name) {
        NK_TRY(begin_look(path, name));
        return end_look();
    }
    // The same in two steps, between which there is time for other things. More may begin before
    // the first ends: they end in the order in which they began, each once.
    virtual Result<void> begin_look(const std::string& path, const std::string& name) = 0;
    virtual Result<MediaFacts> end_look() = 0;
    // Its samples from one moment to another, `to_ms` 0: to the end. A fault after some sound is
    // none.
    virtual Result<void> decode(const std::string& path, const std::string& name,
                                std::int64_t from_ms, std::int64_t to_ms, const TakeShape& shape,
                                const TakeSamples& take) = 0;
    // The same packets in a new Ogg file, for a file that lacks its end.
    virtual Result<void> wrap_anew(const std::string& path, const std::string& name,
                                   const TakeBytes& take) = 0;
    // Each plain file in an archive: what it is, then its bytes. Code::unsupported when it is no
    // archive that can be read.
    virtual Result<void> unpack(const std::string& path, const TakeFile& begin,
                                const TakeBytes& take) = 0;
};

}  // namespace nk
