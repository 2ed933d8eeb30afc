// parse_sdp promises to survive any bytes within its limits; compose_answer, that the answer to
// what was read has as many media, of the same type and label, and no lines but its own.
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "wire/sdp.h"
#include "wire/sdp_compose.h"

using namespace nk;

namespace {

void check_answer(const wire::Sdp& offer) {
    wire::SdpAnswer answer{.address = *wire::parse_ip("192.0.2.9"), .media = {}};
    for (const auto& media : offer.media) {
        auto& ours = answer.media.emplace_back();
        ours.port = 30'000;
        for (const auto& format : media.formats)
            ours.payload_types.push_back(format.payload_type);
        if (!media.crypto.empty())
            ours.crypto = media.crypto.front();
    }
    const std::string text = wire::compose_answer(offer, answer);
    const auto read = wire::parse_sdp(as_bytes(text));
    if (!read)  // a medium of 128 formats may take three lines each
        return;
    NK_CHECK(read->media.size() == offer.media.size());
    NK_CHECK(read->timing == (offer.timing.empty() ? "0 0" : offer.timing));
    for (std::size_t i = 0; i < read->media.size(); ++i) {
        const auto& media = read->media[i];
        NK_CHECK(media.label == offer.media[i].label);
        NK_CHECK(media.port == 0 || media.formats.size() == offer.media[i].formats.size());
        NK_CHECK(media.direction != wire::Direction::sendrecv || media.port == 0);
        NK_CHECK(media.crypto.size() <= 1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto sdp = wire::parse_sdp(Bytes(data, size));
    if (!sdp)
        return 0;
    NK_CHECK(sdp->media.size() <= limits::sdp_media_max);
    NK_CHECK(sdp->faults.size() <= limits::faults_max);
    for (const auto& media : sdp->media) {
        NK_CHECK(media.formats.size() <= limits::sdp_formats_max);
        for (const auto& format : media.formats)
            NK_CHECK(format.payload_type <= 127 && format.channels > 0);
        (void)media.is_secured();
    }
    check_answer(*sdp);
    return 0;
}
