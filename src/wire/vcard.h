#pragma once
// Who has which number: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), many cards a file, as phones
// and address books write them. Pictures and all else but names and numbers are passed over.

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace nk::wire {

inline constexpr std::size_t vcard_bytes_max = 256UL * 1024 * 1024;  // pictures and all
inline constexpr std::size_t vcards_max = 100'000;
inline constexpr std::size_t vcard_numbers_max = 64;        // of a card
inline constexpr std::size_t vcard_line_bytes_max = 8'192;  // kept of a line that was unfolded
inline constexpr std::size_t vcard_text_bytes_max = 512;    // of a name, a number

struct VCardNumber {
    std::string number;              // as written, without "tel:"
    std::vector<std::string> types;  // "cell", "home" ..., in lower case
    bool operator==(const VCardNumber&) const = default;
};

struct VCard {
    std::string name;  // FN, else made of N, else the organisation; may be empty
    std::string organisation;
    std::vector<VCardNumber> numbers;
    bool operator==(const VCard&) const = default;
};

struct VCards {
    std::vector<VCard> cards;        // those that have a number
    std::size_t without_number = 0;  // the others
    std::vector<std::string> faults;
};

// Texts are UTF-8. Refuses what is too large (Code::limit) and what has no card in it
// (Code::unsupported). A card that nothing ends is taken as it is, with a fault.
Result<VCards> parse_vcards(Bytes text);

}  // namespace nk::wire
