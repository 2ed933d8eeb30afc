// FLAC by libFLAC's decoder, from a File, one frame after the other. Frames are checked by their
// CRC; anything lost or damaged is an error, never a guess.

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <FLAC/stream_decoder.h>

#include "base/limits.h"
#include "sound/flac.h"

namespace nk::sound {

namespace {

struct DeleteDecoder {
    void operator()(FLAC__StreamDecoder* decoder) const { FLAC__stream_decoder_delete(decoder); }
};

Error damage(std::string what) {
    return {Code::malformed, Blame::machine, "FLAC: " + std::move(what)};
}

class Reader : public FlacReader {
public:
    explicit Reader(File& file) : file_(file), decoder_(FLAC__stream_decoder_new()) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    Result<void> begin();
    [[nodiscard]] FlacShape shape() const override { return shape_; }
    [[nodiscard]] std::uint64_t frames() const override { return frames_; }
    [[nodiscard]] const FlacTags& tags() const override { return tags_; }
    Result<std::vector<std::int16_t>> read() override;
    Result<void> seek(std::uint64_t frame) override;
    bool md5_holds() override;

private:
    static FLAC__StreamDecoderReadStatus on_read(const FLAC__StreamDecoder*, FLAC__byte buffer[],
                                                 size_t* bytes, void* self);
    static FLAC__StreamDecoderSeekStatus on_seek(const FLAC__StreamDecoder*, FLAC__uint64 to,
                                                 void* self);
    static FLAC__StreamDecoderTellStatus on_tell(const FLAC__StreamDecoder*, FLAC__uint64* at,
                                                 void* self);
    static FLAC__StreamDecoderLengthStatus on_length(const FLAC__StreamDecoder*,
                                                     FLAC__uint64* bytes, void* self);
    static FLAC__bool on_eof(const FLAC__StreamDecoder*, void* self);
    static FLAC__StreamDecoderWriteStatus on_write(const FLAC__StreamDecoder*,
                                                   const FLAC__Frame* frame,
                                                   const FLAC__int32* const channels[], void* self);
    static void on_metadata(const FLAC__StreamDecoder*, const FLAC__StreamMetadata* metadata,
                            void* self);
    static void on_error(const FLAC__StreamDecoder*, FLAC__StreamDecoderErrorStatus status,
                         void* self);
    void take_stream_info(const FLAC__StreamMetadata_StreamInfo& info);
    void take_tags(const FLAC__StreamMetadata_VorbisComment& comment);
    void fail(Error error);

