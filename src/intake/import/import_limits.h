#pragma once
// The limits of what the import door reads from names, sidecars and lists.

#include <cstddef>

#include "base/time.h"

namespace nk::limits {

inline constexpr std::size_t import_stem_bytes_max = 255;  // of a name, what is behind is cut
inline constexpr std::size_t import_path_bytes_max = 4'096;
inline constexpr std::size_t import_path_folders_max = 64;
inline constexpr std::size_t import_people_max = 32;           // numbers or names of one call
inline constexpr std::size_t import_text_bytes_max = 512;      // of a name in a sidecar
inline constexpr std::size_t import_learnt_names_max = 1'000;  // that a prefix is learnt from

inline constexpr std::size_t template_bytes_max = 1'024;
inline constexpr std::size_t template_nesting_max = 8;
inline constexpr std::size_t template_parts_max = 256;
inline constexpr std::size_t template_pattern_bytes_max = 64UL * 1024;  // that it makes

inline constexpr std::size_t sidecar_bytes_max = 256UL * 1024;
inline constexpr std::size_t google_html_bytes_max = 1024UL * 1024;
inline constexpr std::size_t apple_transcript_bytes_max = 16UL * 1024 * 1024;
inline constexpr std::size_t apple_words_max = 200'000;

// A recording and an entry of a log of calls are of one call when they began so close together.
inline constexpr Nanos call_log_apart_max = minutes(3);

}  // namespace nk::limits
