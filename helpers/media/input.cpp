#include "input.h"

#include <array>
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

#include "base/media_protocol.h"

namespace nk::media {

namespace {

constexpr int buffer_bytes = 64 * 1024;
constexpr std::int64_t looked_at_bytes = 4 * 1024 * 1024;  // to find what streams there are
constexpr std::int64_t looked_at_us = 10'000'000;
constexpr int streams_max = 64;

// Containers that have their sound in them. None that names other files (playlists, SDP), none that
// takes any bytes for sound.
constexpr const char* containers =
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dss,eac3,flac,flv,gsm,m4a,matroska,mov,mp3,"
    "mpeg,mpegts,ogg,oma,qcp,tta,voc,w64,wav,webm,wv,xwma";

int read_on(void* at, std::uint8_t* into, int size) {
    auto& offset = *static_cast<std::uint64_t*>(at);
    const auto got = read_at(offset, {into, static_cast<std::size_t>(size)});
    offset += got;
    return got == 0 ? AVERROR_EOF : static_cast<int>(got);
}

std::int64_t go_to(void* at, std::int64_t offset, int whence) {
    auto& now = *static_cast<std::uint64_t*>(at);
    const auto size = static_cast<std::int64_t>(file_bytes());
    switch (whence & ~AVSEEK_FORCE) {
        case AVSEEK_SIZE:
            return size;
        case SEEK_CUR:
            offset += static_cast<std::int64_t>(now);
            break;
        case SEEK_END:
            offset += size;
            break;
        default:
            break;
    }
    if (offset < 0)
        return AVERROR(EINVAL);
    now = static_cast<std::uint64_t>(offset);
    return offset;
}

}  // namespace

std::size_t read_at(std::uint64_t offset, std::span<std::uint8_t> out) {
    std::size_t done = 0;
    while (done < out.size()) {
        const auto got = pread(STDIN_FILENO, out.data() + done, out.size() - done,
                               static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

std::uint64_t file_bytes() {
    const auto end = lseek(STDIN_FILENO, 0, SEEK_END);
    return end < 0 ? 0 : static_cast<std::uint64_t>(end);
}

void CloseInput::operator()(AVFormatContext* context) const {
    AVIOContext* io = context->pb;
    avformat_close_input(&context);
    if (io != nullptr) {
        delete static_cast<std::uint64_t*>(io->opaque);
        av_freep(&io->buffer);
        avio_context_free(&io);
    }
}

std::string text_of(int error) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(error, text.data(), text.size());
    return text.data();
}

bool is_out_of_memory(int error) {
    return error == AVERROR(ENOMEM);
}

Result<Opened> open_input(const std::string& name) {
    if (file_bytes() == 0)
        return refuse(Code::unsupported, Blame::owner, "it is empty");
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(buffer_bytes));
    auto at = std::make_unique<std::uint64_t>(0);
    AVIOContext* io =
        avio_alloc_context(buffer, buffer_bytes, 0, at.get(), read_on, nullptr, go_to);
    AVFormatContext* context = avformat_alloc_context();
    if (buffer == nullptr || io == nullptr || context == nullptr)
        _exit(media_protocol::out_of_memory);
    (void)at.release();  // CloseInput has it
    context->pb = io;
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    context->probesize = looked_at_bytes;
    context->max_analyze_duration = looked_at_us;
    context->max_streams = streams_max;
    context->format_whitelist = av_strdup(containers);
    context->protocol_whitelist = av_strdup("none");
    Opened opened;
    opened.input.reset(context);
    const int failed = avformat_open_input(&context, name.c_str(), nullptr, nullptr);
    if (failed != 0) {
        // libav has freed the context, not what is ours.
        (void)opened.input.release();
        if (is_out_of_memory(failed))
            _exit(media_protocol::out_of_memory);
        const bool is_none = failed == AVERROR_INVALIDDATA || failed == AVERROR(EINVAL);
        return refuse(is_none ? Code::unsupported : Code::malformed, Blame::owner,
                      "it cannot be opened as sound: " + text_of(failed));
    }
    const int unknown = avformat_find_stream_info(context, nullptr);
    if (is_out_of_memory(unknown))
        _exit(media_protocol::out_of_memory);
    const int best = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (best < 0)
        return refuse(Code::unsupported, Blame::owner, "there is no sound in it");
    opened.sound = context->streams[best];
    for (unsigned i = 0; i < context->nb_streams; ++i) {
        auto* stream = context->streams[i];
        const bool is_cover = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !is_cover)
            opened.has_picture = true;
        if (stream != opened.sound)
            stream->discard = AVDISCARD_ALL;
    }
    const auto& sound = *opened.sound->codecpar;
    if (sound.sample_rate <= 0 || sound.ch_layout.nb_channels <= 0)
        return refuse(Code::malformed, Blame::owner,
                      "it is said to be sound, and neither its rate nor its channels can be told");
    return opened;
}

Result<bool> next_packet(const Opened& opened, AVPacket& packet) {
    for (;;) {
        av_packet_unref(&packet);
        const int failed = av_read_frame(opened.input.get(), &packet);
        if (failed == AVERROR_EOF)
            return false;
        if (is_out_of_memory(failed))
            _exit(media_protocol::out_of_memory);
        if (failed < 0)
            return refuse(Code::malformed, Blame::owner, text_of(failed));
        if (packet.stream_index == opened.sound->index)
            return true;
    }
}

}  // namespace nk::media
