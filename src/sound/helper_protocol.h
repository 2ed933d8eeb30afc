#pragma once
// What the recorder and its decode helper say to each other: requests over the helper's standard
// input, replies over its standard output. Both sides use this file; both sides check what they
// read.
//
// Every message is a head of 9 octets and a body; numbers are big-endian, except samples, which are
// in the machine's own order (both sides run on it).
//
//   octets  request                     reply
//   0-3     size of the body            size of the body
//   4       verb                        status
//   5-8     handle                      handle, as in the request
//   9-      body                        body
//
//   open    handle: chosen by the asker, below limits::helper_decoders_max; one in use is replaced
//           body: clock (4), channels (4), size of the name (2), name, fmtp
//           reply: done with the sample rate (4); refused, unsupported
//   decode  body: the payload of one RTP packet
//           reply: done with the samples (2 each); refused
//   close   no body, and no reply
//
// A reply that is not `done` has a sentence as its body. Whoever sees a message that breaks these
// rules ends the talk.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "sound/codec.h"

namespace nk::sound::helper {

enum class Verb : std::uint8_t { open = 1, decode = 2, close = 3 };
enum class Status : std::uint8_t {
    done = 0,
    malformed = 1,    // this payload cannot be decoded; the next may be
    unsupported = 2,  // no decoder for this codec
    limit = 3,        // too many decoders, or no memory for one more
};

inline constexpr std::size_t head_bytes = 9;
inline constexpr std::size_t request_body_bytes_max = limits::helper_payload_bytes_max;
inline constexpr std::size_t reply_body_bytes_max =
    limits::samples_per_packet_max * sizeof(std::int16_t);

using Message = std::vector<std::uint8_t>;
using Head = std::array<std::uint8_t, head_bytes>;

// Each of these replaces `out` by one whole message.
void write_open(std::uint32_t handle, const Codec& codec, Message& out);
void write_decode(std::uint32_t handle, Bytes payload, Message& out);
void write_close(std::uint32_t handle, Message& out);
void write_opened(std::uint32_t handle, std::uint32_t rate_hz, Message& out);
void write_samples(std::uint32_t handle, std::span<const std::int16_t> samples, Message& out);
void write_refusal(std::uint32_t handle, Status status, std::string_view why, Message& out);

struct Request {
    Verb verb = Verb::close;
    std::uint32_t handle = 0;
    Bytes body;             // into the bytes that were read
    std::size_t bytes = 0;  // of the whole message
};
// The request at the start of `bytes`; nothing when it is not complete yet. An error ends the talk.
Result<std::optional<Request>> read_request(Bytes bytes);
// The codec of an open request's body.
Result<Codec> read_codec(Bytes body);

struct ReplyHead {
    Status status = Status::malformed;
    std::uint32_t handle = 0;
    std::size_t body_bytes = 0;
};
Result<ReplyHead> read_reply_head(const Head& head);
// The rate in the body of an open's reply: one that a decoder of ours can have.
Result<std::uint32_t> read_rate(Bytes body);
// Appends the samples in the body of a decode's reply.
Result<void> read_samples(Bytes body, Samples& out);

}  // namespace nk::sound::helper
