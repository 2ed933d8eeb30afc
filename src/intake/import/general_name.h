#pragma once
// Names that no recorder we know writes: a date that stands anywhere in it, a word for the
// direction, what is plausibly a number. Nothing is guessed: of a date that could be two, neither.

#include <optional>
#include <string_view>

#include "intake/import/named_file.h"

namespace nk::importing {

// `stem` is clean_text of a name without its extension. Empty when there is nothing to be read.
NamedFile read_generally(std::string_view stem, std::string_view learnt);

}  // namespace nk::importing
