#include "call/facts.h"

#include <array>
#include <utility>

namespace nk::call {

namespace {
constexpr std::array<std::pair<Ending, std::string_view>, 6> endings{
    {{Ending::bye, "bye"},
     {Ending::cancelled, "cancelled"},
     {Ending::refused, "refused"},
     {Ending::timed_out, "timed-out"},
     {Ending::capture_ended, "capture-ended"},
     {Ending::recorder_stopped, "recorder-stopped"}}};
}

std::string_view name_of(Ending ending) {
    for (const auto& [candidate, name] : endings)
        if (candidate == ending)
            return name;
    return {};
}

std::optional<Ending> ending_named(std::string_view name) {
    for (const auto& [candidate, text] : endings)
        if (text == name)
            return candidate;
    return std::nullopt;
}

}  // namespace nk::call
