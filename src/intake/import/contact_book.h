#pragma once
// Whose a number is, by the cards of a telephone's contacts. Pure.

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "call/finding.h"
#include "wire/vcard.h"

namespace nk::importing {

class ContactBook {
public:
    ContactBook() = default;
    explicit ContactBook(std::span<const wire::VCard> cards);

    // Empty when it is nobody's, or that of several who are called otherwise.
    [[nodiscard]] std::string name_of(std::string_view number) const;
    // The names that belong to the numbers that count among `findings`: one for each, or none at
    // all, for who has which number would not be known.
    [[nodiscard]] std::vector<call::Finding> findings_of(
        const std::vector<call::Finding>& findings) const;
    [[nodiscard]] bool is_empty() const { return names_.empty(); }

private:
    std::unordered_map<std::string, std::string> names_;  // by the numbers' ends
};

}  // namespace nk::importing
