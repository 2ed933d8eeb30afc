#pragma once
// `naklank import`: brings files into the archive.

#include <string>
#include <vector>

namespace nk::app {

struct ImportOptions {
    std::string archive;             // an absolute path
    std::vector<std::string> paths;  // files, folders, archives; "-" is a list on standard input
    std::string purpose = "wording";
    std::string basis;                        // empty: the owner gave us the files
    std::string own_number;                   // of the telephone that recorded
    std::vector<std::string> name_templates;  // how the files are called (name_template.h)
    std::string zone;                         // of times that name none; empty: the machine's own
    bool dry_run = false;
    bool json = false;
    bool quiet = false;
};
int import_files(const ImportOptions& options);

}  // namespace nk::app
