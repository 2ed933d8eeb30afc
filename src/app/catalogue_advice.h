#pragma once
// What to do about a catalogue that cannot be read or written.

#include <string>

#include "base/result.h"

namespace nk::app {

// Only a catalogue that is damaged, of another version or not there is mended by making it again;
// what the machine withholds is not.
std::string catalogue_advice(const Error& error);

// The error's sentence, and that.
std::string with_advice(const Error& error);

// The same for a recorder: what it keeps meanwhile is missing in the catalogue.
std::string with_advice_to_recorders(const Error& error);

}  // namespace nk::app
