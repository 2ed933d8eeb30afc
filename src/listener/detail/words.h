#pragma once
// Texts by small numbers.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nk::listener {

// 0 is the empty one.
class Words {
public:
    Words() { (void)number_of(""); }
    std::uint32_t number_of(std::string_view text) {
        const auto [at, is_new] = numbers_.try_emplace(std::string(text), texts_.size());
        if (is_new)
            texts_.push_back(&at->first);
        return at->second;
    }
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const {
        const auto at = numbers_.find(std::string(text));
        return at == numbers_.end() ? std::nullopt : std::optional(at->second);
    }
    [[nodiscard]] const std::string& text(std::uint32_t number) const { return *texts_[number]; }
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<const std::string*> texts_;
};

}  // namespace nk::listener
