// Any bytes: the payload lies inside them, and what kind_of calls RTP has RTP's version.

#include "base/check.h"
#include "wire/rtp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const nk::Bytes bytes(data, size);
    if (const auto rtp = nk::wire::parse_rtp(bytes)) {
        NK_CHECK(rtp->payload.size() + 12 <= size);
        NK_CHECK(rtp->payload.empty() || rtp->payload.data() >= data + 12);
        NK_CHECK(rtp->payload_type < 128);
        NK_CHECK(nk::wire::kind_of(bytes) == nk::wire::Kind::rtp);
    }
    return 0;
}
