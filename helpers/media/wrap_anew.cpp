#include <unistd.h>

#include "base/media_protocol.h"
#include "input.h"
#include "reply.h"
#include "verbs.h"

namespace nk::media {

namespace {

constexpr int buffer_bytes = 64 * 1024;

int write_on(void*, std::uint8_t* bytes, int size) {
    say(media_protocol::Piece::bytes, {bytes, static_cast<std::size_t>(size)});
    return size;
}

struct FreeOutput {
    void operator()(AVFormatContext* context) const {
        if (context->pb != nullptr) {
            av_freep(&context->pb->buffer);
            avio_context_free(&context->pb);
        }
        avformat_free_context(context);
    }
};

tl::unexpected<Error> failed_with(int error) {
    return refuse(Code::malformed, Blame::owner, "it cannot be wrapped anew: " + text_of(error));
}

}  // namespace

Result<void> wrap_anew(const media_protocol::Request& request) {
    NK_TAKE(auto opened, open_input(request.name));
    AVFormatContext* made = nullptr;
    if (const int error = avformat_alloc_output_context2(&made, nullptr, "ogg", nullptr); error < 0)
        return failed_with(error);
    const std::unique_ptr<AVFormatContext, FreeOutput> out(made);
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(buffer_bytes));
    out->pb = avio_alloc_context(buffer, buffer_bytes, 1, nullptr, nullptr, write_on, nullptr);
    out->pb->seekable = 0;
    auto* stream = avformat_new_stream(out.get(), nullptr);
    avcodec_parameters_copy(stream->codecpar, opened.sound->codecpar);
    stream->codecpar->codec_tag = 0;
    stream->time_base = opened.sound->time_base;
    out->flags |= AVFMT_FLAG_BITEXACT;  // the same file each time
    if (const int error = avformat_write_header(out.get(), nullptr); error < 0)
        return failed_with(error);
    const Packet packet(av_packet_alloc());
    std::uint64_t packets = 0;
    for (;;) {
        const auto more = next_packet(opened, *packet);
        if (!more || !*more)
            break;
        av_packet_rescale_ts(packet.get(), opened.sound->time_base, stream->time_base);
        packet->stream_index = 0;
        packet->pos = -1;
        // One whose time goes back, in a file with holes, is passed over.
        if (const int error = av_write_frame(out.get(), packet.get()); is_out_of_memory(error))
            _exit(media_protocol::out_of_memory);
        else if (error >= 0)
            ++packets;
    }
    if (packets == 0)
        return refuse(Code::malformed, Blame::owner, "there is not one packet of sound in it");
    if (const int error = av_write_trailer(out.get()); error < 0)
        return failed_with(error);
    avio_flush(out->pb);
    return {};
}

}  // namespace nk::media
