#pragma once
// A recording's id in eight bytes: its second, and the bits of its letters (docs/FORMAT.md). As the
// texts are sorted, so are these.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nk::listener {

// Nullopt for what is no id.
std::optional<std::uint64_t> pack_id(std::string_view id);
std::string unpack_id(std::uint64_t packed);

}  // namespace nk::listener
