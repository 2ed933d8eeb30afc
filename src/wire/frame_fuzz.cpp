// Any bytes under any link type: what is found lies inside them.

#include "base/check.h"
#include "wire/frame.h"

namespace {

void check_inside(nk::Bytes outer, nk::Bytes inner) {
    if (inner.empty())
        return;
    NK_CHECK(inner.data() >= outer.data());
    NK_CHECK(inner.data() + inner.size() <= outer.data() + outer.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const nk::Bytes bytes(data + 1, size - 1);
    if (const auto frame = nk::wire::parse_frame(static_cast<nk::LinkType>(data[0] % 7), bytes))
        check_inside(bytes, frame->payload);
    const auto v4 = nk::wire::IpAddress::v4(std::array<std::uint8_t, 4>{192, 0, 2, 1}.data());
    for (const nk::wire::IpAddress& ip : {v4, nk::wire::IpAddress{}})
        if (const auto frame = nk::wire::parse_transport(ip, ip, data[0], bytes))
            check_inside(bytes, frame->payload);
    return 0;
}
