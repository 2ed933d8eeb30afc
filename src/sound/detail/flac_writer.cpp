// FLAC by libFLAC's encoder, onto a File. The encoder appends frames; at the end it goes back once
// for the stream info (sizes, sample count, MD5), and we go back once for tags and seek points.

#include <algorithm>
#include <array>
#include <optional>

#include <FLAC/metadata.h>
#include <FLAC/stream_encoder.h>

#include "base/check.h"
#include "sound/detail/flac_layout.h"
#include "sound/flac.h"

namespace nk::sound {

namespace {

constexpr std::uint32_t seconds_between_seek_points = 10;
constexpr std::size_t write_bytes = 64 * 1024;

struct DeleteEncoder {
    void operator()(FLAC__StreamEncoder* encoder) const { FLAC__stream_encoder_delete(encoder); }
};

tl::unexpected<Error> ours(const char* what) {
    return refuse(Code::broken, Blame::ourselves, what);
}

// Measured with level 0, 8 kHz, two channels: 576 samples need 73 KiB per encoder, 1152 need 114
// and 4096 need 321, for the same time and 0.6 % and 5 % more space.
std::uint32_t block_frames(const FlacShape& shape, const FlacOptions& options) {
    constexpr std::uint32_t telephone_rate_hz = 8'000;
    if (options.block_frames != 0)
        return options.block_frames;
    return shape.rate_hz <= telephone_rate_hz ? 576 : 1'152;
}

class Writer : public FlacWriter {
public:
    Writer(File& file, const FlacShape& shape)
        : file_(file),
          shape_(shape),
          seek_points_(std::uint64_t{shape.rate_hz} * seconds_between_seek_points),
          encoder_(FLAC__stream_encoder_new()) {}
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    Result<void> begin(const FlacOptions& options);
    Result<void> write(std::span<const std::int16_t> interleaved) override;
    Result<void> finish(const FlacTags& tags) override;
    [[nodiscard]] std::uint64_t frames_written() const override { return frames_; }

private:
    static FLAC__StreamEncoderWriteStatus on_write(const FLAC__StreamEncoder*,
                                                   const FLAC__byte* bytes, size_t count,
                                                   std::uint32_t samples, std::uint32_t,
                                                   void* self);
    static FLAC__StreamEncoderSeekStatus on_seek(const FLAC__StreamEncoder*, FLAC__uint64 offset,
                                                 void* self);
    static FLAC__StreamEncoderTellStatus on_tell(const FLAC__StreamEncoder*, FLAC__uint64* offset,
                                                 void* self);
    Result<void> put(Bytes bytes, std::uint32_t samples);
    Result<void> flush();
    // What the file answered when that is why libFLAC stopped.
    tl::unexpected<Error> failed(const char* what);

