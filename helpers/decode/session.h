#pragma once
// The helper's side of the talk, without the pipe: a request in, a reply out.

#include <memory>
#include <vector>

#include "sound/helper_protocol.h"
#include "stream_decoder.h"

namespace nk::helper {

class Session {
public:
    Session();
    // Replaces `reply`, which is empty when the request wants none.
    void answer(const sound::helper::Request& request, sound::helper::Message& reply);

private:
    Result<std::uint32_t> open(const sound::helper::Request& request);
    Result<void> decode(const sound::helper::Request& request);

    std::vector<std::unique_ptr<StreamDecoder>> decoders_;  // by handle
    sound::CodedFrames frames_;
    sound::Samples samples_;
};

}  // namespace nk::helper
