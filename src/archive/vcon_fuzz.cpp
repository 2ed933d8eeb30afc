// Any bytes as a call.vcon.json: refused, or read and written again to the same facts.

#include <cstdint>
#include <cstdlib>

#include "archive/layout.h"
#include "archive/vcon.h"
#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nk;
    const auto text = as_text(Bytes(data, size));
    auto facts = archive::from_vcon(text);
    if (!facts)
        facts = archive::from_summary(text);  // the facts without what is around them
    if (!facts)
        return 0;
    const auto again = archive::from_vcon(archive::to_vcon(*facts));
    if (!again || *again != *facts || !archive::is_id(facts->id))
        std::abort();
    return 0;
}
