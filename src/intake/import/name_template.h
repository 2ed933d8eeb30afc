#pragma once
// Templates of names, both ways: what a name says by the template it was made with, and the name
// that a call gets by it.
//
// The grammar is BCR's: {variable} and {variable:argument}; [a|b|c] is the first of those whose
// variables are all known, and may be nested, the last of them empty; \ in front of \ { } [ ] |
// takes their meaning away; '/' makes folders. Variables: date (argument: a pattern of
// date_pattern.h), direction, sim_slot (":always"), phone_number (":E.164", ":international",
// ":national", ":digits_only", ":formatted"), contact_name, caller_name, call_log_name, and for
// reading alone any: what may stand there unread.
//
// A text that begins with ^ is a pattern as bcr-gui has them: a regular expression with the same
// variables in it ("^{contact_name}-{date:year2}{date:month} ..."). It reads, but writes nothing.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/import/named_file.h"

namespace nk::importing {

inline constexpr std::string_view bcr_default_template =
    "{date}[_{direction}|][_sim{sim_slot}|][_{phone_number}|]"
    "[_[{contact_name}|{caller_name}|{call_log_name}]|]";

// What a name is made of. What is empty or absent is not known.
struct NameFacts {
    WallTime started;
    std::int32_t offset_s = 0;
    std::string zone_name;
    std::string direction;
    std::optional<int> sim_slot;
    bool has_several_sims = false;  // of one SIM the slot is not told, unless always
    std::vector<std::string> numbers;
    std::vector<std::string> contact_names, caller_names;
    std::string call_log_name;
};

class NameTemplate {
public:
    // Errors are sentences with the place, counted in letters from 1.
    static Result<NameTemplate> compile(std::string_view text);
    NameTemplate(NameTemplate&&) noexcept;
    NameTemplate& operator=(NameTemplate&&) noexcept;
    ~NameTemplate();

    // `path` with as many folders as the template has, and an extension. Absent when the template
    // did not make that name, or the date in it cannot be.
    [[nodiscard]] std::optional<NamedFile> read(std::string_view path) const;
    // Without an extension; what a file's name cannot have is '_'. Refused when it needs what is
    // not known, and when the template can only read.
    [[nodiscard]] Result<std::string> write(const NameFacts& facts) const;
    [[nodiscard]] const std::string& text() const;

private:
    struct Inner;
    explicit NameTemplate(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

// What the template reads in each name, for who writes it.
struct PreviewRow {
    std::string file_name;
    std::optional<NamedFile> read;
};
std::vector<PreviewRow> preview(const NameTemplate& made, std::span<const std::string> file_names);

}  // namespace nk::importing
