#pragma once
// A recording's facts as the JSON object that Naklank keeps for itself inside the vCon, complete
// and without loss; docs/FORMAT.md lists its fields. Only archive/ sees this header: it is the one
// place where facts and JSON meet on disk.

#include <optional>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "recording/facts.h"

namespace nk::archive::detail {

using Json = nlohmann::ordered_json;

inline constexpr int format_version = 1;

Json to_json(const recording::RecordingFacts& facts);

// A finding is also written beside a recording (archive/notes.h).
Json to_json(const call::Finding& finding);
std::optional<call::Finding> finding_in(const Json& object);

// Strict about every field the format has, tolerant of fields it does not know. The error names the
// first field that is wrong, by its path.
Result<recording::RecordingFacts> facts_in(const Json& object);

}  // namespace nk::archive::detail
