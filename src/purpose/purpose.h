#pragma once
// Why a call is kept, and by what right it was captured. Pure decisions, each with a reason.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace nk::purpose {

enum class Purpose { wording, training, agreement, memory, keepsake };
enum class Basis {
    capture_file,  // the owner gave us a file; the right to have captured it is his to know
    own_line,      // the owner's own calls
    company,       // a company's lines, its staff and callers informed
    warrant,       // a judge's order; refused until interception exists
};
enum class Door { siprec, tap, bridge, import };

std::string_view name_of(Purpose purpose);
std::string_view name_of(Basis basis);
std::string_view name_of(Door door);
std::optional<Purpose> purpose_named(std::string_view name);
std::optional<Basis> basis_named(std::string_view name);
std::optional<Door> door_named(std::string_view name);

// Whether live capture may start. Refused without a basis (recording somebody else's calls is a
// crime) and with a warrant (that is a program of its own).
Result<Basis> may_capture_live(std::optional<std::string_view> basis_option);

}  // namespace nk::purpose
