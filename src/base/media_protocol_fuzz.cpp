// Any bytes as what naklank and naklank-media say to each other.
#include "base/media_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const nk::Bytes bytes(data, size);
    (void)nk::media_protocol::read_request(bytes);
    if (const auto facts = nk::media_protocol::read_facts(bytes)) {
        const auto again = nk::media_protocol::read_facts(nk::media_protocol::write_facts(*facts));
        if (!again || *again != *facts)
            __builtin_trap();
    }
    (void)nk::media_protocol::read_shape(bytes);
    (void)nk::media_protocol::read_file(bytes);
    (void)nk::media_protocol::read_failure(bytes);
    return 0;
}
