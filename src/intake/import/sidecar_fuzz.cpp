// read_sidecar promises to survive any bytes, and that what it gives is bounded and UTF-8.
#include "base/check.h"
#include "base/utf8.h"
#include "intake/import/import_limits.h"
#include "intake/import/sidecar.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto sidecar = importing::read_sidecar({reinterpret_cast<const char*>(data), size},
                                                 importing::FixedZone(3600));
    if (!sidecar)
        return 0;
    NK_CHECK(sidecar->findings.size() <= 2 * limits::import_people_max + 16);
    NK_CHECK(sidecar->recorder.empty() == sidecar->findings.empty());
    for (const auto& one : sidecar->findings) {
        NK_CHECK(!one.value.empty() && as_utf8(one.value) == one.value);
        NK_CHECK(one.value.size() <= 4 * limits::import_text_bytes_max);
    }
    return 0;
}