    File& file_;
    std::uint64_t at_ = 0;
    std::uint64_t bytes_ = 0;  // of the file
    bool has_shape_ = false;
    bool has_md5_ = false;
    FlacShape shape_;
    std::uint64_t frames_ = 0;
    std::uint64_t frames_read_ = 0;
    bool has_sought_ = false;  // and out_ holds what stands there
    FlacTags tags_;
    std::vector<std::int16_t> out_;
    std::optional<Error> error_;  // the first there was
    std::unique_ptr<FLAC__StreamDecoder, DeleteDecoder> decoder_;
};

void Reader::fail(Error error) {
    if (!error_)
        error_ = std::move(error);
}

FLAC__StreamDecoderReadStatus Reader::on_read(const FLAC__StreamDecoder*, FLAC__byte buffer[],
                                              size_t* bytes, void* self) {
    auto& reader = *static_cast<Reader*>(self);
    auto got = reader.file_.read_at(reader.at_, std::span(buffer, *bytes));
    *bytes = 0;
    if (!got) {
        reader.fail(std::move(got.error()));
        return FLAC__STREAM_DECODER_READ_STATUS_ABORT;
    }
    *bytes = *got;
    reader.at_ += *got;
    return *got == 0 ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM
                     : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
}

FLAC__StreamDecoderSeekStatus Reader::on_seek(const FLAC__StreamDecoder*, FLAC__uint64 to,
                                              void* self) {
    static_cast<Reader*>(self)->at_ = to;
    return FLAC__STREAM_DECODER_SEEK_STATUS_OK;
}

FLAC__StreamDecoderTellStatus Reader::on_tell(const FLAC__StreamDecoder*, FLAC__uint64* at,
                                              void* self) {
    *at = static_cast<Reader*>(self)->at_;
    return FLAC__STREAM_DECODER_TELL_STATUS_OK;
}

FLAC__StreamDecoderLengthStatus Reader::on_length(const FLAC__StreamDecoder*, FLAC__uint64* bytes,
                                                  void* self) {
    *bytes = static_cast<Reader*>(self)->bytes_;
    return FLAC__STREAM_DECODER_LENGTH_STATUS_OK;
}

FLAC__bool Reader::on_eof(const FLAC__StreamDecoder*, void* self) {
    const auto& reader = *static_cast<Reader*>(self);
    return reader.at_ >= reader.bytes_ ? 1 : 0;
}

FLAC__StreamDecoderWriteStatus Reader::on_write(const FLAC__StreamDecoder*,
                                                const FLAC__Frame* frame,
                                                const FLAC__int32* const channels[], void* self) {
    auto& reader = *static_cast<Reader*>(self);
    const auto& head = frame->header;
    if (!reader.has_shape_ || head.channels != reader.shape_.channels ||
        head.bits_per_sample != 16 || head.sample_rate != reader.shape_.rate_hz) {
        reader.fail(damage("a frame unlike the file's header"));
        return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    }
    for (std::uint32_t i = 0; i < head.blocksize; ++i)
        for (std::uint32_t channel = 0; channel < head.channels; ++channel)
            reader.out_.push_back(static_cast<std::int16_t>(channels[channel][i]));
    reader.frames_read_ += head.blocksize;
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

void Reader::take_stream_info(const FLAC__StreamMetadata_StreamInfo& info) {
    if (has_shape_)
        return fail(damage("two headers"));
    if (info.bits_per_sample != 16)
        return fail({Code::unsupported, Blame::owner, "FLAC: samples that have not 16 bits"});
    has_shape_ = true;
    shape_ = {.rate_hz = info.sample_rate, .channels = info.channels};
    frames_ = info.total_samples;
    has_md5_ = std::any_of(std::begin(info.md5sum), std::end(info.md5sum),
                           [](FLAC__byte b) { return b != 0; });
}

void Reader::take_tags(const FLAC__StreamMetadata_VorbisComment& comment) {
    const auto count = std::min<std::size_t>(comment.num_comments, limits::flac_tags_max);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& entry = comment.comments[i];
        const auto text = as_text(Bytes(entry.entry, entry.length));
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            tags_.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
}

void Reader::on_metadata(const FLAC__StreamDecoder*, const FLAC__StreamMetadata* metadata,
                         void* self) {
    auto& reader = *static_cast<Reader*>(self);
    if (metadata->type == FLAC__METADATA_TYPE_STREAMINFO)
        reader.take_stream_info(metadata->data.stream_info);
    if (metadata->type == FLAC__METADATA_TYPE_VORBIS_COMMENT)
        reader.take_tags(metadata->data.vorbis_comment);
}

void Reader::on_error(const FLAC__StreamDecoder*, FLAC__StreamDecoderErrorStatus status,
                      void* self) {
    static_cast<Reader*>(self)->fail(damage(FLAC__StreamDecoderErrorStatusString[status]));
}

Result<void> Reader::begin() {
    NK_TAKE(bytes_, file_.size());
    auto* decoder = decoder_.get();
    FLAC__stream_decoder_set_md5_checking(decoder, 1);
    FLAC__stream_decoder_set_metadata_respond(decoder, FLAC__METADATA_TYPE_VORBIS_COMMENT);
    const auto status =
        FLAC__stream_decoder_init_stream(decoder, on_read, on_seek, on_tell, on_length, on_eof,
                                         on_write, on_metadata, on_error, this);
    if (status != FLAC__STREAM_DECODER_INIT_STATUS_OK)
        return refuse(Code::broken, Blame::ourselves, FLAC__StreamDecoderInitStatusString[status]);
    // libFLAC looks for the mark anywhere; in a file of ours it is at the start.
    std::array<std::uint8_t, 4> mark{};
    NK_TAKE(const auto got, file_.read_at(0, mark));
    if (got != mark.size() || as_text(mark) != "fLaC")
        return tl::unexpected(damage("not such a file"));
    if (FLAC__stream_decoder_process_until_end_of_metadata(decoder) == 0 && !error_)
        return tl::unexpected(damage("unreadable header"));
    if (error_)
        return tl::unexpected(*error_);
    if (!has_shape_)
        return refuse(Code::cut_off, Blame::machine, "FLAC: cut off within its header");
    return {};
}

Result<std::vector<std::int16_t>> Reader::read() {
    if (!std::exchange(has_sought_, false))
        out_.clear();
    while (!error_ && out_.empty()) {
        const auto state = FLAC__stream_decoder_get_state(decoder_.get());
        if (state == FLAC__STREAM_DECODER_END_OF_STREAM)
            break;
        if (FLAC__stream_decoder_process_single(decoder_.get()) == 0)
            fail(damage(FLAC__stream_decoder_get_resolved_state_string(decoder_.get())));
    }
    if (!error_ && out_.empty() && frames_read_ < frames_)
        fail({Code::cut_off, Blame::machine, "FLAC: ends before its header says"});
    if (!error_ && frames_ != 0 && frames_read_ > frames_)
        fail(damage("goes on after its header says it ends"));
    if (error_)
        return tl::unexpected(*error_);
    return std::move(out_);
}

Result<void> Reader::seek(std::uint64_t frame) {
    out_.clear();
    frames_read_ = frame;
    const bool is_there = FLAC__stream_decoder_seek_absolute(decoder_.get(), frame) != 0;
    if (!is_there)
        fail(damage("what should stand there is not to be found"));
    if (error_)
        return tl::unexpected(*error_);
    has_sought_ = true;
    has_md5_ = false;
    return {};
}

bool Reader::md5_holds() {
    const bool same = FLAC__stream_decoder_finish(decoder_.get()) != 0;
    return same && has_md5_ && !error_ && frames_read_ == frames_;
}

}  // namespace

Result<std::unique_ptr<FlacReader>> read_flac(File& file) {
    auto reader = std::make_unique<Reader>(file);
    NK_TRY(reader->begin());
    return reader;
}

}  // namespace nk::sound
