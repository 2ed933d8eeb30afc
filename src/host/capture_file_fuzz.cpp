// Any bytes as a capture file, packed or not: packets or an Error, and always an end.

#include <array>
#include <span>

#include "base/check.h"
#include "host/capture_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto source = nk::host::open_capture_bytes({data, size}, "fuzz");
    if (!source) {
        NK_CHECK(!source.error().what.empty());
        return 0;
    }
    std::array<nk::CapturedPacket, 4> packet;
    std::uint64_t packets = 0;
    std::uint64_t sum = 0;
    // A packed input may hold a great many packets of one byte; enough is enough.
    while (packets < 100'000) {
        const auto next = (*source)->next(packet[0]);
        if (!next) {
            const auto again = (*source)->next(packet[0]);
            NK_CHECK(!again && again.error().what == next.error().what);
            break;
        }
        if (*next != nk::PacketSource::Next::packet)
            break;
        const std::size_t count = 1 + (*source)->more(std::span(packet).subspan(1));
        for (std::size_t i = 0; i < count; ++i)
            for (const std::uint8_t byte : packet[i].bytes)
                sum += byte;
        packets += count;
    }
    NK_CHECK((*source)->counts().received == packets);
    return sum == ~std::uint64_t{0} ? 1 : 0;
}
