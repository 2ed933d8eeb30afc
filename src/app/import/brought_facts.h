#pragma once
// The facts of a recording that was brought. Pure.

#include <string>
#include <vector>

#include "app/import/taken.h"
#include "call/known.h"
#include "purpose/purpose.h"
#include "recording/facts.h"

namespace nk::app {

struct BroughtFor {
    purpose::Purpose purpose = purpose::Purpose::wording;
    purpose::Basis basis = purpose::Basis::capture_file;
    std::string own_number;  // of the telephone that recorded; empty when unknown
};

// Two sides of a telephone: the left channel its own, the right one the other's.
bool keeps_sides_apart(const call::Known& known, const MediaFacts& media);

// Without id and uuid, which its desk has.
recording::RecordingFacts facts_of_brought(const Taken& taken,
                                           const std::vector<call::Finding>& findings,
                                           const BroughtFor& why);

}  // namespace nk::app
