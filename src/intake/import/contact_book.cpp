#include "intake/import/contact_book.h"

#include "intake/import/number_tail.h"

namespace nk::importing {

ContactBook::ContactBook(std::span<const wire::VCard> cards) {
    for (const auto& card : cards) {
        if (card.name.empty())
            continue;
        for (const auto& number : card.numbers) {
            auto tail = number_tail(number.number);
            if (tail.empty())
                continue;
            const auto [at, is_first] = names_.emplace(std::move(tail), card.name);
            if (!is_first && at->second != card.name)
                at->second.clear();
        }
    }
}

std::string ContactBook::name_of(std::string_view number) const {
    const auto at = names_.find(number_tail(number));
    return at == names_.end() ? "" : at->second;
}

std::vector<call::Finding> ContactBook::findings_of(
    const std::vector<call::Finding>& findings) const {
    std::vector<call::Finding> out;
    if (names_.empty())
        return out;
    for (const auto* number : call::best(findings, call::Fact::number)) {
        auto name = name_of(number->value);
        if (name.empty())
            return {};
        out.push_back({call::Fact::name,
                       std::move(name),
                       call::Source::contacts,
                       call::Sureness::likely,
                       {}});
    }
    return out;
}

}  // namespace nk::importing
