// SrtpReceiver promises to survive any packets: a byte chooses suite and MKI, then each packet has
// its length in front. Nobody but who has the key makes one that opens.
#include <algorithm>

#include "base/check.h"
#include "wire/srtp.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    wire::SrtpKey key;
    key.suite = static_cast<wire::SrtpSuite>(data[0] % 6);
    key.key.assign(wire::key_bytes_of(key.suite), 0x5a);
    key.mki.assign(data[0] >> 6, 1);
    const std::vector keys{key};
    wire::SrtpReceiver receiver;
    Bytes rest(data + 1, size - 1);
    while (!rest.empty()) {
        const Bytes packet = rest.subspan(1, std::min<std::size_t>(rest[0], rest.size() - 1));
        rest = rest.subspan(1 + packet.size());
        if (const auto opened = receiver.open(packet, keys))
            NK_CHECK(opened->rtp.payload.size() < packet.size());
    }
    return 0;
}
