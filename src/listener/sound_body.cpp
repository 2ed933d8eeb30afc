#include "listener/sound_body.h"

#include <algorithm>
#include <utility>

#include "sound/flac.h"
#include "sound/wav.h"

namespace nk::listener {

namespace {

constexpr std::uint64_t sample_bytes = 2;

std::uint64_t head_bytes(const SoundPart& part) {
    return sound::wav_head(8'000, static_cast<std::uint32_t>(part.channels.size()),
                           part.to - part.from)
        .size();
}

class WavBody : public HttpBody {
public:
    WavBody(std::unique_ptr<File> file, std::unique_ptr<sound::FlacReader> reader, SoundPart part,
            std::uint64_t offset, std::uint64_t length, Sent sent)
        : file_(std::move(file)),
          reader_(std::move(reader)),
          part_(std::move(part)),
          head_(sound::wav_head(reader_->shape().rate_hz,
                                static_cast<std::uint32_t>(part_.channels.size()),
                                part_.to - part_.from)),
          at_(offset),
          end_(offset + length),
          size_(length),
          sent_(std::move(sent)) {}

    Result<void> begin() {
        if (at_ >= head_.size() && part_.from < part_.to)
            NK_TRY(seek_to(at_));
        return {};
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }
    Result<std::size_t> read(std::span<char> into) override {
        std::size_t filled = 0;
        const auto began = at_;
        while (filled < into.size() && at_ < end_) {
            const auto some = std::min<std::uint64_t>(into.size() - filled, end_ - at_);
            if (at_ < head_.size()) {
                const auto count = std::min<std::uint64_t>(some, head_.size() - at_);
                std::copy_n(head_.begin() + static_cast<std::ptrdiff_t>(at_), count,
                            into.begin() + static_cast<std::ptrdiff_t>(filled));
                filled += count;
                at_ += count;
                if (at_ == head_.size() && at_ < end_)
                    NK_TRY(seek_to(at_));
                continue;
            }
            if (used_ == ready_.size())
                NK_TRY(decode());
            const auto count = std::min<std::uint64_t>(some, ready_.size() - used_);
            std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(used_), count,
                        into.begin() + static_cast<std::ptrdiff_t>(filled));
            used_ += count;
            filled += count;
            at_ += count;
        }
        if (sent_ && filled > 0)
            sent_(began, at_);
        return filled;
    }

private:
    [[nodiscard]] std::uint64_t frame_bytes() const { return sample_bytes * part_.channels.size(); }
    // The next decoded byte is the one that stands there in the WAV.
    Result<void> seek_to(std::uint64_t byte) {
        const auto behind_head = byte - head_.size();
        NK_TRY(reader_->seek(part_.from + behind_head / frame_bytes()));
        ready_.clear();
        used_ = 0;
        NK_TRY(decode());
        used_ = behind_head % frame_bytes();
        return {};
    }
    Result<void> decode() {
        NK_TAKE(const auto samples, reader_->read());
        if (samples.empty())
            return refuse(Code::cut_off, Blame::machine, "FLAC: ends before its header says");
        const auto all = reader_->shape().channels;
        ready_.clear();
        used_ = 0;
        for (std::size_t at = 0; at < samples.size(); at += all)
            for (const auto channel : part_.channels) {
                const auto sample = static_cast<std::uint16_t>(samples[at + channel]);
                ready_.push_back(static_cast<char>(sample & 0xFFU));
                ready_.push_back(static_cast<char>(sample >> 8U));
            }
        return {};
    }

    std::unique_ptr<File> file_;
    std::unique_ptr<sound::FlacReader> reader_;
    SoundPart part_;
    std::vector<std::uint8_t> head_;
    std::uint64_t at_;
    std::uint64_t end_;
    std::uint64_t size_;
    Sent sent_;
    std::vector<char> ready_;  // decoded, and not yet taken
    std::size_t used_ = 0;
};

}  // namespace

Result<std::size_t> FileBody::read(std::span<char> into) {
    const auto count = std::min<std::uint64_t>(into.size(), end_ - at_);
    if (count == 0)
        return 0;
    NK_TAKE(const auto got,
            file_->read_at(at_, std::span(reinterpret_cast<std::uint8_t*>(into.data()), count)));
    if (got == 0)
        return refuse(Code::cut_off, Blame::machine, "a sound file ends before it should");
    if (sent_)
        sent_(at_, at_ + got);
    at_ += got;
    return got;
}

std::uint64_t wav_bytes(const SoundPart& part) {
    return head_bytes(part) + (part.to - part.from) * sample_bytes * part.channels.size();
}

Result<std::unique_ptr<HttpBody>> wav_body(std::unique_ptr<File> flac, const SoundPart& part,
                                           std::uint64_t offset, std::uint64_t length, Sent sent) {
    NK_TAKE(auto reader, sound::read_flac(*flac));
    for (const auto channel : part.channels)
        if (channel >= reader->shape().channels || part.to > reader->frames())
            return refuse(Code::malformed, Blame::machine, "FLAC: another shape than was sealed");
    auto body = std::make_unique<WavBody>(std::move(flac), std::move(reader), part, offset, length,
                                          std::move(sent));
    NK_TRY(body->begin());
    return body;
}

}  // namespace nk::listener
