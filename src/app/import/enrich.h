#pragma once
// What is found of a recording after it was sealed goes into its notes.

#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "call/known.h"
#include "recording/facts.h"

namespace nk::app {

// All that was found of one that was brought, up to now; and what is known of it by that.
std::vector<call::Finding> findings_now(Disk& disk, const std::string& root,
                                        const recording::RecordingFacts& facts);
call::Known known_now(Disk& disk, const std::string& root, const recording::RecordingFacts& facts);

// Those of `found` whose source had said nothing of that fact yet are added, and `name` among the
// names of doubles when it is another one. Gives what is known of it then; nothing is written when
// nothing is new.
Result<call::Known> enrich(Disk& disk, const std::string& root, const std::string& id,
                           const std::string& name, const std::vector<call::Finding>& found);

}  // namespace nk::app
