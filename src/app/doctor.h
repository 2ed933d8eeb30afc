#pragma once
// `naklank doctor`: is this machine fit to record, with these options? Looks, measures the disk for
// a second, binds what `naklank serve` would bind, and leaves everything as it was.

#include <string>

#include "app/serve.h"

namespace nk::app {

struct DoctorOptions {
    // Those of serve, with the archive. Nothing that comes in is looked at when `siprec` is empty.
    ServeOptions serve;
    std::string interface_name;  // --interface, as of record
    bool json = false;
};

// Exit code: 0 nothing is wrong, though there may be warnings; 1 something is; 2 the options are.
int doctor(const DoctorOptions& options);

}  // namespace nk::app
