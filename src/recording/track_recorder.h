#pragma once
// One track while its call runs: its streams (one per SSRC), its ledger, its key presses.

#include <array>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "call/media.h"
#include "recording/ledger.h"
#include "recording/media_marks.h"
#include "recording/rtpdump.h"
#include "recording/shelf.h"
#include "recording/stream.h"
#include "wire/srtp.h"

namespace nk::recording {

struct TrackOptions {
    std::size_t party = 0;
    bool is_mixed = false;
    std::size_t channel = 0;
    std::string label;
    std::size_t index = 0;     // Track::index
    TimeLine* line = nullptr;  // the call's
    Drops* drops = nullptr;    // the call's
    WallTime zero_wall;
    Ticks floor =
        std::numeric_limits<Ticks>::min() / 2;  // written up to here before the track was heard
};

// A key press (RFC 4733) with its place on the time line.
struct TrackKey {
    std::uint8_t event = 0;
    Ticks at = 0;
    double duration_ms = 0;
};

class TrackRecorder : public StreamHome {
public:
    TrackRecorder(TrackOptions options, sound::DecoderMaker& decoders, Desk& desk);

    void take(const call::Track& track, const call::MediaPacket& packet);
    void learn(const call::Track& track);
    void advance(MonoTime now);
    void finish();

    // Nothing of this track will be placed before this any more; `otherwise` when no stream is
    // awaited.
    [[nodiscard]] Ticks settled(MonoTime now, Ticks otherwise) const;
    // Adds its sound in [from, to) to its channel.
    void emit(Ticks from, Ticks to, std::uint32_t rate_hz, std::span<std::int16_t> out,
              std::size_t channels);

    [[nodiscard]] std::uint32_t rate_hz()
        const;  // the highest of its decodable codecs; 0 when none
    [[nodiscard]] std::size_t channel() const { return options_.channel; }
    [[nodiscard]] std::size_t party() const { return options_.party; }
    [[nodiscard]] bool is_mixed() const { return options_.is_mixed; }
    [[nodiscard]] const Ledger& read_ledger() const { return ledger_; }
    [[nodiscard]] const std::vector<TrackKey>& keys() const { return keys_; }
    [[nodiscard]] std::map<std::string, std::pair<std::uint64_t, MonoTime>>& oddities() {
        return oddities_;
    }

    // Requires finish(). The gaps are counted in samples of a file that begins at `from` and has
    // `rate_hz`.
    Result<TrackFacts> facts(Ticks from, Ticks to, std::uint32_t rate_hz);
    // Writes out what is kept of undecodable payloads; the name of the file, or empty.
    Result<std::string> close_payloads();

private:
    Ledger& ledger() override { return ledger_; }
    Use& use(std::size_t index) override { return uses_[index]; }
    sound::DecoderMaker& decoders() override { return decoders_; }
    void note(std::string_view oddity, MonoTime at) override;
    void keep_payload(const call::MediaPacket& packet) override;
    void press(std::uint32_t ssrc, std::int64_t timestamp, Ticks at, Bytes event,
               std::uint32_t clock_hz) override;
    bool take_hold() override;
    std::vector<Missing> why_missing(std::uint64_t packets, MonoTime before,
                                     MonoTime after) override;
    [[nodiscard]] Ticks floor() const override { return floor_; }

    std::size_t use_of(const call::Track& track, std::uint8_t payload_type);
    Stream* stream_of(std::uint32_t ssrc, MonoTime now);
    Stream* open_stream(std::uint32_t ssrc, MonoTime now);
    void end_old_streams(MonoTime now);
    void end_stream(std::size_t place);
    void restart(Stream& old, const call::MediaPacket& packet, std::size_t use);
    call::MediaPacket unlock(const call::Track& track, const call::MediaPacket& packet);
    void place(const call::Track& track, const call::MediaPacket& packet);

    TrackOptions options_;
    sound::DecoderMaker& decoders_;
    Desk& desk_;
    Ledger ledger_;
    MediaMarks marks_;
    std::deque<Use> uses_;
    std::array<std::int16_t, 128> use_by_type_{};
    std::vector<std::unique_ptr<Stream>> streams_;
    std::deque<SoundQueue> ended_;  // what ended streams still have to be written
    Stream* last_ = nullptr;
    std::vector<std::uint32_t> ssrcs_;
    std::unique_ptr<RtpDump> payloads_;
    std::string payload_file_;
    std::map<std::string, std::pair<std::uint64_t, MonoTime>> oddities_;
    std::vector<TrackKey> keys_;
    std::map<std::pair<std::uint32_t, std::int64_t>, std::size_t> key_by_start_;
    Result<void> trouble_;
    Ticks floor_ = 0;
    bool on_hold_ = false;
    bool was_on_hold_ = false;
    wire::SrtpReceiver srtp_;
    std::map<wire::SrtpSuite, std::uint64_t> unlocked_;  // packets
};

}  // namespace nk::recording
