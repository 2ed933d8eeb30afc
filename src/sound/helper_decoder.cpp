#include "sound/helper_decoder.h"

#include <string>
#include <vector>

#include "base/limits.h"
#include "sound/helper_protocol.h"

namespace nk::sound {

// The one helper that all decoders of a HelperDecoders share. Not for two threads at once.
struct HelperDecoders::Shared {
    explicit Shared(Start how) : start(std::move(how)) {}

    // Starts a helper when there is none.
    Result<void> ensure();
    // Sends `message`; on an error the helper was gone before, through no fault of the message.
    Result<void> send();
    // Reads the answer's head and body; on an error the helper has ended over it, or is given up.
    Result<helper::ReplyHead> answer(std::uint32_t handle);
    // What the helper answered when it did not do what it was asked.
    [[nodiscard]] tl::unexpected<Error> refusal(const helper::ReplyHead& reply) const;
    Result<std::uint32_t> take_handle();
    void give_back(std::uint32_t handle, std::uint64_t opened_in);

    Start start;
    std::unique_ptr<Pipe> pipe;
    std::uint64_t generation = 0;     // which helper this is, counted from 1
    std::size_t starts_in_a_row = 0;  // without a packet decoded since
    std::vector<std::uint32_t> free_handles;
    std::uint32_t handles_used = 0;
    helper::Message message;
    std::vector<std::uint8_t> body;

private:
    Result<helper::ReplyHead> receive(std::uint32_t handle);
    tl::unexpected<Error> gone(Error error);
};

namespace {

class HelperDecoder : public Decoder {
public:
    HelperDecoder(std::shared_ptr<HelperDecoders::Shared> shared, Codec codec, std::uint32_t handle)
        : shared_(std::move(shared)), codec_(std::move(codec)), handle_(handle) {}
    ~HelperDecoder() override { shared_->give_back(handle_, opened_in_); }
    HelperDecoder(const HelperDecoder&) = delete;
    HelperDecoder& operator=(const HelperDecoder&) = delete;

    Result<void> open();
    Result<void> decode(Bytes payload, Samples& out) override;
    [[nodiscard]] std::uint32_t rate_hz() const override { return rate_hz_; }

private:
    Result<helper::ReplyHead> answer();
    Result<void> send_payload(Bytes payload);

