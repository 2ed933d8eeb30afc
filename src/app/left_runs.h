#pragma once
// What is said of what earlier runs left, in sentences for people.

#include <cstddef>
#include <string>
#include <vector>

#include "recording/recovery.h"

namespace nk::app {

// Of runs that an earlier recovery put aside: where they are and what can be done; empty when there
// are none.
std::string set_aside_text(const std::vector<std::string>& folders);

// Of so many runs that no recorder holds and that wait for recovery.
std::string left_runs_text(std::size_t runs);

// Of a call that was sealed anew, by the ids of its two recordings.
std::string further_text(const std::string& id, const std::string& first);

// Of a file in a run's folder that is not of the journal.
std::string stranger_text(const std::string& path);

}  // namespace nk::app
