#pragma once
// A pattern of a name, with what its groups mean:
//   y yy mo d h mi s frac ampm tz   the pieces of a time     epoch   seconds or milliseconds
//   num    a number                name   a name             who     either, or "unknown"
//   dir    a word or an arrow      dirn   0 in, 1 out        x_...   an extra of that name
// Others are for who asked. RE2 matches in a time that is a line in the length of the text.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "intake/import/named_file.h"

namespace re2 {
class RE2;
}

namespace nk::importing {

class NamePattern {
public:
    // {ymd} {y-m-d} {yymd} {hms} {h-m-s} {h.m.s} in the pattern stand for the groups of a time. All
    // of the text has to match, in whatever case.
    explicit NamePattern(std::string_view pattern);
    NamePattern(NamePattern&&) noexcept;
    ~NamePattern();

    // Why it is no pattern; empty when it is one.
    [[nodiscard]] std::string error() const;

    class Groups {
    public:
        // Empty when it took no part.
        [[nodiscard]] std::string_view operator[](std::string_view name) const;
        [[nodiscard]] const auto& all() const { return all_; }

    private:
        friend class NamePattern;
        std::vector<std::pair<std::string_view, std::string_view>> all_;
    };
    // Absent when the text does not match.
    [[nodiscard]] std::optional<Groups> match(std::string_view text) const;

private:
    std::unique_ptr<re2::RE2> regex_;
    std::vector<std::pair<std::string, int>> names_;
};

// Fills in what the groups mean. False when they hold a time that cannot be.
bool take_groups(const NamePattern::Groups& groups, NamedFile& out);

}  // namespace nk::importing
