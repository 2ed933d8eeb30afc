#pragma once
// The recorders whose names we know, in the order in which they are tried.

#include <optional>
#include <string_view>

#include "intake/import/named_file.h"

namespace nk::importing {

// `stem` is clean_text of a name without its extension; `learnt` a prefix of the folder's names.
std::optional<NamedFile> read_by_recorder(std::string_view stem, std::string_view learnt);

}  // namespace nk::importing
