#pragma once
// Names that no two of one export have. Disks of telephones and of Windows take capitals and small
// letters for one, and a sound and its JSON share a name up to the ending. Pure.

#include <string>
#include <unordered_map>

#include "base/result.h"

namespace nk::app {

class BcrNames {
public:
    // The name itself, or with " (2)" to " (99)" behind it, as file managers do: readers of such
    // names know it for no part of them.
    Result<std::string> take(const std::string& name);

private:
    std::unordered_map<std::string, int> taken_;  // folded, and how often it was asked for
};

}  // namespace nk::app
