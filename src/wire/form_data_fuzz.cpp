// parse_form_data promises to survive any bytes, and to give what lies in them.
#include "base/check.h"
#include "wire/form_data.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The header's value stands in front, up to the first NUL.
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const auto header = all.substr(0, all.find('\0'));
    const auto body = Bytes(data, size).subspan(std::min(header.size() + 1, size));
    const auto parts = wire::parse_form_data(header, body);
    if (!parts)
        return 0;
    NK_CHECK(parts->size() <= wire::form_parts_max);
    for (const auto& part : *parts) {
        NK_CHECK(part.name.size() <= wire::form_name_bytes_max);
        NK_CHECK(part.body.empty() || (part.body.data() >= body.data() &&
                                       part.body.data() + part.body.size() <= data + size));
    }
    return 0;
}
