#include "host/strand.h"

#include <ctime>

namespace nk::host {

Nanos strand_cpu() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return Nanos(std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec);
}

}  // namespace nk::host
