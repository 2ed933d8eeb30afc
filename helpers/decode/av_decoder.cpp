#include "av_decoder.h"

#include <algorithm>
#include <cmath>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
}

#include "base/limits.h"

namespace nk::helper {

namespace {

struct FreeContext {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

tl::unexpected<Error> no_memory() {
    return refuse(Code::limit, Blame::machine, "no memory for one more decoder");
}

tl::unexpected<Error> av_error(int code) {
    if (code == AVERROR(ENOMEM))
        return no_memory();
    std::string text(AV_ERROR_MAX_STRING_SIZE, '\0');
    av_strerror(code, text.data(), text.size());
    return refuse(Code::malformed, Blame::peer, std::string(text.c_str()));
}

// As libswresample does it, so that both give the same samples.
std::int16_t from_float(float value) {
    return static_cast<std::int16_t>(std::clamp(std::lrintf(value * 32'768.0F), -32'768L, 32'767L));
}

std::int32_t sample_at(const AVFrame& frame, std::size_t index, std::size_t channel,
                       std::size_t channels) {
    const bool planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format)) != 0;
    const auto* plane = frame.extended_data[planar ? channel : 0];
    const std::size_t at = planar ? index : index * channels + channel;
    if (av_get_packed_sample_fmt(static_cast<AVSampleFormat>(frame.format)) == AV_SAMPLE_FMT_FLT)
        return from_float(reinterpret_cast<const float*>(plane)[at]);
    return reinterpret_cast<const std::int16_t*>(plane)[at];
}

bool is_known_format(const AVFrame& frame) {
    const auto packed = av_get_packed_sample_fmt(static_cast<AVSampleFormat>(frame.format));
    return packed == AV_SAMPLE_FMT_S16 || packed == AV_SAMPLE_FMT_FLT;
}

Result<void> append(const AVFrame& frame, sound::Samples& out) {
    const auto channels = static_cast<std::size_t>(frame.ch_layout.nb_channels);
    const auto samples = static_cast<std::size_t>(std::max(frame.nb_samples, 0));
    if (channels == 0 || !is_known_format(frame))
        return refuse(Code::malformed, Blame::peer, "samples of an unknown format");
    if (out.size() + samples > limits::samples_per_packet_max)
        return refuse(Code::limit, Blame::peer, "a payload of more samples than make sense");
    for (std::size_t i = 0; i < samples; ++i) {
        std::int32_t sum = 0;
        for (std::size_t channel = 0; channel < channels; ++channel)
            sum += sample_at(frame, i, channel, channels);
        out.push_back(static_cast<std::int16_t>(sum / static_cast<std::int32_t>(channels)));
    }
    return {};
}

}  // namespace

struct AvDecoder::Impl {
    std::unique_ptr<AVCodecContext, FreeContext> context;
    std::unique_ptr<AVPacket, FreePacket> packet;
    std::unique_ptr<AVFrame, FreeFrame> frame;
    bool holds_frames = false;

    Result<void> receive(sound::Samples& out) const;
};

AvDecoder::AvDecoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AvDecoder::~AvDecoder() = default;
AvDecoder::AvDecoder(AvDecoder&&) noexcept = default;
AvDecoder& AvDecoder::operator=(AvDecoder&&) noexcept = default;

Result<AvDecoder> AvDecoder::open(const AvSetup& setup) {
    const auto* codec = avcodec_find_decoder_by_name(setup.name);
    if (codec == nullptr)
        return refuse(Code::unsupported, Blame::machine,
                      std::string("this libavcodec has no ") + setup.name);
    auto impl = std::make_unique<Impl>();
    impl->context.reset(avcodec_alloc_context3(codec));
    impl->packet.reset(av_packet_alloc());
    impl->frame.reset(av_frame_alloc());
    if (!impl->context || !impl->packet || !impl->frame)
        return no_memory();
    impl->holds_frames = setup.holds_frames;
    auto& context = *impl->context;
    context.thread_count = 1;
    context.sample_rate = static_cast<int>(setup.rate_hz);
    context.bits_per_coded_sample = setup.bits_per_code;
    context.block_align = setup.block_bytes;
    av_channel_layout_default(&context.ch_layout, 1);
    const int opened = avcodec_open2(&context, codec, nullptr);
    if (opened < 0)
        return av_error(opened);
    return AvDecoder(std::move(impl));
}

Result<void> AvDecoder::decode(Bytes frame, sound::Samples& out) {
    auto& packet = *impl_->packet;
    // libavcodec reads beyond the end of a frame, so it gets a copy with its padding.
    const int made = av_new_packet(&packet, static_cast<int>(frame.size()));
    if (made < 0)
        return av_error(made);
    std::copy(frame.begin(), frame.end(), packet.data);
    const int sent = avcodec_send_packet(impl_->context.get(), &packet);
    av_packet_unref(&packet);
    if (sent < 0)
        return av_error(sent);
    if (!impl_->holds_frames)
        return impl_->receive(out);
    // An end of the stream after every packet makes it give all of that packet's frames; flushing
    // takes the end back and keeps what the decoder has learnt.
    avcodec_send_packet(impl_->context.get(), nullptr);
    auto received = impl_->receive(out);
    avcodec_flush_buffers(impl_->context.get());
    return received;
}

Result<void> AvDecoder::Impl::receive(sound::Samples& out) const {
    Result<void> good;
    for (;;) {
        const int got = avcodec_receive_frame(context.get(), frame.get());
        if (got == AVERROR(EAGAIN) || got == AVERROR_EOF)
            return good;
        if (got < 0)
            return av_error(got);
        // After a refusal the rest is still taken out, or it would come with the next frame.
        if (good)
            good = append(*frame, out);
        av_frame_unref(frame.get());
    }
}

}  // namespace nk::helper
