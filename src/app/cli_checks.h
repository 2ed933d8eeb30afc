#pragma once
// What the options of the command line take, each with a sentence for what it does not.

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "base/time.h"

namespace nk::app {

// An RFC 3339 time, or a day or a minute in the local zone: 2026-11-23, "2026-11-23 14:00".
std::optional<WallTime> moment_in(const std::string& text);

// An empty argument comes of a variable that a script never set.
CLI::Validator is_said();
CLI::Validator is_moment();
CLI::Validator is_count();
CLI::Validator is_purpose();
CLI::Validator is_format();
// Letters are no part of a number that is found; a * or a # may be.
CLI::Validator is_number();

}  // namespace nk::app
