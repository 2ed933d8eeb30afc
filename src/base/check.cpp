#include "base/check.h"

#include <cstdlib>
#include <string>

#include <unistd.h>

namespace nk {

void broken(const char* condition, const char* file, int line) {
    std::string text = "naklank: broken: ";
    text.append(condition)
        .append(" at ")
        .append(file)
        .append(":")
        .append(std::to_string(line))
        .append("\n");
    // The result does not matter: we are on our way out and have no other place to complain.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    std::abort();
}

}  // namespace nk
