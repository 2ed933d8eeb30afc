#include "call/media.h"

#include "wire/sdp.h"

namespace nk::call {

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
    return map;
}

}  // namespace nk::call
