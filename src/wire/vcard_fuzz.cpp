// parse_vcards promises to survive any bytes, and that what it gives is bounded and UTF-8.
#include "base/check.h"
#include "base/utf8.h"
#include "wire/vcard.h"

using namespace nk;

namespace {

void check_text(const std::string& text) {
    NK_CHECK(text.size() <= 2 * wire::vcard_text_bytes_max && as_utf8(text) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto cards = wire::parse_vcards(Bytes(data, size));
    if (!cards)
        return 0;
    for (const auto& card : cards->cards) {
        check_text(card.name);
        check_text(card.organisation);
        NK_CHECK(!card.numbers.empty() && card.numbers.size() <= wire::vcard_numbers_max);
        for (const auto& number : card.numbers) {
            NK_CHECK(!number.number.empty());
            check_text(number.number);
            for (const auto& type : number.types)
                check_text(type);
        }
    }
    return 0;
}
