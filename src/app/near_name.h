#pragma once
// Which of the known names somebody meant who wrote another.

#include <string>
#include <string_view>
#include <vector>

namespace nk::app {

// The nearest by edits, when at most a third of it was mistaken; empty otherwise.
std::string near_name(std::string_view written, const std::vector<std::string>& known);

}  // namespace nk::app
