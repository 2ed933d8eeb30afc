#include "app/near_name.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nk::app {

namespace {

constexpr std::size_t length_max = 64;  // the work is the product of two lengths

// Levenshtein's distance: letters left out, put in or mistaken.
std::size_t edits(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t corner = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t same = corner + (from[i] == to[j] ? 0 : 1);
            corner = row[j + 1];
            row[j + 1] = std::min({same, row[j] + 1, corner + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string near_name(std::string_view written, const std::vector<std::string>& known) {
    std::string best;
    std::size_t fewest = length_max;
    if (written.size() > length_max)
        return best;
    for (const auto& name : known) {
        const auto count = edits(written, name);
        if (count < fewest && count * 3 <= std::max(written.size(), name.size())) {
            best = name;
            fewest = count;
        }
    }
    return best;
}

}  // namespace nk::app
