// Whatever stands in a connection, the reader holds no more than its limits. The input is pieces: a
// byte for the side (its lowest bit; 0xff is text of the key log, 0xfc and 0xfd a hole before the
// bytes), a byte for the length in words of four bytes, and the bytes.
#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "wire/tls_reader.h"

using namespace nk;

namespace {

class Keys final : public wire::TlsKeys {
public:
    [[nodiscard]] const wire::TlsSecrets* find(const wire::TlsRandom& client) const override {
        return log.find(client);
    }
    void look_again(MonoTime) override {}
    wire::TlsKeyLog log;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Keys keys;
    wire::TlsReader reader(keys);
    std::size_t said = 0;
    Bytes rest(data, size);
    while (rest.size() >= 2) {
        const std::uint8_t what = rest[0];
        const Bytes piece = rest.subspan(2, std::min<std::size_t>(rest[1] * 4U, rest.size() - 2));
        rest = rest.subspan(2 + piece.size());
        if (what == 0xff) {
            keys.log.add(as_text(piece));
            continue;
        }
        const auto say = [&](int, Bytes plain, bool) { said += plain.size(); };
        if ((what & 0xfe) == 0xfc)
            reader.hole(what & 1, piece.size() * 8, MonoTime{0}, say);
        reader.feed(what & 1, piece, MonoTime{0}, say);
        NK_CHECK(reader.waiting_bytes() <= 2 * limits::tls_waiting_bytes_max);
    }
    reader.end();
    NK_CHECK(said <= size);
    NK_CHECK(!reader.is_over() || reader.waiting_bytes() == 0);
    return 0;
}
