#pragma once
// Small files of JSON beside the recordings: read with suspicion, replaced whole by one rename.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/disk.h"
#include "base/result.h"
#include "base/time.h"

namespace nk::archive {

inline constexpr int small_file_format = 1;  // what "format" says in each of them

Error unreadable(const std::string& path, const std::string& why);
// An object of our format.
Result<nlohmann::ordered_json> read_small_file(Disk& disk, const std::string& path);
// The old one or the new one, whatever happens on the way.
Result<void> replace_small_file(Disk& disk, const std::string& folder, const std::string& path,
                                const nlohmann::ordered_json& json);

// Empty where there is none, or one of another kind.
std::string text_in(const nlohmann::ordered_json& object, const char* name);
std::vector<std::string> texts_in(const nlohmann::ordered_json& object, const char* name);
std::optional<WallTime> time_in(const nlohmann::ordered_json& object, const char* name);
bool truth_in(const nlohmann::ordered_json& object, const char* name);

}  // namespace nk::archive
