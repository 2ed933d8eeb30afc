#include "call/media.h"

#include <algorithm>

namespace nk::call {

namespace {

PayloadKind kind_of(const std::string& name) {
    if (name == "telephone-event")
        return PayloadKind::telephone_event;
    if (name == "CN")
        return PayloadKind::comfort_noise;
    return PayloadKind::sound;
}

}  // namespace

std::shared_ptr<const FormatMap> static_formats() {
    auto map = std::make_shared<FormatMap>();
    for (std::uint8_t type = 0; type < 128; ++type) {
        const auto format = wire::static_format(type);
        if (!format)
            continue;
        auto& entry = (*map)[type];
        entry.codec = {sound::canonical_name(format->encoding), format->clock_hz, format->channels,
                       ""};
        entry.kind = entry.codec.name == "CN" ? PayloadKind::comfort_noise : PayloadKind::sound;
    }
    // RFC 3551 reserves 19 because it was comfort noise once; older gateways still send it as that.
    (*map)[19] = {PayloadKind::comfort_noise, {"CN", 8'000, 1, ""}};
    return map;
}

void add_formats(FormatMap& map, const std::vector<wire::SdpFormat>& formats) {
    for (const auto& format : formats) {
        if (format.payload_type >= map.size() || format.encoding.empty())
            continue;
        auto& entry = map[format.payload_type];
        entry.codec = {sound::canonical_name(format.encoding), format.clock_hz, format.channels,
                       format.fmtp};
        entry.kind = kind_of(entry.codec.name);
    }
}

void add_keys(SrtpKeys& out, const SrtpKeys& keys, std::size_t most) {
    for (const auto& key : keys)
        if (out.size() < most && std::find(out.begin(), out.end(), key) == out.end())
            out.push_back(key);
}

}  // namespace nk::call
