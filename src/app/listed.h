#pragma once
// The recordings of an archive that fit, by its catalogue.

#include <functional>
#include <string>
#include <string_view>

#include "archive/catalogue.h"
#include "base/disk.h"
#include "base/result.h"

namespace nk::app {

// Where the catalogue cannot be read, and none can be made, from the recordings themselves, which
// is said.
Result<archive::Listing> listed(std::string_view command, Disk& disk, const std::string& archive,
                                const archive::Filter& filter);

// For a filter: whether a party's number is the one that somebody looks for.
std::function<bool(const std::string&)> number_wanted(const std::string& text);

}  // namespace nk::app