    File& file_;
    FlacShape shape_;
    std::optional<Error> file_error_;
    // A frame is some hundred bytes; the file gets them by the ten thousand.
    std::vector<std::uint8_t> pending_;
    std::uint64_t at_ = 0;
    std::uint64_t end_ = 0;  // with what is pending
    std::uint64_t audio_begins_ = 0;
    std::uint64_t frames_ = 0;
    std::uint64_t encoded_ = 0;
    std::vector<FLAC__int32> wide_;
    detail::SeekPoints seek_points_;
    bool finished_ = false;
    std::unique_ptr<FLAC__StreamEncoder, DeleteEncoder> encoder_;  // last: it calls the others
};

Result<void> Writer::put(Bytes bytes, std::uint32_t samples) {
    if (at_ == end_) {
        pending_.insert(pending_.end(), bytes.begin(), bytes.end());
        end_ += bytes.size();
        if (pending_.size() >= write_bytes)
            NK_TRY(flush());
    } else {
        NK_TRY(flush());
        NK_TRY(file_.write_at(at_, bytes));
    }
    if (samples != 0) {
        seek_points_.saw({.sample = encoded_,
                          .offset = at_ - audio_begins_,
                          .samples = static_cast<std::uint16_t>(samples)});
        encoded_ += samples;
    }
    at_ += bytes.size();
    return {};
}

Result<void> Writer::flush() {
    NK_TRY(file_.write(pending_));
    pending_.clear();
    return {};
}

FLAC__StreamEncoderWriteStatus Writer::on_write(const FLAC__StreamEncoder*, const FLAC__byte* bytes,
                                                size_t count, std::uint32_t samples, std::uint32_t,
                                                void* self) {
    auto& writer = *static_cast<Writer*>(self);
    auto written = writer.put(Bytes(bytes, count), samples);
    if (written)
        return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
    writer.file_error_ = std::move(written.error());
    return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR;
}

FLAC__StreamEncoderSeekStatus Writer::on_seek(const FLAC__StreamEncoder*, FLAC__uint64 offset,
                                              void* self) {
    auto& writer = *static_cast<Writer*>(self);
    if (offset > writer.end_)
        return FLAC__STREAM_ENCODER_SEEK_STATUS_ERROR;
    writer.at_ = offset;
    return FLAC__STREAM_ENCODER_SEEK_STATUS_OK;
}

FLAC__StreamEncoderTellStatus Writer::on_tell(const FLAC__StreamEncoder*, FLAC__uint64* offset,
                                              void* self) {
    *offset = static_cast<Writer*>(self)->at_;
    return FLAC__STREAM_ENCODER_TELL_STATUS_OK;
}

tl::unexpected<Error> Writer::failed(const char* what) {
    if (file_error_)
        return tl::unexpected(*file_error_);
    return ours(what);
}

Result<void> Writer::begin(const FlacOptions& options) {
    auto* encoder = encoder_.get();
    FLAC__stream_encoder_set_channels(encoder, shape_.channels);
    FLAC__stream_encoder_set_bits_per_sample(encoder, 16);
    FLAC__stream_encoder_set_sample_rate(encoder, shape_.rate_hz);
    FLAC__stream_encoder_set_compression_level(encoder, options.level);
    FLAC__stream_encoder_set_blocksize(encoder, block_frames(shape_, options));
    // libFLAC writes a small comment block of its own before the padding; finish() writes over
    // both.
    FLAC__StreamMetadata padding{};
    padding.type = FLAC__METADATA_TYPE_PADDING;
    padding.length = static_cast<std::uint32_t>(detail::flac_head_room(options.tag_room_bytes));
    std::array<FLAC__StreamMetadata*, 1> metadata{&padding};
    FLAC__stream_encoder_set_metadata(encoder, metadata.data(), metadata.size());
    const auto status =
        FLAC__stream_encoder_init_stream(encoder, on_write, on_seek, on_tell, nullptr, this);
    if (status != FLAC__STREAM_ENCODER_INIT_STATUS_OK)
        return failed(FLAC__StreamEncoderInitStatusString[status]);
    audio_begins_ = end_;
    return {};
}

Result<void> Writer::write(std::span<const std::int16_t> interleaved) {
    NK_CHECK(interleaved.size() % shape_.channels == 0 && !finished_);
    constexpr std::size_t frames_at_once = 4'096;
    while (!interleaved.empty()) {
        const auto part =
            interleaved.first(std::min(interleaved.size(), frames_at_once * shape_.channels));
        interleaved = interleaved.subspan(part.size());
        wide_.assign(part.begin(), part.end());
        const auto frames = static_cast<std::uint32_t>(part.size() / shape_.channels);
        if (FLAC__stream_encoder_process_interleaved(encoder_.get(), wide_.data(), frames) == 0)
            return failed(FLAC__stream_encoder_get_resolved_state_string(encoder_.get()));
        frames_ += frames;
    }
    return {};
}

Result<void> Writer::finish(const FlacTags& tags) {
    NK_CHECK(!finished_);
    finished_ = true;
    // An encoder that has failed would say that it finished well.
    if (FLAC__stream_encoder_get_state(encoder_.get()) != FLAC__STREAM_ENCODER_OK ||
        FLAC__stream_encoder_finish(encoder_.get()) == 0)
        return failed("libFLAC could not finish the file");
    NK_TRY(flush());
    const auto room = static_cast<std::size_t>(audio_begins_ - detail::flac_stream_info_end);
    return file_.write_at(detail::flac_stream_info_end,
                          detail::flac_head_blocks(tags, seek_points_.points(), room));
}

}  // namespace

Result<std::unique_ptr<FlacWriter>> write_flac(File& file, const FlacShape& shape,
                                               const FlacOptions& options) {
    if (shape.channels < 1 || shape.channels > FLAC__MAX_CHANNELS ||
        FLAC__format_sample_rate_is_valid(shape.rate_hz) == 0 || shape.rate_hz == 0)
        return refuse(Code::unsupported, Blame::owner,
                      "FLAC cannot hold this rate or this many "
                      "channels");
    if (options.tag_room_bytes > limits::flac_tag_bytes_max)
        return refuse(Code::limit, Blame::owner, "more room for FLAC tags than is allowed");
    auto writer = std::make_unique<Writer>(file, shape);
    NK_TRY(writer->begin(options));
    return writer;
}

}  // namespace nk::sound
