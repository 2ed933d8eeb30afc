// parse_sip promises to survive any bytes and to give views into them only.
#include "base/check.h"
#include "base/limits.h"
#include "wire/sip.h"

using namespace nk;

namespace {

bool lies_within(std::string_view view, Bytes all) {
    const std::string_view text = as_text(all);
    return view.empty() ||
           (view.data() >= text.data() && view.data() + view.size() <= text.data() + text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes all(data, size);
    (void)wire::looks_like_sip(all);
    auto read = wire::parse_sip(all);
    if (!read)
        return 0;
    const wire::SipMessage message = std::move(*read);
    NK_CHECK(message.faults.size() <= limits::faults_max);
    NK_CHECK(message.headers.size() <= limits::sip_headers_max);
    NK_CHECK(lies_within(as_text(message.body), all));
    NK_CHECK(lies_within(as_text(message.trailing), all));
    NK_CHECK(!message.is_request || lies_within(message.method, all));
    std::size_t bytes = 0;
    for (const auto& header : message.headers) {
        bytes += header.value.size();
        for (const auto element : wire::split_list(header.value))
            NK_CHECK(!element.empty());
    }
    NK_CHECK(bytes <= size);
    (void)message.from_tag();
    (void)message.to_tag();
    (void)message.cseq();
    (void)message.call_id();
    return 0;
}
