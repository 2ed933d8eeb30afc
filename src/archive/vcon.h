#pragma once
// call.vcon.json: a recording's facts as an IETF vCon (draft-ietf-vcon-vcon-core-04, syntax 0.4.0).
//
// The standard members tell any vCon reader who spoke, when, and where the sound is. The attachment
// with purpose "naklank-recording" holds all facts without loss, and is what from_vcon() reads; the
// rest follows from it. The same facts always give the same bytes. docs/FORMAT.md has every field.

#include <string>
#include <string_view>

#include "base/result.h"
#include "recording/facts.h"

namespace nk::archive {

// Texts that are not UTF-8 are made so (archive/utf8.h); numbers that are not finite become 0.
std::string to_vcon(const recording::RecordingFacts& facts);

// Unknown members are passed over; a missing or impossible one that the facts need is refused, by
// name. A newer format is Code::unsupported.
Result<recording::RecordingFacts> from_vcon(std::string_view text);

// The facts alone on one line, without the long lists (gaps, events, key presses, media marks):
// what the catalogue keeps for `list`.
std::string to_summary(const recording::RecordingFacts& facts);
Result<recording::RecordingFacts> from_summary(std::string_view text);

}  // namespace nk::archive
