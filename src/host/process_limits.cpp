#include "host/process_limits.h"

#include <csignal>

#include <malloc.h>
#include <sys/resource.h>

namespace nk::host {

void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void keep_freed_memory() {
    ::mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
    ::mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
}

void outlive_broken_pipes() {
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace nk::host
