#include "listener/opus_body.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sound/flac.h"
#include "sound/ogg_opus.h"

namespace nk::listener {

namespace {

class OpusBody : public HttpBody {
public:
    OpusBody(std::unique_ptr<File> file, std::unique_ptr<sound::FlacReader> reader,
             std::unique_ptr<sound::OggOpusWriter> writer, SoundPart part, Sent sent)
        : file_(std::move(file)),
          reader_(std::move(reader)),
          writer_(std::move(writer)),
          part_(std::move(part)),
          at_(part_.from),
          sent_(std::move(sent)) {}

    [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
    // A block of FLAC at a time: the strand has other work, too.
    Result<std::size_t> read(std::span<char> into) override {
        while (used_ == ready_.size() && !is_over_)
            NK_TRY(encode());
        const auto count = std::min(into.size(), ready_.size() - used_);
        std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(used_), count, into.begin());
        used_ += count;
        return count;
    }

private:
    Result<void> encode() {
        ready_.clear();
        used_ = 0;
        if (at_ >= part_.to) {
            is_over_ = true;
            NK_TRY(writer_->finish());
            return writer_->take(ready_);
        }
        NK_TAKE(const auto samples, reader_->read());
        if (samples.empty())
            return refuse(Code::cut_off, Blame::machine, "FLAC: ends before its header says");
        const auto all = reader_->shape().channels;
        const auto frames = std::min<std::uint64_t>(samples.size() / all, part_.to - at_);
        chosen_.clear();
        for (std::size_t frame = 0; frame < frames; ++frame)
            for (const auto channel : part_.channels)
                chosen_.push_back(samples[frame * all + channel]);
        NK_TRY(writer_->write(chosen_));
        if (sent_)
            sent_(at_, at_ + frames);
        at_ += frames;
        return writer_->take(ready_);
    }

    std::unique_ptr<File> file_;
    std::unique_ptr<sound::FlacReader> reader_;
    std::unique_ptr<sound::OggOpusWriter> writer_;
    SoundPart part_;
    std::uint64_t at_;  // frames
    Sent sent_;
    bool is_over_ = false;
    std::vector<std::int16_t> chosen_;
    std::vector<char> ready_;
    std::size_t used_ = 0;
};

}  // namespace

Result<std::unique_ptr<HttpBody>> opus_body(std::unique_ptr<File> flac, const SoundPart& part,
                                            Sent sent) {
    NK_TAKE(auto reader, sound::read_flac(*flac));
    auto heard = part;
    if (heard.channels.size() > 2)
        heard.channels.resize(2);
    for (const auto channel : heard.channels)
        if (channel >= reader->shape().channels || heard.to > reader->frames())
            return refuse(Code::malformed, Blame::machine, "FLAC: another shape than was sealed");
    NK_TAKE(auto writer,
            sound::OggOpusWriter::make(reader->shape().rate_hz,
                                       static_cast<std::uint32_t>(heard.channels.size())));
    if (heard.from > 0)
        NK_TRY(reader->seek(heard.from));
    return std::make_unique<OpusBody>(std::move(flac), std::move(reader), std::move(writer), heard,
                                      std::move(sent));
}

}  // namespace nk::listener
