#pragma once
// What the reading commands do: list, show, verify, export, rebuild. Each takes its options as
// plain data and gives an exit code: 0 fine, 1 something is wrong with the data, 2 it cannot be
// read or the options do not fit. Sentences go to standard error, answers to standard output.

#include <optional>
#include <string>
#include <vector>

#include "archive/catalogue.h"
#include "archive/export.h"

namespace nk::app {

inline constexpr int exit_fine = 0;
inline constexpr int exit_wrong_data = 1;
inline constexpr int exit_unusable = 2;

struct ListOptions {
    std::string archive;  // an absolute path, in all of these
    bool unsure = false;  // brought, and when it was or with whom is not sure
    std::string number;   // of a party, or a part of it; empty: any
    archive::Filter filter;
    bool json = false;
};
int list(const ListOptions& options);

struct ShowOptions {
    std::string archive;
    std::string id;  // or how it begins or ends
    bool json = false;
};
int show(const ShowOptions& options);

struct VerifyOptions {
    std::string archive;
    std::vector<std::string> ids;
    bool all = false;
    bool json = false;
    bool quiet = false;
};
int verify(const VerifyOptions& options);

struct ExportCommand {
    std::string archive;
    std::vector<std::string> ids;
    archive::ExportOptions what;                  // its format counts for nothing here
    std::optional<archive::ExportFormat> format;  // as it was said
    std::string output;  // a path, a folder, "-" for standard output, empty for the current folder
    bool force = false;
    bool json = false;
};
int export_recordings(const ExportCommand& options);

struct RebuildOptions {
    std::string archive;
    bool json = false;
};
int rebuild(const RebuildOptions& options);

// Ids that begin with `prefix`, one a line, for the shells' completion; when there are none, the
// last parts of ids that begin so, which name a recording as well. Silent about any error.
int complete_ids(const std::string& archive, const std::string& prefix);

}  // namespace nk::app
