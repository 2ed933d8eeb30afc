#pragma once
// Completion for the shells. The scripts ask the program itself for ids (`naklank __complete`).

#include <optional>
#include <string_view>

namespace nk::app {

// The script for "bash", "zsh" or "fish".
std::optional<std::string_view> completion_script(std::string_view shell);

}  // namespace nk::app
