#pragma once
// Options of a command from a TOML file, by their long names. The command line wins over the file;
// a name that the command does not have is an error, so that a slip of the pen is not a setting
// that never holds. (CLI11 2.1 passes over the configuration file of a subcommand, without a word.)

#include <string>

#include <CLI/CLI.hpp>

namespace nk::app {

// Adds --config FILE to the command.
void add_config(CLI::App& command, std::string& path);

// When everything on the command line is read: gives the options that it left out what the file
// says. Throws CLI::ParseError, whose sentence names the file; nothing when `path` is empty.
void apply_config(CLI::App& command, const std::string& path);

}  // namespace nk::app
