#pragma once
// `naklank recover`: makes recordings of what earlier runs left in their journals, and nothing
// else. `record` does the same when it begins.

#include <string>

namespace nk::app {

struct RecoverOptions {
    std::string archive;  // an absolute path
    bool json = false;
};

// Exit code: 0 all that was left is in the archive; 1 something is damaged or could not be kept; 2
// the archive cannot be read.
int recover(const RecoverOptions& options);

}  // namespace nk::app
