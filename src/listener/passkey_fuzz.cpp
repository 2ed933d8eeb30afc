// Any bytes as a passkey's attestation and as what it signed: taken or refused, and nothing is
// taken that is not of our page and our question.

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "listener/passkey.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view text =
        R"({"type":"webauthn.create","challenge":"AAAA","origin":"http://localhost:8060"})";
    const nk::listener::PasskeyAsked asked{"AAAA", "localhost:8060"};
    const nk::Bytes bytes{data, size};
    const auto made = nk::listener::read_new_passkey(nk::as_bytes(text), bytes, asked);
    NK_CHECK(!made || (!made->credential.empty() && !made->public_key.empty()));
    // The client's own data is anybody's, too.
    NK_CHECK(!nk::listener::read_new_passkey(bytes, bytes, asked));
    const auto half = bytes.first(size / 2);
    (void)nk::listener::check_assertion({nk::as_bytes(text), half, bytes.subspan(size / 2)}, -7,
                                        half.first(std::min<std::size_t>(half.size(), 64)), asked);
    return 0;
}
