#include "listener/peaks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/limits.h"
#include "base/pack.h"
#include "sound/flac.h"

namespace nk::listener {

namespace {

constexpr std::array<std::uint8_t, 4> mark{'N', 'K', 'P', '1'};
constexpr std::size_t head_bytes = 16;  // mark, channels, points of each (64 bits)
constexpr double silent_db = -60;

std::vector<std::uint8_t> write(const Peaks& peaks) {
    std::vector<std::uint8_t> out(head_bytes);
    std::copy(mark.begin(), mark.end(), out.begin());
    put_le(out.data() + 4, static_cast<std::uint32_t>(peaks.channels.size()));
    const std::uint64_t points = peaks.channels.empty() ? 0 : peaks.channels[0].size();
    put_le(out.data() + 8, points);
    for (const auto& channel : peaks.channels)
        out.insert(out.end(), channel.begin(), channel.end());
    return out;
}

Result<Peaks> read(Disk& disk, const std::string& path) {
    NK_TAKE(const auto bytes, read_whole(disk, path, limits::peaks_file_bytes_max));
    const auto wrong = refuse(Code::malformed, Blame::machine, path + " holds no peaks");
    if (bytes.size() < head_bytes || !std::equal(mark.begin(), mark.end(), bytes.begin()))
        return wrong;
    const auto channels = get_le<std::uint32_t>(bytes.data() + 4);
    const auto points = get_le<std::uint64_t>(bytes.data() + 8);
    if (channels > 8 || points > limits::peaks_file_bytes_max ||
        bytes.size() != head_bytes + channels * points)
        return wrong;
    Peaks out;
    auto at = bytes.begin() + head_bytes;
    for (std::uint32_t i = 0; i < channels; ++i, at += static_cast<std::ptrdiff_t>(points))
        out.channels.emplace_back(at, at + static_cast<std::ptrdiff_t>(points));
    return out;
}

Result<void> keep(Disk& disk, const std::string& path, const Peaks& peaks) {
    const std::string fresh = path + ".fresh";
    NK_TRY(disk.remove_tree(fresh));
    {
        NK_TAKE(const auto file, disk.create(fresh));
        NK_TRY(file->write(write(peaks)));
    }
    return disk.rename(fresh, path);
}

}  // namespace

std::uint8_t loudness(int sample) {
    const int size = std::min(std::abs(sample), 32'767);
    if (size == 0)
        return 0;
    const double db = 20 * std::log10(size / 32'767.0);
    return static_cast<std::uint8_t>(
        std::clamp(std::lround(255 * (db - silent_db) / -silent_db), 1L, 255L));
}

std::string peaks_path(const std::string& state, std::string_view id) {
    return state + "/peaks/" + std::string(id);
}

PeakMeter::PeakMeter(std::uint32_t rate_hz, std::uint32_t channels)
    : step_(std::max<std::uint32_t>(1, rate_hz / peaks_per_second)), most_(channels, 0) {
    peaks_.channels.resize(channels);
}

void PeakMeter::end_point() {
    for (std::size_t i = 0; i < most_.size(); ++i)
        peaks_.channels[i].push_back(loudness(std::exchange(most_[i], 0)));
    seen_ = 0;
}

void PeakMeter::add(std::span<const std::int16_t> samples) {
    const auto channels = most_.size();
    for (std::size_t at = 0; at + channels <= samples.size(); at += channels) {
        for (std::size_t i = 0; i < channels; ++i)
            most_[i] = std::max(most_[i], std::abs(int{samples[at + i]}));
        if (++seen_ == step_)
            end_point();
    }
}

Peaks PeakMeter::finish() {
    if (seen_ > 0)
        end_point();
    return std::move(peaks_);
}

Result<Peaks> take_peaks(File& flac) {
    NK_TAKE(const auto reader, sound::read_flac(flac));
    const auto shape = reader->shape();
    PeakMeter meter(shape.rate_hz, shape.channels);
    for (;;) {
        NK_TAKE(const auto samples, reader->read());
        if (samples.empty())
            return meter.finish();
        meter.add(samples);
    }
}

Result<void> keep_peaks(Disk& disk, const std::string& path, const Peaks& peaks) {
    return keep(disk, path, peaks);
}

Result<Peaks> kept_peaks(Disk& disk, const std::string& path) {
    return read(disk, path);
}

Result<Peaks> peaks_of(Disk& disk, const std::string& flac, const std::string& kept) {
    if (disk.exists(kept))
        if (auto known = read(disk, kept))
            return known;
    NK_TAKE(const auto file, disk.open_plain(flac));
    NK_TAKE(auto peaks, take_peaks(*file));
    (void)keep(disk, kept, peaks);  // next time, then
    return peaks;
}

PeakLine line_of(const Peaks& peaks, std::int64_t from_ms, std::int64_t to_ms, std::size_t points) {
    constexpr double kept_ms = 1'000.0 / peaks_per_second;
    PeakLine out;
    const double length_ms = static_cast<double>(std::max<std::int64_t>(to_ms - from_ms, 1));
    out.point_ms = std::max(kept_ms, length_ms / static_cast<double>(points));
    const auto count = static_cast<std::size_t>(std::ceil(length_ms / out.point_ms));
    for (const auto& channel : peaks.channels) {
        auto& line = out.channels.emplace_back();
        for (std::size_t i = 0; i < count; ++i) {
            const auto place = [&](double ms) {
                return std::min(static_cast<std::size_t>(std::max(0.0, ms / kept_ms)),
                                channel.size());
            };
            const double begin_ms =
                static_cast<double>(from_ms) + out.point_ms * static_cast<double>(i);
            const auto from = place(begin_ms);
            const auto to =
                std::max(place(begin_ms + out.point_ms), std::min(from + 1, channel.size()));
            std::uint8_t most = 0;
            for (auto at = from; at < to; ++at)
                most = std::max(most, channel[at]);
            line.push_back(most);
        }
    }
    return out;
}

}  // namespace nk::listener
