#pragma once
// What `--json` prints. The names are a promise to scripts (docs/JSON.md): fields may be added,
// none changes its meaning or goes.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "archive/conversation.h"
#include "recording/facts.h"

namespace nk::app {

using Json = nlohmann::ordered_json;

// One recording as `list` and `record` give it. `archive_root` is the archive's absolute path, for
// audio.path.
Json describe(const recording::RecordingFacts& facts, const std::string& archive_root,
              const std::optional<archive::Conversation>& conversation);

// The same object with all details, as `show` gives it.
Json describe_in_detail(const recording::RecordingFacts& facts, const std::string& archive_root,
                        const std::optional<archive::Conversation>& conversation);

// As printed: indented, ending with a line feed.
std::string json_text(const Json& json);
// What json_text() gives of an array, element by element, for arrays that are too long to be held:
// the element at `index`, and what follows the last of `count`.
std::string json_array_piece(const Json& element, std::size_t index);
std::string json_array_end(std::size_t count);

}  // namespace nk::app
