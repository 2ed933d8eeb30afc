#pragma once
// Listens to all calls and makes a recording of each: one CallRecorder per call with media.

#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "call/ear.h"
#include "recording/call_recorder.h"

namespace nk::recording {

struct RecorderCounts {
    std::uint64_t sealed = 0;
    std::uint64_t failed = 0;  // calls whose recording could not be kept
};

class Recorder : public call::Ear {
public:
    using Sealed = std::function<void(const RecordingFacts&)>;
    using Failed = std::function<void(const call::Call&, const Error&)>;
    Recorder(Shelf& shelf, sound::DecoderMaker& decoders, const Clock& clock, CallOptions options,
             Sealed sealed, Failed failed);
    ~Recorder() override;

    void hears(call::Call& call, call::Track& track, const call::MediaPacket& packet) override;
    void learns(call::Call& call, call::Track& track, MonoTime now) override;
    void ends(call::Call& call, MonoTime now) override;
    void passes(MonoTime now) override;
    [[nodiscard]] const RecorderCounts& counts() const { return counts_; }
    // Packets that the capture dropped are charged to every call in progress.
    void dropped(std::uint64_t packets, MonoTime now);

private:
    CallRecorder* recorder_of(call::Call& call, MonoTime now);

    Shelf& shelf_;
    sound::DecoderMaker& decoders_;
    const Clock& clock_;
    CallOptions options_;
    Sealed sealed_;
    Failed failed_;
    std::vector<std::int16_t> scratch_;
    std::vector<std::unique_ptr<CallRecorder>> by_slot_;
    std::vector<bool> gave_up_;  // by slot: its desk could not be had; said once
    RecorderCounts counts_;
};

}  // namespace nk::recording
