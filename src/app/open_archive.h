#pragma once
// What the reading commands have in common: how they speak, and how they come by the archive, its
// catalogue and the recording that somebody named.

#include <memory>
#include <string>
#include <string_view>

#include "archive/catalogue.h"
#include "base/disk.h"
#include "base/result.h"

namespace nk::app {

// A sentence on standard error; gives the exit code back.
int say(std::string_view command, const std::string& sentence, int exit_code);
// Whose fault it was decides: a wrong option is 2, damaged data 1.
int say(std::string_view command, const Error& error);

Result<void> check_archive(Disk& disk, const std::string& archive);

// An empty file is no catalogue, unless all of it is in the log beside it.
bool has_catalogue(Disk& disk, const std::string& archive);
// The catalogue, but only when there is one: reading makes none.
Result<std::unique_ptr<archive::Catalogue>> existing_catalogue(Disk& disk,
                                                               const std::string& archive);

// The recording whose id begins or ends so. Folders that could not be looked into are named.
Result<std::string> recording_named(std::string_view command, Disk& disk,
                                    const std::string& archive, std::string_view part);

// Calls that are neither in the archive nor lost.
void hint_at_journals(std::string_view command, Disk& disk, const std::string& archive);

}  // namespace nk::app
