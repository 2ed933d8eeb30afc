#pragma once
// What the folders say in which a recording lay: whose calls, of which day, made by what. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "call/finding.h"
#include "intake/import/stamp.h"

namespace nk::importing {

struct FolderFacts {
    std::string recorder;      // as in recorders.cpp; empty when the folders do not tell
    std::string kind;          // "call", "message" or empty
    std::string direction;     // of a voicemail alone: "in"
    std::string number, name;  // of a folder that is one person's
    std::optional<Stamp> day;  // of folders YYYY/MM/DD
    bool operator==(const FolderFacts&) const = default;
};

// `path` is the file's, with '/' or '\'; its last piece, the file's own name, is not looked at.
FolderFacts read_folders(std::string_view path);

std::vector<call::Finding> findings_of(const FolderFacts& facts, const Zone& zone);

}  // namespace nk::importing
