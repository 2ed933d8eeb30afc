// parse_sdp promises to survive any bytes within its limits.
#include "base/check.h"
#include "base/limits.h"
#include "wire/sdp.h"

using namespace nk;

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
    return 0;
}
