// Any bytes as what either side of the helper's pipe may read.

#include <algorithm>
#include <cstdlib>

#include "sound/helper_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nk::sound::helper;
    const nk::Bytes all(data, size);
    for (auto rest = all;;) {
        const auto request = read_request(rest);
        if (!request || !*request)
            break;
        const auto codec = read_codec((*request)->body);
        if (codec && (*request)->verb == Verb::open) {
            Message again;
            write_open((*request)->handle, *codec, again);
            if (!std::equal(again.begin(), again.end(), rest.begin(),
                            rest.begin() + static_cast<std::ptrdiff_t>((*request)->bytes)))
                std::abort();  // reading and writing do not agree
        }
        rest = rest.subspan((*request)->bytes);
    }
    Head head{};
    if (size >= head.size()) {
        std::copy_n(data, head.size(), head.begin());
        const auto body = all.subspan(head.size());
        if (const auto reply = read_reply_head(head); reply && reply->body_bytes <= body.size()) {
            nk::sound::Samples out;
            (void)read_samples(body.first(reply->body_bytes), out);
            (void)read_rate(body.first(reply->body_bytes));
        }
    }
    return 0;
}
