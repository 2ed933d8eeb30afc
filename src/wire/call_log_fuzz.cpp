// parse_call_log promises to survive any bytes, and that what it gives is bounded and UTF-8.
#include "base/check.h"
#include "base/utf8.h"
#include "wire/call_log.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto log = wire::parse_call_log(Bytes(data, size));
    if (!log)
        return 0;
    NK_CHECK(log->calls.size() <= wire::call_log_calls_max && log->faults.size() <= 3);
    for (const auto& one : log->calls) {
        NK_CHECK(one.started.ns > 0 && one.length >= Nanos(0));
        for (const auto* text : {&one.number, &one.name, &one.subscription})
            NK_CHECK(text->size() <= 2 * wire::call_log_text_bytes_max && as_utf8(*text) == *text);
    }
    return 0;
}
