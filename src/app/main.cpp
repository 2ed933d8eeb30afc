// The `naklank` program: see app/cli.h.
#include <sys/stat.h>

#include "app/cli.h"
#include "host/process_limits.h"

int main(int argc, char** argv) {
    nk::host::fill_standard_streams();
    umask(027);  // recordings are for their owner and the owner's group
    return nk::app::run(argc, argv);
}
