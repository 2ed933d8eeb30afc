// Any bytes as HTTP requests: whole ones, a status to refuse with, or more to wait for; and no
// request looks different because its bytes come one after another.

#include "base/bytes.h"
#include "base/check.h"
#include "host/http_server.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = nk::as_text({data, size});
    for (;;) {
        const auto read = nk::host::read_http_request(rest);
        NK_CHECK(read.status == 0 || (read.status >= 400 && read.status < 600));
        if (read.status != 0 || read.size == 0)
            return 0;
        NK_CHECK(read.size <= rest.size());
        NK_CHECK(read.request.target.starts_with('/'));
        NK_CHECK(read.request.body.size() <= nk::limits::http_body_bytes_max);
        for (const std::size_t less : {read.size - 1, read.size / 2}) {
            const auto part = nk::host::read_http_request(rest.substr(0, less));
            NK_CHECK(part.status == 0 && part.size == 0);
        }
        rest.remove_prefix(read.size);
    }
}
