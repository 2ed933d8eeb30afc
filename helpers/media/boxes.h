#pragma once
// The boxes of an MP4 file (ISO/IEC 14496-12), as far as a transcript hides in them.

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace nk::media {

// Up to out.size() bytes from an offset on; fewer only at the end.
using ReadAt = std::function<std::size_t(std::uint64_t offset, std::span<std::uint8_t> out)>;

// The body of the first moov/trak/udta/tsrp; empty when there is none, or it is too large.
std::string transcript_in(const ReadAt& read, std::uint64_t file_bytes);

}  // namespace nk::media
