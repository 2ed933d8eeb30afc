#include "app/aside.h"

#include <cstdio>

namespace nk::app {

void say_aside(std::string_view text) {
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace nk::app
