#pragma once
// `naklank export --bcr`: recordings under BCR's names with BCR's JSON beside them, so that other
// programs read them.

#include <string>
#include <vector>

#include "archive/catalogue.h"

namespace nk::app {

struct BcrExportOptions {
    std::string archive;           // an absolute path
    std::vector<std::string> ids;  // or all that fit:
    bool all = false;
    archive::Filter filter;
    std::string number;         // of a party, or a part of it; empty: any
    std::string folder;         // where they go; it is made when it is not there
    std::string name_template;  // empty: BCR's own
    std::string zone;           // empty: each time as it was found, ours in the machine's
    std::vector<std::string> own_numbers;
    bool force = false;
    bool json = false;
};
int export_as_bcr(const BcrExportOptions& options);

}  // namespace nk::app
