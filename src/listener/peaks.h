#pragma once
// How loud each voice of a recording is, for drawing: the loudest sample of every 20 ms, on a scale
// that an ear has. Taken from the sound once, and kept in a file that can be made again at any
// time.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"

namespace nk::listener {

inline constexpr std::uint32_t peaks_per_second = 50;

struct Peaks {
    // By channel: 0 for silence, 255 for full scale, evenly in dB from -60 on.
    std::vector<std::vector<std::uint8_t>> channels;
};

// The scale: of the largest absolute value of a 16-bit sample.
std::uint8_t loudness(int sample);

// Where a recording's are kept, in the window's own folder.
std::string peaks_path(const std::string& state, std::string_view id);

// Takes them of samples as they come.
class PeakMeter {
public:
    PeakMeter(std::uint32_t rate_hz, std::uint32_t channels);
    void add(std::span<const std::int16_t> interleaved);
    Peaks finish();

private:
    void end_point();
    std::uint64_t step_;
    Peaks peaks_;
    std::vector<int> most_;
    std::uint64_t seen_ = 0;  // of this point
};

Result<Peaks> take_peaks(File& flac);
Result<void> keep_peaks(Disk& disk, const std::string& path, const Peaks& peaks);
// Those that were kept; nothing is made.
Result<Peaks> kept_peaks(Disk& disk, const std::string& path);
// From `kept`, or from the sound and into `kept`; a file there that cannot be read is made again,
// and one that cannot be written is none.
Result<Peaks> peaks_of(Disk& disk, const std::string& flac, const std::string& kept);

// At most `points` between two moments, each the loudest of its stretch.
struct PeakLine {
    double point_ms = 0;
    std::vector<std::vector<std::uint8_t>> channels;
};
PeakLine line_of(const Peaks& peaks, std::int64_t from_ms, std::int64_t to_ms, std::size_t points);

}  // namespace nk::listener
