#pragma once
// The sound of a recording as Ogg Opus, made while it is sent: its length is known at its end
// alone, and no part of it can be asked for by bytes.

#include <memory>

#include "base/disk.h"
#include "base/http.h"
#include "base/result.h"
#include "listener/sound_body.h"

namespace nk::listener {

// `sent` is told of frames of the recording. At most two channels: further ones are left out.
Result<std::unique_ptr<HttpBody>> opus_body(std::unique_ptr<File> flac, const SoundPart& part,
                                            Sent sent);

}  // namespace nk::listener
