#include "sound/ogg_opus.h"

#include <string>

#include <opusenc.h>

namespace nk::sound {

namespace {

constexpr int bits_per_s_a_channel = 24'000;  // speech, without a loss that an ear finds
constexpr int effort = 5;                     // of 10: a third of the work of the most

tl::unexpected<Error> failed(const char* what, int code) {
    return refuse(Code::io, Blame::machine, std::string(what) + ": " + ope_strerror(code));
}

struct EncoderDeleter {
    void operator()(OggOpusEnc* one) const { ope_encoder_destroy(one); }
};
struct CommentsDeleter {
    void operator()(OggOpusComments* one) const { ope_comments_destroy(one); }
};

class Writer : public OggOpusWriter {
public:
    Writer(std::unique_ptr<OggOpusEnc, EncoderDeleter> encoder, std::uint32_t channels)
        : encoder_(std::move(encoder)), channels_(channels) {}
    Result<void> write(std::span<const std::int16_t> samples) override {
        const int code = ope_encoder_write(encoder_.get(), samples.data(),
                                           static_cast<int>(samples.size() / channels_));
        return code == OPE_OK ? Result<void>() : failed("Opus", code);
    }
    Result<void> finish() override {
        const int code = ope_encoder_drain(encoder_.get());
        return code == OPE_OK ? Result<void>() : failed("Opus", code);
    }
    Result<void> take(std::vector<char>& into) override {
        unsigned char* page = nullptr;
        opus_int32 size = 0;
        while (ope_encoder_get_page(encoder_.get(), &page, &size, 0) != 0)
            into.insert(into.end(), page, page + size);
        return {};
    }

private:
    std::unique_ptr<OggOpusEnc, EncoderDeleter> encoder_;
    std::uint32_t channels_;
};

}  // namespace

Result<std::unique_ptr<OggOpusWriter>> OggOpusWriter::make(std::uint32_t rate_hz,
                                                           std::uint32_t channels) {
    const std::unique_ptr<OggOpusComments, CommentsDeleter> comments(ope_comments_create());
    int code = OPE_OK;
    std::unique_ptr<OggOpusEnc, EncoderDeleter> encoder(ope_encoder_create_pull(
        comments.get(), static_cast<opus_int32>(rate_hz), static_cast<int>(channels), 0, &code));
    if (!encoder)
        return failed("Opus", code);
    for (const auto& [request, value] :
         {std::pair{OPUS_SET_BITRATE_REQUEST, bits_per_s_a_channel * static_cast<int>(channels)},
          {OPUS_SET_COMPLEXITY_REQUEST, effort}})
        if (code = ope_encoder_ctl(encoder.get(), request, value); code != OPE_OK)
            return failed("Opus", code);
    return std::make_unique<Writer>(std::move(encoder), channels);
}

}  // namespace nk::sound
