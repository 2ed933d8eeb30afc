// Addresses and URIs come from anybody: any text is read or refused, and what is read is no longer
// than what came.
#include "base/check.h"
#include "wire/sip.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text(Bytes(data, size));
    if (const auto parts = wire::parse_uri(text)) {
        NK_CHECK(!parts->host.empty() || parts->scheme == "tel");
        NK_CHECK(parts->user.size() + parts->host.size() <= size);
    }
    for (const auto element : wire::split_list(text)) {
        const auto address = wire::parse_name_addr(element);
        if (!address)
            continue;
        NK_CHECK(!address->uri.empty());
        NK_CHECK(address->display_name.size() + address->uri.size() + address->tag.size() <= size);
        (void)wire::parse_uri(address->uri);
    }
    return 0;
}
