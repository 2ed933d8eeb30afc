// parse_crypto promises to survive any text, and that a key it gives can be used; compose_crypto,
// that it writes what is read as the same.
#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "wire/sdp_crypto.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto line = wire::parse_crypto(as_text(Bytes(data, size)));
    if (!line)
        return 0;
    NK_CHECK(line->keys.size() <= limits::sdp_crypto_keys_max);
    for (const auto& key : line->keys) {
        NK_CHECK(key.key.size() == wire::key_bytes_of(key.suite));
        NK_CHECK(key.mki.size() <= limits::srtp_mki_bytes_max);
    }
    if (!line->keys.empty())
        NK_CHECK(wire::parse_crypto(wire::compose_crypto(*line)) == *line);
    return 0;
}
