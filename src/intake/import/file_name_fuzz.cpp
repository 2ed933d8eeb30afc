// read_file_name promises to survive any bytes, and that what it gives is bounded, possible, and
// UTF-8.
#include "base/check.h"
#include "base/utf8.h"
#include "intake/import/file_name.h"
#include "intake/import/import_limits.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view name(reinterpret_cast<const char*>(data), size);
    const auto named = importing::read_file_name(name);
    NK_CHECK(named.numbers.size() <= limits::import_people_max);
    NK_CHECK(named.names.size() <= limits::import_people_max);
    for (const auto& number : named.numbers)
        NK_CHECK(!number.empty() && number.find_first_not_of("+0123456789*#") == std::string::npos);
    for (const auto& one : named.names)
        NK_CHECK(!one.empty() && one.size() <= 4 * limits::import_stem_bytes_max &&
                 as_utf8(one) == one);
    if (named.started)
        (void)importing::started(*named.started, importing::FixedZone(3600),
                                 call::Source::file_name, named.time_sureness);
    (void)importing::learn_prefix(
        std::vector<std::string>{std::string(name), "Oma_240614_113922", "Jan_240614_113922"});
    return 0;
}
