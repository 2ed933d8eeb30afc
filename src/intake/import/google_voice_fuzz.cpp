// read_google_voice promises to survive any bytes, and that what it gives is UTF-8.
#include "base/check.h"
#include "base/utf8.h"
#include "intake/import/google_voice.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto page = importing::read_google_voice({reinterpret_cast<const char*>(data), size},
                                                   importing::FixedZone(3600));
    NK_CHECK(page.findings.size() <= 6);
    for (const auto& one : page.findings)
        NK_CHECK(!one.value.empty() && as_utf8(one.value) == one.value);
    NK_CHECK(!page.length || *page.length >= Nanos(0));
    return 0;
}
