// The `naklank` program: see app/cli.h.
#include <sys/stat.h>

#include "app/cli.h"

int main(int argc, char** argv) {
    umask(027);  // recordings are for their owner and the owner's group
    return nk::app::run(argc, argv);
}