    std::shared_ptr<HelperDecoders::Shared> shared_;
    Codec codec_;
    std::uint32_t handle_;
    std::uint32_t rate_hz_ = 0;
    std::uint64_t opened_in_ = 0;  // the generation of helper that knows this decoder; 0 is none
    std::size_t deaths_ = 0;       // helpers that ended over a packet of ours
};

Result<helper::ReplyHead> HelperDecoder::answer() {
    auto reply = shared_->answer(handle_);
    if (!reply)
        ++deaths_;
    return reply;
}

// Makes the running helper know this decoder.
Result<void> HelperDecoder::open() {
    NK_TRY(shared_->ensure());
    if (opened_in_ == shared_->generation)
        return {};
    helper::write_open(handle_, codec_, shared_->message);
    NK_TRY(shared_->send());
    NK_TAKE(const auto reply, answer());
    if (reply.status != helper::Status::done)
        return shared_->refusal(reply);
    NK_TAKE(const auto rate_hz, helper::read_rate(shared_->body));
    // After a restart it is the same decoder to everyone above, so it has the same rate.
    if (rate_hz_ != 0 && rate_hz != rate_hz_)
        return refuse(Code::broken, Blame::ourselves, "the decode helper changed a sample rate");
    rate_hz_ = rate_hz;
    opened_in_ = shared_->generation;
    return {};
}

Result<void> HelperDecoder::send_payload(Bytes payload) {
    NK_TRY(open());
    helper::write_decode(handle_, payload, shared_->message);
    return shared_->send();
}

Result<void> HelperDecoder::decode(Bytes payload, Samples& out) {
    if (payload.empty() || payload.size() > limits::helper_payload_bytes_max)
        return refuse(Code::malformed, Blame::peer, "payload of a size that no packet has");
    if (deaths_ >= limits::helper_deaths_per_decoder_max)
        return refuse(Code::limit, Blame::peer,
                      "this stream has ended the decode helper too often");
    // A helper that was killed since the last packet shows when the next one is sent: that packet
    // is not to blame and gets a second try.
    if (!send_payload(payload))
        NK_TRY(send_payload(payload));
    NK_TAKE(const auto reply, answer());
    shared_->starts_in_a_row = 0;
    if (reply.status != helper::Status::done)
        return shared_->refusal(reply);
    return helper::read_samples(shared_->body, out);
}

}  // namespace

Result<void> HelperDecoders::Shared::ensure() {
    if (pipe)
        return {};
    if (starts_in_a_row >= limits::helper_restarts_in_a_row_max)
        return refuse(Code::limit, Blame::ourselves,
                      "the decode helper keeps ending and is not started again");
    ++starts_in_a_row;
    NK_TAKE(pipe, start());
    ++generation;
    return {};
}

tl::unexpected<Error> HelperDecoders::Shared::gone(Error error) {
    pipe.reset();
    error.what = "the decode helper ended: " + error.what;
    return tl::unexpected(std::move(error));
}

Result<void> HelperDecoders::Shared::send() {
    auto sent = pipe->send(message);
    return sent ? sent : gone(std::move(sent.error()));
}

Result<helper::ReplyHead> HelperDecoders::Shared::receive(std::uint32_t handle) {
    helper::Head head{};
    NK_TRY(pipe->receive(head));
    NK_TAKE(const auto reply, helper::read_reply_head(head));
    if (reply.handle != handle)
        return refuse(Code::malformed, Blame::ourselves, "a reply to another request");
    body.resize(reply.body_bytes);
    NK_TRY(pipe->receive(body));
    return reply;
}

Result<helper::ReplyHead> HelperDecoders::Shared::answer(std::uint32_t handle) {
    auto reply = receive(handle);
    return reply ? reply : gone(std::move(reply.error()));
}

tl::unexpected<Error> HelperDecoders::Shared::refusal(const helper::ReplyHead& reply) const {
    const auto code = reply.status == helper::Status::unsupported ? Code::unsupported
                      : reply.status == helper::Status::limit     ? Code::limit
                                                                  : Code::malformed;
    return refuse(code, Blame::peer, std::string(as_text(body)));
}

Result<std::uint32_t> HelperDecoders::Shared::take_handle() {
    if (!free_handles.empty()) {
        const auto handle = free_handles.back();
        free_handles.pop_back();
        return handle;
    }
    if (handles_used >= limits::helper_decoders_max)
        return refuse(Code::limit, Blame::ourselves, "the decode helper has no room for one more");
    return handles_used++;
}

// A close that cannot be sent needs no answer: the helper that knew the handle is gone.
void HelperDecoders::Shared::give_back(std::uint32_t handle, std::uint64_t opened_in) {
    free_handles.push_back(handle);
    if (!pipe || opened_in != generation)
        return;
    helper::write_close(handle, message);
    (void)send();
}

HelperDecoders::HelperDecoders(Start start) : shared_(std::make_shared<Shared>(std::move(start))) {}

HelperDecoders::~HelperDecoders() = default;

Result<std::unique_ptr<Decoder>> HelperDecoders::make(const Codec& codec) {
    if (sample_rate_hz(codec) == 0)  // the helper would say the same
        return refuse(Code::unsupported, Blame::peer, "no decoder for " + codec.name);
    if (codec.name.size() + codec.fmtp.size() > limits::helper_codec_bytes_max)
        return refuse(Code::unsupported, Blame::peer, "a codec described at too great length");
    NK_TAKE(const auto handle, shared_->take_handle());
    auto decoder = std::make_unique<HelperDecoder>(shared_, codec, handle);
    auto opened = decoder->open();
    if (!opened && !shared_->pipe)  // it had been killed since it was last asked
        opened = decoder->open();
    NK_TRY(std::move(opened));
    return decoder;
}

}  // namespace nk::sound
