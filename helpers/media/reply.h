#pragma once
// Pieces of an answer on standard output (base/media_protocol.h). Who cannot be answered any more
// is gone, and so is the process.

#include "base/bytes.h"
#include "base/media_protocol.h"
#include "base/result.h"

namespace nk::media {

void say(media_protocol::Piece piece, Bytes body = {});
void say_failed(const Error& error);

}  // namespace nk::media
