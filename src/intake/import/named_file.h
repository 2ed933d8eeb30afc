#pragma once
// What the name of a file says of the call in it. Texts are UTF-8 in NFC.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "call/finding.h"
#include "intake/import/stamp.h"

namespace nk::importing {

struct NamedFile {
    std::string recorder;  // "bcr", "cube" ...; empty when no recorder we know writes such names
    std::optional<Stamp> started;
    std::string direction;             // "in", "out", "conference", or empty: it is never guessed
    std::vector<std::string> numbers;  // of the others: digits, and the few signs that are dialled
    std::vector<std::string> names;
    std::string kind;  // "call", "message", or empty when the name does not tell
    call::Sureness time_sureness = call::Sureness::likely;
    call::Sureness who_sureness = call::Sureness::likely;  // of numbers, names and direction
    // What else it says: "sim" (the slot, from 1), "extension" (the own one), "app", "agent",
    // "counter", "id", "copy".
    std::map<std::string, std::string, std::less<>> extras;

    [[nodiscard]] bool is_empty() const {
        return recorder.empty() && !started && direction.empty() && numbers.empty() &&
               names.empty() && kind.empty();
    }
    // The other party, as one text: a number when it looks like one, nothing when it says that the
    // number was withheld, else a name. What is known already is not added again.
    void add_who(std::string_view text);
    void add_number(std::string_view text);
    void add_name(std::string_view text);
    bool operator==(const NamedFile&) const = default;
};

}  // namespace nk::importing
