#pragma once
// What a codec is to us: a name, a clock, and something that turns one payload into samples.
//
// Samples are 16-bit signed, native byte order, one channel. Decoders carry state from packet to
// packet and must be given packets in sequence order.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace nk::sound {

using Samples = std::vector<std::int16_t>;

// One encoding as SDP names it (RFC 8866 6.6). clock_hz is RTP's clock, which is not always the
// sample rate: G722 counts 8000 and samples at 16000 (RFC 3551 4.5.2).
struct Codec {
    std::string name;  // canonical spelling: PCMU PCMA G722 G729 G723 GSM iLBC speex opus AMR
                       // AMR-WB G726-32 L16 ...
    std::uint32_t clock_hz = 8000;
    std::uint32_t channels = 1;
    std::string fmtp;
    bool operator==(const Codec&) const = default;
};

// The spelling used everywhere in Naklank for an encoding name in any case; the name itself when
// unknown.
std::string canonical_name(std::string_view encoding);

// The rate its samples come out at; 0 when we have no decoder for it.
std::uint32_t sample_rate_hz(const Codec& codec);

// How many ticks of the RTP clock a payload lasts, read off the payload itself; 0 when that cannot
// be told without decoding, and when the payload is none of its codec's.
std::uint32_t payload_ticks(const Codec& codec, Bytes payload);

// False when these bytes cannot be a payload of this codec: encrypted, cut, or another codec's.
// True says little for the sample-based codecs, which take any bytes.
bool payload_fits(const Codec& codec, Bytes payload);

// Whether there is nothing but silence in it: SID frames, frames marked absent, Opus DTX.
bool payload_is_silence(const Codec& codec, Bytes payload);

class Decoder {
public:
    virtual ~Decoder() = default;
    // Appends the samples of one payload to `out`. An error leaves `out` as it was; the next packet
    // may be tried.
    virtual Result<void> decode(Bytes payload, Samples& out) = 0;
    [[nodiscard]] virtual std::uint32_t rate_hz() const = 0;
};

class DecoderMaker {
public:
    virtual ~DecoderMaker() = default;
    // Code::unsupported when there is no decoder for this codec here.
    virtual Result<std::unique_ptr<Decoder>> make(const Codec& codec) = 0;
};

// G.711, L16 and Opus, in this process. Everything else is Code::unsupported here and lives in the
// helper (sound/helper_decoder.h).
class OwnDecoders : public DecoderMaker {
public:
    Result<std::unique_ptr<Decoder>> make(const Codec& codec) override;
};

}  // namespace nk::sound
