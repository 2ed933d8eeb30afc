#pragma once
// Decoders that live in another process: the protocol's client side. The process is reached through
// a Pipe, which host/ makes; a helper that dies is started again and the packet it died of is
// reported as undecodable.

#include <cstdint>
#include <functional>
#include <memory>

#include "base/pipe.h"
#include "sound/codec.h"

namespace nk::sound {

class HelperDecoders : public DecoderMaker {
public:
    // `start` starts one helper process and gives its pipe; called again after a helper has died.
    using Start = std::function<Result<std::unique_ptr<Pipe>>()>;
    explicit HelperDecoders(Start start);
    ~HelperDecoders() override;
    Result<std::unique_ptr<Decoder>> make(const Codec& codec) override;

    struct Shared;

private:
    std::shared_ptr<Shared> shared_;
};

}  // namespace nk::sound
