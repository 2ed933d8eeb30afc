#pragma once
// What is said beside the output, on standard error. A message that cannot be said there (its disk
// is full, its reader is gone) is not said, and ends nothing: least of all a recording.

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace nk::app {

void say_aside(std::string_view text);

template <class First, class... Rest>
void say_aside(fmt::format_string<First, Rest...> format, First&& first, Rest&&... rest) {
    say_aside(std::string_view(
        fmt::format(format, std::forward<First>(first), std::forward<Rest>(rest)...)));
}

}  // namespace nk::app
