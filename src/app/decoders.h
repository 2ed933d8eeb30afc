#pragma once
// Our own decoders first; what they do not know goes to the helper process, which is started when
// it is first needed.

#include "host/child_process.h"
#include "sound/codec.h"
#include "sound/helper_decoder.h"

namespace nk::app {

class AllDecoders : public sound::DecoderMaker {
public:
    AllDecoders() : helper_([] { return start(); }) {}
    Result<std::unique_ptr<sound::Decoder>> make(const sound::Codec& codec) override {
        auto own = own_.make(codec);
        if (own || own.error().code != Code::unsupported)
            return own;
        return helper_.make(codec);
    }

private:
    static Result<std::unique_ptr<Pipe>> start() {
        NK_TAKE(const auto program, host::find_helper());
        NK_TAKE(auto child, host::start_child(program, {}));
        return child;
    }
    sound::OwnDecoders own_;
    sound::HelperDecoders helper_;
};

}  // namespace nk::app
