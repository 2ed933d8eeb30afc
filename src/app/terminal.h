#pragma once
// What standard output is: a terminal that shows colours, or a file or pipe that wants plain text.

#include <string>
#include <string_view>

namespace nk::app {

enum class Colour { plain, bold, dim, red, green, yellow, blue, cyan };

struct Look {
    bool colour = false;
    // A line is cut to so many columns; 0: never.
    std::size_t columns = 0;

    [[nodiscard]] std::string paint(std::string_view text, Colour colour_wanted) const;
};

// Of standard output. Colours only on a terminal, and never with NO_COLOR set (no-color.org) or
// TERM=dumb.
Look look_of_output();

}  // namespace nk::app
