// The whole passive path under hostile packets: the input is a run of frames, each with a link
// type, a step of time and a length, fed to a tap that records into memory, some at a time.

#include <utility>
#include <vector>

#include "intake/tap/tap.h"
#include "recording/testing_house.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nk;
    recording::testing::TestHouse house;
    call::Book book(*house.recorder);
    tap::Tap tap(book);
    Bytes rest(data, size);
    bool has_leapt = false;
    WallTime wall{1'700'000'000'000'000'000};
    const std::size_t at_once = size > 0 ? 1 + data[0] / 7 : 1;
    std::vector<CapturedPacket> packets;
    while (rest.size() > 4) {
        CapturedPacket packet;
        packet.link = static_cast<LinkType>(rest[0] % 7);
        // Mostly small steps; and one that stretches every timer. More of them find nothing new,
        // and each may cost hours of silence in every call.
        const bool is_leap = rest[1] >= 250 && !std::exchange(has_leapt, true);
        wall = wall + (is_leap ? minutes(rest[1] - 249) * 5 : milliseconds(rest[1]));
        const std::size_t length =
            std::min<std::size_t>(be16(rest.data() + 2) % 1600, rest.size() - 4);
        packet.time = wall;
        packet.bytes = rest.subspan(4, length);
        packet.wire_bytes = static_cast<std::uint32_t>(length);
        packets.push_back(packet);
        rest = rest.subspan(4 + length);
        if (packets.size() < at_once && rest.size() > 4)
            continue;
        tap.take(packets);
        packets.clear();
    }
    tap.finish(call::Ending::capture_ended);
    house.settle();
    NK_CHECK(house.sealer->waiting() == 0 && house.log->live_blocks() == 0);
    return 0;
}
