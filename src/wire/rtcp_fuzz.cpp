// Any bytes: no more is read out of them than they can hold.

#include "base/check.h"
#include "wire/rtcp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (const auto rtcp = nk::wire::parse_rtcp({data, size})) {
        NK_CHECK(rtcp->reports.size() * 28 <= size);
        NK_CHECK(rtcp->byes.size() * 4 <= size);
        std::size_t names = 0;
        for (const auto& [ssrc, name] : rtcp->cnames)
            names += name.size() + 2;
        NK_CHECK(names <= size);
    }
    return 0;
}
