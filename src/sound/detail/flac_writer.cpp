// FLAC onto a File: frames are appended; at the end we go back once for what is known only then,
// the stream info (sizes, sample count, MD5), the tags and the seek points.

#include <algorithm>
#include <bit>
#include <optional>

#include "base/check.h"
#include "base/digest.h"
#include "sound/detail/flac_frames.h"
#include "sound/detail/flac_layout.h"
#include "sound/flac.h"

namespace nk::sound {

namespace {

constexpr std::uint32_t seconds_between_seek_points = 10;
constexpr std::size_t write_bytes = 64 * 1024;
constexpr std::uint32_t rate_hz_max = (1U << 20U) - 1;  // RFC 9639 8.2: 20 bits
constexpr std::uint32_t channels_max = 8;

// Short blocks at telephone rates: a voice and its pauses change quickly, and 576 samples take no
// more time than 4,096 and 5 % less space.
std::uint32_t block_frames(const FlacShape& shape, const FlacOptions& options) {
    constexpr std::uint32_t telephone_rate_hz = 8'000;
    if (options.block_frames != 0)
        return options.block_frames;
    return shape.rate_hz <= telephone_rate_hz ? 576 : 1'152;
}

// As FLAC's MD5 wants them (RFC 9639 8.2): each sample in two bytes, the low one first.
Bytes as_little_endian(std::span<const std::int16_t> samples) {
    static_assert(std::endian::native == std::endian::little);
    return {reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes()};
}

class Writer : public FlacWriter {
public:
    Writer(File& file, const FlacShape& shape, const FlacOptions& options)
        : file_(file),
          info_{.shape = shape, .block_frames = block_frames(shape, options)},
          head_room_(detail::flac_head_room(options.tag_room_bytes)),
          frames_(shape.rate_hz, shape.channels, info_.block_frames),
          seek_points_(std::uint64_t{shape.rate_hz} * seconds_between_seek_points),
          sum_later_bytes_(options.sum_later_bytes) {
        pending_.assign(detail::flac_stream_info_end + head_room_, 0);
    }

    Result<void> write(std::span<const std::int16_t> interleaved) override;
    Result<void> finish(const FlacTags& tags) override;
    [[nodiscard]] std::uint64_t frames_written() const override {
        return info_.frames + rest_.size() / info_.shape.channels;
    }

    [[nodiscard]] Bytes unsummed() const override { return as_little_endian(unsummed_); }
    void summed(const Md5& sum) override { sum_ = sum; }

private:
    void sum(std::span<const std::int16_t> interleaved);
    [[nodiscard]] Md5 final_sum();
    Result<void> encode(std::span<const std::int16_t> block);
    Result<void> flush();

    File& file_;
    detail::StreamInfo info_;
    std::size_t head_room_;
    detail::FlacFrames frames_;
    detail::SeekPoints seek_points_;
    std::size_t sum_later_bytes_;
    std::vector<std::int16_t> unsummed_;
    Digest md5_{DigestKind::md5};  // of what stood there before it became too much
    std::optional<Md5> sum_;
    std::vector<std::int16_t> rest_;  // less than a block
    // A frame is some hundred bytes; the file gets them by the ten thousand.
    std::vector<std::uint8_t> pending_;
    std::uint64_t frame_bytes_ = 0;  // of all frames
    bool finished_ = false;
};

void Writer::sum(std::span<const std::int16_t> interleaved) {
    NK_CHECK(!sum_);
    if ((unsummed_.size() + interleaved.size()) * sizeof(std::int16_t) <= sum_later_bytes_) {
        unsummed_.insert(unsummed_.end(), interleaved.begin(), interleaved.end());
        return;
    }
    sum_later_bytes_ = 0;
    md5_.add(unsummed());
    unsummed_ = {};
    md5_.add(as_little_endian(interleaved));
}

Md5 Writer::final_sum() {
    if (sum_)
        return *sum_;
    md5_.add(unsummed());
    return md5_of(md5_);
}

Result<void> Writer::encode(std::span<const std::int16_t> block) {
    const auto frame = frames_.encode(block);
    const auto samples = block.size() / info_.shape.channels;
    seek_points_.saw({.sample = info_.frames,
                      .offset = frame_bytes_,
                      .samples = static_cast<std::uint16_t>(samples)});
    info_.saw(samples, frame.size());
    frame_bytes_ += frame.size();
    pending_.insert(pending_.end(), frame.begin(), frame.end());
    return pending_.size() >= write_bytes ? flush() : Result<void>();
}

Result<void> Writer::flush() {
    NK_TRY(file_.write(pending_));
    pending_.clear();
    return {};
}

Result<void> Writer::write(std::span<const std::int16_t> interleaved) {
    NK_CHECK(interleaved.size() % info_.shape.channels == 0 && !finished_);
    sum(interleaved);
    const std::size_t block = std::size_t{info_.block_frames} * info_.shape.channels;
    if (!rest_.empty()) {
        const auto more = interleaved.first(std::min(interleaved.size(), block - rest_.size()));
        rest_.insert(rest_.end(), more.begin(), more.end());
        interleaved = interleaved.subspan(more.size());
        if (rest_.size() < block)
            return {};
        NK_TRY(encode(rest_));
        rest_.clear();
    }
    for (; interleaved.size() >= block; interleaved = interleaved.subspan(block))
        NK_TRY(encode(interleaved.first(block)));
    rest_.assign(interleaved.begin(), interleaved.end());
    return {};
}

Result<void> Writer::finish(const FlacTags& tags) {
    NK_CHECK(!finished_);
    finished_ = true;
    if (!rest_.empty())
        NK_TRY(encode(rest_));
    NK_TRY(flush());
    auto head = detail::flac_stream_info(info_, final_sum());
    const auto blocks = detail::flac_head_blocks(tags, seek_points_.points(), head_room_);
    head.insert(head.end(), blocks.begin(), blocks.end());
    return file_.write_at(0, head);
}

}  // namespace

Result<std::unique_ptr<FlacWriter>> write_flac(File& file, const FlacShape& shape,
                                               const FlacOptions& options) {
    if (shape.channels < 1 || shape.channels > channels_max || shape.rate_hz > rate_hz_max ||
        shape.rate_hz == 0)
        return refuse(Code::unsupported, Blame::owner,
                      "FLAC cannot hold this rate or this many "
                      "channels");
    if (options.tag_room_bytes > limits::flac_tag_bytes_max)
        return refuse(Code::limit, Blame::owner, "more room for FLAC tags than is allowed");
    return std::make_unique<Writer>(file, shape, options);
}

}  // namespace nk::sound
