// Reads its input as fragments: id, offset in 8 bytes (two bytes), more, length, time passed, and
// the bytes. The table never gives more than was put in, and never a piece longer than a packet.

#include "base/check.h"
#include "base/limits.h"
#include "wire/fragments.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nk::wire::FragmentTable table;
    nk::MonoTime now{0};
    std::uint64_t given = 0;
    nk::Bytes rest(data, size);
    while (rest.size() >= 6) {
        nk::wire::Frame frame;
        if ((rest[0] & 1) != 0)
            frame.source.ip.bytes[10] = frame.source.ip.bytes[11] = 0xff;  // IPv4
        frame.fragment = nk::wire::FragmentInfo{.id = rest[0] / 2U % 4U,
                                                .offset = (nk::be16(&rest[1]) & 0x1fffU) * 8,
                                                .more = (rest[3] & 1) != 0,
                                                .protocol = 17};
        frame.cut_short = rest[3] == 0xfe;
        now = now + nk::milliseconds(rest[5] * 50);
        const std::size_t length = std::min<std::size_t>(rest[4] * 4U, rest.size() - 6);
        frame.payload = rest.subspan(6, length);
        given += length;
        rest = rest.subspan(6 + length);
        if (const auto joined = table.add(frame, now)) {
            NK_CHECK(joined->payload.size() <= nk::limits::fragment_bytes_max);
            NK_CHECK(joined->payload.size() <= given);
        }
        NK_CHECK(table.size() <= 8);
    }
    table.expire(now + nk::hours(1));
    NK_CHECK(table.size() == 0);
    return 0;
}
