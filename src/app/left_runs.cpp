#include "app/left_runs.h"

#include <fmt/format.h>

namespace nk::app {

namespace {

std::string parent_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

}  // namespace

std::string set_aside_text(const std::vector<std::string>& folders) {
    if (folders.empty())
        return {};
    const std::string aside = parent_of(folders.front());
    if (folders.size() == 1)
        return fmt::format(
            "a run that could not be read whole is kept in {}; moved back to {} it "
            "is tried again",
            folders.front(), parent_of(aside));
    return fmt::format(
        "{} runs that could not be read whole are kept in {}; moved back to {} they "
        "are tried again",
        folders.size(), aside, parent_of(aside));
}

std::string left_runs_text(std::size_t runs) {
    return runs == 1 ? "a recorder was cut off and left calls unfinished; naklank recover makes "
                       "recordings of them"
                     : fmt::format(
                           "recorders were cut off and left calls unfinished in {} "
                           "journals; naklank recover makes recordings of them",
                           runs);
}

std::string further_text(const std::string& id, const std::string& first) {
    return id + " is a further recording of a call that " + first +
           " was made of while its journal was damaged; both are kept";
}

std::string stranger_text(const std::string& path) {
    return path + " is not of the journal, and is left there; move it or remove it";
}

}  // namespace nk::app
