// Any bytes: the payload lies inside them.

#include "base/check.h"
#include "wire/hep.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (const auto hep = nk::wire::parse_hep({data, size})) {
        NK_CHECK(!hep->payload.empty());
        NK_CHECK(hep->payload.data() >= data);
        NK_CHECK(hep->payload.data() + hep->payload.size() <= data + size);
    }
    return 0;
}
