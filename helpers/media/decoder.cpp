#include "decoder.h"

#include <algorithm>
#include <vector>

#include <unistd.h>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
}

#include "base/limits.h"
#include "base/media_protocol.h"

namespace nk::media {

namespace {

constexpr int channels_max = 8;

struct FreeContext {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct FreeResampler {
    void operator()(SwrContext* swr) const { swr_free(&swr); }
};

class AvDecoder : public Decoder {
public:
    AvDecoder(AVCodecContext* context, AVRational base, bool fit)
        : context_(context), frame_(av_frame_alloc()), base_(base), fit_(fit) {
        shape_.rate_hz = static_cast<std::uint32_t>(
            fit ? std::clamp(context->sample_rate, static_cast<int>(limits::sample_rate_hz_min),
                             static_cast<int>(limits::sample_rate_hz_max))
                : context->sample_rate);
        shape_.channels =
            static_cast<std::uint32_t>(std::clamp(context->ch_layout.nb_channels, 1, channels_max));
    }

    void feed(const AVPacket* packet, const Take& take) override {
        const int failed = avcodec_send_packet(context_.get(), packet);
        if (is_out_of_memory(failed))
            _exit(media_protocol::out_of_memory);
        if (failed < 0 && failed != AVERROR_EOF && failed != AVERROR(EAGAIN))
            ++passed_over_;
        while (avcodec_receive_frame(context_.get(), frame_.get()) == 0) {
            give(take);
            av_frame_unref(frame_.get());
        }
        if (packet == nullptr && swr_)
            drain(take);
    }
    void forget() override {
        avcodec_flush_buffers(context_.get());
        swr_.reset();
    }
    [[nodiscard]] MediaShape shape() const override { return shape_; }
    [[nodiscard]] std::uint64_t passed_over() const override { return passed_over_; }

private:
    // A stream may change its rate or channels on the way: what comes out does not.
    bool is_ready() {
        const bool is_same = swr_ && rate_ == frame_->sample_rate && format_ == frame_->format &&
                             channels_ == frame_->ch_layout.nb_channels;
        if (is_same)
            return true;
        AVChannelLayout out;
        av_channel_layout_default(&out, static_cast<int>(shape_.channels));
        AVChannelLayout in;
        if (frame_->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
            av_channel_layout_default(&in, frame_->ch_layout.nb_channels);
        else
            av_channel_layout_copy(&in, &frame_->ch_layout);
        SwrContext* made = nullptr;
        const int failed = swr_alloc_set_opts2(
            &made, &out, AV_SAMPLE_FMT_S16, static_cast<int>(shape_.rate_hz), &in,
            static_cast<AVSampleFormat>(frame_->format), frame_->sample_rate, 0, nullptr);
        swr_.reset(made);
        if (failed < 0 || swr_init(made) < 0) {
            swr_.reset();
            return false;
        }
        rate_ = frame_->sample_rate;
        format_ = frame_->format;
        channels_ = frame_->ch_layout.nb_channels;
        return true;
    }
    void give(const Take& take) {
        if (frame_->nb_samples <= 0 || !is_ready())
            return;
        std::int64_t pts = frame_->best_effort_timestamp;
        if (pts != AV_NOPTS_VALUE)
            pts = av_rescale_q(pts, base_, {1, static_cast<int>(shape_.rate_hz)});
        const int room = swr_get_out_samples(swr_.get(), frame_->nb_samples);
        samples_.resize(static_cast<std::size_t>(std::max(room, 0)) * shape_.channels);
        auto* into = reinterpret_cast<std::uint8_t*>(samples_.data());
        const int got = swr_convert(swr_.get(), &into, room,
                                    const_cast<const std::uint8_t**>(frame_->extended_data),
                                    frame_->nb_samples);
        if (got > 0)
            take(std::span(samples_).first(static_cast<std::size_t>(got) * shape_.channels), pts);
    }
    void drain(const Take& take) {
        const int room = swr_get_out_samples(swr_.get(), 0);
        samples_.resize(static_cast<std::size_t>(std::max(room, 0)) * shape_.channels);
        auto* into = reinterpret_cast<std::uint8_t*>(samples_.data());
        const int got = swr_convert(swr_.get(), &into, room, nullptr, 0);
        if (got > 0)
            take(std::span(samples_).first(static_cast<std::size_t>(got) * shape_.channels),
                 AV_NOPTS_VALUE);
    }

    std::unique_ptr<AVCodecContext, FreeContext> context_;
    std::unique_ptr<AVFrame, FreeFrame> frame_;
    std::unique_ptr<SwrContext, FreeResampler> swr_;
    AVRational base_;
    bool fit_;
    MediaShape shape_;
    int rate_ = 0;
    int format_ = -1;
    int channels_ = 0;
    std::vector<std::int16_t> samples_;
    std::uint64_t passed_over_ = 0;
};

}  // namespace

Result<std::unique_ptr<Decoder>> Decoder::make(const AVStream& sound, bool fit) {
    const AVCodec* codec = avcodec_find_decoder(sound.codecpar->codec_id);
    if (codec == nullptr)
        return refuse(
            Code::unsupported, Blame::owner,
            std::string("there is no decoder for ") + avcodec_get_name(sound.codecpar->codec_id));
    AVCodecContext* context = avcodec_alloc_context3(codec);
    if (context == nullptr)
        _exit(media_protocol::out_of_memory);
    std::unique_ptr<AVCodecContext, FreeContext> owned(context);
    if (avcodec_parameters_to_context(context, sound.codecpar) < 0)
        return refuse(Code::malformed, Blame::owner, "its codec's parameters cannot be used");
    context->thread_count = 1;
    context->pkt_timebase = sound.time_base;
    const int failed = avcodec_open2(context, codec, nullptr);
    if (is_out_of_memory(failed))
        _exit(media_protocol::out_of_memory);
    if (failed < 0 || context->sample_rate <= 0 || context->ch_layout.nb_channels <= 0)
        return refuse(Code::malformed, Blame::owner,
                      std::string(codec->name) + " cannot be opened: " + text_of(failed));
    return std::make_unique<AvDecoder>(owned.release(), sound.time_base, fit);
}

}  // namespace nk::media
