#include "app/terminal.h"

#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace nk::app {

namespace {

std::string_view code_of(Colour colour) {
    switch (colour) {
        case Colour::bold:
            return "1";
        case Colour::dim:
            return "2";
        case Colour::red:
            return "31";
        case Colour::green:
            return "32";
        case Colour::yellow:
            return "33";
        case Colour::blue:
            return "34";
        case Colour::cyan:
            return "36";
        case Colour::plain:
            break;
    }
    return {};
}

}  // namespace

std::string Look::paint(std::string_view text, Colour colour_wanted) const {
    if (!colour || colour_wanted == Colour::plain || text.empty())
        return std::string(text);
    return "\x1b[" + std::string(code_of(colour_wanted)) + "m" + std::string(text) + "\x1b[0m";
}

Look look_of_output() {
    Look look;
    if (isatty(STDOUT_FILENO) == 0)
        return look;
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    look.colour = (no_color == nullptr || *no_color == '\0') &&
                  (term == nullptr || std::string_view(term) != "dumb");
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        look.columns = size.ws_col;
    return look;
}

}  // namespace nk::app
