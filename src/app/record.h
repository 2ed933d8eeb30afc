#pragma once
// `naklank record`: wires a packet source, the tap, the recorder and the archive, and prints what
// came of it.

#include <optional>
#include <string>

namespace nk::app {

struct RecordOptions {
    std::string read_path;             // --read FILE, "-" for standard input; empty when live
    std::string interface_name;        // --interface IF; empty when a file is read
    std::string filter;                // --filter BPF
    std::string tls_keylog;            // --tls-keylog FILE; empty: TLS is not read
    std::optional<std::string> basis;  // --basis, required with --interface
    std::string purpose = "wording";   // --purpose
    std::string archive;               // --archive DIR, already resolved to a path
    bool json = false;
    bool quiet = false;  // no progress, no table
    bool stages =
        false;  // --stages (not in the help): where the time went, as JSON on standard error
};

// Exit code: 0 all well; 1 the capture was damaged or a recording could not be kept (everything
// before it is kept); 2 it could not be read at all, or the options are wrong.
int record(const RecordOptions& options);

}  // namespace nk::app
