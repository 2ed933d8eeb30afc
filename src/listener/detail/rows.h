#pragma once
// How the window's state keeps lists and times, and rows read to the end.

#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/sqlite.h"
#include "base/time.h"

namespace nk::listener {

// Lists are lines.
inline std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines)
        out.append(out.empty() ? "" : "\n").append(line);
    return out;
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        out.push_back(line);
    return out;
}

// 0 stands for never.
inline std::optional<WallTime> time_or_never(std::int64_t ns) {
    return ns == 0 ? std::nullopt : std::optional(WallTime{ns});
}

template <class T, class Read>
Result<std::optional<T>> one_of(Statement& row, const Read& read) {
    NK_TAKE(const bool there, row.step());
    return there ? std::optional<T>(read(row)) : std::nullopt;
}

template <class T, class Read>
Result<std::vector<T>> all_of(Statement& row, const Read& read) {
    std::vector<T> out;
    for (;;) {
        NK_TAKE(const bool there, row.step());
        if (!there)
            return out;
        out.push_back(read(row));
    }
}

}  // namespace nk::listener
