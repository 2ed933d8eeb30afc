#include "intake/siprec/media_line.h"

#include <algorithm>

#include "base/limits.h"

namespace nk::siprec {

namespace {

bool is_rtp(const wire::SdpMedia& media) {
    return media.protocol == "RTP/AVP" || media.protocol == "RTP/AVPF" ||
           media.protocol == "RTP/SAVP" || media.protocol == "RTP/SAVPF";
}

bool must_be_secured(const wire::SdpMedia& media) {
    return media.protocol.find("SAVP") != std::string::npos;
}

}  // namespace

const wire::SdpCrypto* usable_crypto(const wire::SdpMedia& media) {
    const auto found = std::find_if(media.crypto.begin(), media.crypto.end(),
                                    [](const auto& line) { return !line.keys.empty(); });
    return found == media.crypto.end() ? nullptr : &*found;
}

bool is_acceptable(const wire::SdpMedia& media) {
    return media.type == "audio" && media.port != 0 && is_rtp(media) && !media.formats.empty() &&
           (!must_be_secured(media) || usable_crypto(media) != nullptr);
}

void take_offer(MediaLine& line, const wire::SdpMedia& media, const wire::IpAddress& signalling,
                const std::vector<wire::IpAddress>& known) {
    using wire::Direction;
    line.label = media.label;
    line.is_audio = media.type == "audio";
    line.sends = media.direction == Direction::sendonly || media.direction == Direction::sendrecv;
    line.formats = media.formats;
    line.is_secured = must_be_secured(media);
    line.offered = line.is_secured ? media.crypto : std::vector<wire::SdpCrypto>();
    if (const auto* chosen = line.is_secured ? usable_crypto(media) : nullptr) {
        call::SrtpKeys keys = chosen->keys;
        for (const auto& other : media.crypto)
            call::add_keys(keys, other.keys, limits::srtp_keys_per_track_max);
        call::add_keys(keys, line.keys, limits::srtp_keys_per_track_max);
        line.keys = std::move(keys);
    }
    line.rtcp_at = media.rtcp;
    line.is_muxed = media.rtcp_mux;
    const auto told = media.address && media.port != 0
                          ? std::optional(wire::Endpoint{*media.address, media.port})
                          : std::nullopt;
    line.source.expect(told, signalling, known);
}

void put_track(MediaLine& line, call::Track& track, MonoTime now) {
    line.track_before = line.track;
    line.track_since = now;
    line.track = &track;
}

call::Track* track_at(const MediaLine& line, MonoTime arrival) {
    const bool is_before = line.track_before != nullptr && arrival < line.track_since;
    return is_before ? line.track_before : line.track;
}

}  // namespace nk::siprec
