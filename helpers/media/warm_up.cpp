#include "warm_up.h"

#include <array>

#include <malloc.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
}

#include "base/digest.h"

namespace nk::media {

namespace {

// Its tables are made when a decoder is opened for the first time.
void open_once(AVCodecID id) {
    const AVCodec* codec = avcodec_find_decoder(id);
    AVCodecContext* context = codec == nullptr ? nullptr : avcodec_alloc_context3(codec);
    if (context == nullptr)
        return;
    context->sample_rate = 8'000;
    av_channel_layout_default(&context->ch_layout, 1);
    (void)avcodec_open2(context, codec, nullptr);
    avcodec_free_context(&context);
}

}  // namespace

void warm_up() {
    // A packet is some small pieces of memory, taken and given back: the fast lists for those are
    // emptied again and again, which costs more than they spare.
    mallopt(M_MXFAST, 0);
    for (const auto id :
         {AV_CODEC_ID_AAC, AV_CODEC_ID_OPUS, AV_CODEC_ID_VORBIS, AV_CODEC_ID_MP3,
          AV_CODEC_ID_AMR_NB, AV_CODEC_ID_AMR_WB, AV_CODEC_ID_FLAC, AV_CODEC_ID_PCM_S16LE})
        open_once(id);
    (void)sha256_hex({});  // looked up before anything is forbidden
}

}  // namespace nk::media
