// body_parts promises a bounded number of parts, each a view into the body. The first line of the
// input is the Content-Type.
#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "wire/sip.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view all = as_text(Bytes(data, size));
    const std::size_t line_end = std::min(all.find('\n'), all.size());
    const std::string_view body = all.substr(std::min(line_end + 1, all.size()));
    const auto parts = wire::body_parts(all.substr(0, line_end), as_bytes(body));
    NK_CHECK(parts.size() <= limits::sip_body_parts_max);
    NK_CHECK(parts.empty() == body.empty());
    for (const auto& part : parts) {
        NK_CHECK(part.body.size() <= body.size());
        NK_CHECK(part.body.empty() ||
                 (as_text(part.body).data() >= body.data() &&
                  as_text(part.body).data() + part.body.size() <= body.data() + body.size()));
    }
    return 0;
}
