#pragma once
// What can still be read of a catalogue that gives way to a new one: which recordings it knew.
// Those whose folders are gone are known nowhere else.

#include <set>
#include <string>

namespace nk::archive {

struct Salvaged {
    std::set<std::string> ids;
    std::string trouble;  // why there may be more; empty when it was read whole
};

Salvaged salvage_ids(const std::string& catalogue_path);

}  // namespace nk::archive
