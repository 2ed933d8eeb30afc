// Any bytes as HTTP requests: whole ones, a status to refuse with, or more to wait for; and no
// request looks different because its bytes come one after another, or because a larger body would
// have been taken.

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/http_range.h"
#include "base/limits.h"
#include "host/http_request.h"

namespace {

// However the range is written, it lies inside.
void check_range(const nk::HttpRequest& request) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1'000}}) {
        const auto range = nk::read_range(request, size, "\"tag\"");
        NK_CHECK(range.status == 200 || range.status == 206 || range.status == 416);
        NK_CHECK(range.offset <= size && range.length <= size - range.offset);
        NK_CHECK(range.status != 206 || range.length > 0);
        NK_CHECK(range.status != 200 || range.length == size);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = nk::as_text({data, size});
    for (;;) {
        const auto read = nk::host::read_http_request(rest);
        NK_CHECK(read.status == 0 || (read.status >= 400 && read.status < 600));
        const auto larger = nk::host::read_http_request(rest, nk::limits::http_body_bytes_max * 2);
        NK_CHECK(read.status == 413 || (larger.status == read.status && larger.size == read.size));
        if (read.status != 0)
            return 0;
        NK_CHECK(read.needed == 0 || read.needed > 4);
        if (read.size == 0) {
            NK_CHECK(read.needed == 0 || read.needed > rest.size());
            return 0;
        }
        NK_CHECK(read.size <= rest.size() && read.size == read.needed);
        NK_CHECK(read.request.target.starts_with('/'));
        NK_CHECK(read.request.body.size() <= nk::limits::http_body_bytes_max);
        check_range(read.request);
        const auto none = nk::host::read_http_request(rest, 0);
        NK_CHECK(none.status == (read.request.body.empty() ? 0 : 413));
        for (const std::size_t less : {read.size - 1, read.size / 2}) {
            const auto part = nk::host::read_http_request(rest.substr(0, less));
            NK_CHECK(part.status == 0 && part.size == 0);
            NK_CHECK(part.needed == 0 || part.needed == read.size);
        }
        rest.remove_prefix(read.size);
    }
}
