// SipStream promises that how bytes are cut into segments changes nothing. The first byte of the
// input says how they are cut.
#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "wire/sip.h"

using namespace nk;

namespace {

std::vector<std::string> messages_of(Bytes bytes, std::size_t segment_bytes, bool& is_hopeless) {
    std::vector<std::string> out;
    wire::SipStream stream;
    while (!bytes.empty()) {
        const Bytes segment = bytes.first(std::min(segment_bytes, bytes.size()));
        stream.feed(segment);
        while (const auto message = stream.next())
            out.emplace_back(as_text(*message));
        bytes = bytes.subspan(segment.size());
    }
    is_hopeless = stream.is_hopeless();
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const Bytes bytes = Bytes(data, size).subspan(1);
    bool hopeless_whole = false;
    bool hopeless_cut = false;
    const auto whole = messages_of(bytes, limits::sip_message_bytes_max, hopeless_whole);
    const auto cut = messages_of(bytes, data[0] % 64U + 1U, hopeless_cut);
    NK_CHECK(whole == cut);
    NK_CHECK(hopeless_whole == hopeless_cut);
    for (const auto& message : whole)
        NK_CHECK(message.size() <= limits::sip_message_bytes_max);
    return 0;
}
