#include "sound/helper_protocol.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace nk::sound::helper {

namespace {

constexpr std::size_t open_fixed_bytes = 10;

// Makes `out` a head and room for the body, and gives that room.
std::uint8_t* begin(std::uint8_t what, std::uint32_t handle, std::size_t body_bytes, Message& out) {
    out.resize(head_bytes + body_bytes);
    put_be32(out.data(), static_cast<std::uint32_t>(body_bytes));
    out[4] = what;
    put_be32(out.data() + 5, handle);
    return out.data() + head_bytes;
}

tl::unexpected<Error> bad(const char* what) {
    return refuse(Code::malformed, Blame::ourselves, what);
}

}  // namespace

void write_open(std::uint32_t handle, const Codec& codec, Message& out) {
    const std::size_t name_bytes = codec.name.size();
    NK_CHECK(name_bytes + codec.fmtp.size() <= limits::helper_codec_bytes_max);
    auto* body = begin(static_cast<std::uint8_t>(Verb::open), handle,
                       open_fixed_bytes + name_bytes + codec.fmtp.size(), out);
    put_be32(body, codec.clock_hz);
    put_be32(body + 4, codec.channels);
    put_be16(body + 8, static_cast<std::uint16_t>(name_bytes));
    auto* after = std::copy(codec.name.begin(), codec.name.end(), body + open_fixed_bytes);
    std::copy(codec.fmtp.begin(), codec.fmtp.end(), after);
}

void write_decode(std::uint32_t handle, Bytes payload, Message& out) {
    NK_CHECK(payload.size() <= request_body_bytes_max);
    auto* body = begin(static_cast<std::uint8_t>(Verb::decode), handle, payload.size(), out);
    std::copy(payload.begin(), payload.end(), body);
}

void write_close(std::uint32_t handle, Message& out) {
    begin(static_cast<std::uint8_t>(Verb::close), handle, 0, out);
}

void write_opened(std::uint32_t handle, std::uint32_t rate_hz, Message& out) {
    put_be32(begin(static_cast<std::uint8_t>(Status::done), handle, 4, out), rate_hz);
}

void write_samples(std::uint32_t handle, std::span<const std::int16_t> samples, Message& out) {
    NK_CHECK(samples.size_bytes() <= reply_body_bytes_max);
    auto* body = begin(static_cast<std::uint8_t>(Status::done), handle, samples.size_bytes(), out);
    if (!samples.empty())
        std::memcpy(body, samples.data(), samples.size_bytes());
}

void write_refusal(std::uint32_t handle, Status status, std::string_view why, Message& out) {
    constexpr std::size_t why_bytes_max = 200;
    why = why.substr(0, why_bytes_max);
    auto* body = begin(static_cast<std::uint8_t>(status), handle, why.size(), out);
    std::copy(why.begin(), why.end(), body);
}

Result<std::optional<Request>> read_request(Bytes bytes) {
    if (bytes.size() < head_bytes)
        return std::nullopt;
    const std::size_t body_bytes = be32(bytes.data());
    const auto verb = bytes[4];
    const auto handle = be32(bytes.data() + 5);
    if (verb < static_cast<std::uint8_t>(Verb::open) ||
        verb > static_cast<std::uint8_t>(Verb::close))
        return bad("a request with an unknown verb");
    if (body_bytes > request_body_bytes_max)
        return bad("a request larger than a packet can be");
    if (handle >= limits::helper_decoders_max)
        return bad("a request for a handle beyond the last");
    if (bytes.size() - head_bytes < body_bytes)
        return std::nullopt;
    return Request{.verb = static_cast<Verb>(verb),
                   .handle = handle,
                   .body = bytes.subspan(head_bytes, body_bytes),
                   .bytes = head_bytes + body_bytes};
}

Result<Codec> read_codec(Bytes body) {
    if (body.size() < open_fixed_bytes)
        return bad("an open request shorter than its fixed part");
    const std::size_t name_bytes = be16(body.data() + 8);
    const auto text = as_text(body.subspan(open_fixed_bytes));
    if (text.size() > limits::helper_codec_bytes_max || name_bytes > text.size())
        return bad("an open request whose sizes do not add up");
    return Codec{.name = std::string(text.substr(0, name_bytes)),
                 .clock_hz = be32(body.data()),
                 .channels = be32(body.data() + 4),
                 .fmtp = std::string(text.substr(name_bytes))};
}

Result<ReplyHead> read_reply_head(const Head& head) {
    const ReplyHead reply{.status = static_cast<Status>(head[4]),
                          .handle = be32(head.data() + 5),
                          .body_bytes = be32(head.data())};
    if (head[4] > static_cast<std::uint8_t>(Status::limit))
        return bad("a reply with an unknown status");
    if (reply.body_bytes > reply_body_bytes_max)
        return bad("a reply larger than any packet's samples");
    return reply;
}

Result<std::uint32_t> read_rate(Bytes body) {
    if (body.size() != 4)
        return bad("a reply to open without a sample rate");
    const auto rate_hz = be32(body.data());
    if (rate_hz < limits::sample_rate_hz_min || rate_hz > limits::sample_rate_hz_max)
        return bad("a reply to open with a sample rate that no codec has");
    return rate_hz;
}

Result<void> read_samples(Bytes body, Samples& out) {
    if (body.size() % sizeof(std::int16_t) != 0)
        return bad("a reply to decode that ends within a sample");
    const std::size_t before = out.size();
    out.resize(before + body.size() / sizeof(std::int16_t));
    if (!body.empty())
        std::memcpy(out.data() + before, body.data(), body.size());
    return {};
}

}  // namespace nk::sound::helper
