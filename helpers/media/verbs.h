#pragma once
// What is asked of a file on standard input; each answers on standard output, to the last piece.

#include "base/media_protocol.h"
#include "base/result.h"

namespace nk::media {

Result<void> look(const media_protocol::Request& request);
Result<void> decode(const media_protocol::Request& request);
Result<void> wrap_anew(const media_protocol::Request& request);
Result<void> unpack();

}  // namespace nk::media
