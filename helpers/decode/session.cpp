#include "session.h"

#include "base/limits.h"

namespace nk::helper {

using sound::helper::Message;
using sound::helper::Request;
using sound::helper::Status;
using sound::helper::Verb;

namespace {

Status status_of(const Error& error) {
    return error.code == Code::unsupported ? Status::unsupported
           : error.code == Code::limit     ? Status::limit
                                           : Status::malformed;
}

}  // namespace

Session::Session() : decoders_(limits::helper_decoders_max) {
    samples_.reserve(limits::samples_per_packet_max);
}

Result<std::uint32_t> Session::open(const Request& request) {
    auto& slot = decoders_[request.handle];
    slot.reset();
    NK_TAKE(const auto codec, sound::helper::read_codec(request.body));
    NK_TAKE(auto decoder, StreamDecoder::open(codec));
    slot = std::make_unique<StreamDecoder>(std::move(decoder));
    return slot->rate_hz();
}

Result<void> Session::decode(const Request& request) {
    const auto& decoder = decoders_[request.handle];
    if (!decoder)
        return refuse(Code::malformed, Blame::ourselves, "no such decoder is open");
    return decoder->decode(request.body, frames_, samples_);
}

void Session::answer(const Request& request, Message& reply) {
    reply.clear();
    if (request.verb == Verb::close) {
        decoders_[request.handle].reset();
    } else if (request.verb == Verb::open) {
        if (const auto rate_hz = open(request))
            sound::helper::write_opened(request.handle, *rate_hz, reply);
        else
            sound::helper::write_refusal(request.handle, status_of(rate_hz.error()),
                                         rate_hz.error().what, reply);
    } else {
        if (const auto decoded = decode(request))
            sound::helper::write_samples(request.handle, samples_, reply);
        else
            sound::helper::write_refusal(request.handle, status_of(decoded.error()),
                                         decoded.error().what, reply);
    }
}

}  // namespace nk::helper
