#pragma once
// One call while it runs: brings its tracks onto one time line and writes the sound as it becomes
// certain.
//
// The file's rate and channels are not known before the call is over (a codec may change, a party
// may join), so sound is written in segments, each with the rate and channels needed then; finish()
// joins them. Nearly all calls have one segment, which simply is the file.

#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/meter.h"
#include "base/result.h"
#include "call/media.h"
#include "call/story.h"
#include "recording/drops.h"
#include "recording/facts.h"
#include "recording/shelf.h"
#include "recording/track_recorder.h"
#include "sound/flac.h"

namespace nk::recording {

struct CallOptions {
    purpose::Purpose purpose = purpose::Purpose::wording;
    purpose::Basis basis = purpose::Basis::capture_file;
    purpose::Door door = purpose::Door::tap;
    sound::FlacOptions flac;
    Meter* meter = nullptr;
};

class CallRecorder {
public:
    // `scratch` is room to work in, shared by all calls of one strand.
    CallRecorder(const CallOptions& options, sound::DecoderMaker& decoders,
                 std::vector<std::int16_t>& scratch, std::unique_ptr<Desk> desk, MonoTime zero,
                 WallTime zero_wall);
    ~CallRecorder();

    void hears(const call::Track& track, const call::MediaPacket& packet);
    void learns(const call::Track& track);
    // This machine dropped packets while the call ran. To be told before the packets that came
    // after it: what was already told as lost stays so.
    void dropped(const Drop& drop) { drops_.add(drop); }
    // Writes what is certain by now. Cheap when there is little.
    void emit(MonoTime now);
    // The call is over: writes the rest of its sound. No packet comes after it.
    Result<void> end_sound();
    // Between the two: what FLAC's MD5 is still to be taken of, when somebody else would rather
    // take it (sound/flac.h); empty when nobody needs to.
    [[nodiscard]] Bytes unsummed() const;
    void summed(const Md5& sum);
    // Requires: end_sound(). Joins, hashes and describes; it is the shelf that publishes what comes
    // of it.
    Result<Finished> finish(call::Story& story, WallTime sealed_at);

    // The first error of the disk, if any; the call is lost from then on, and nothing more of it is
    // written.
    [[nodiscard]] const Result<void>& trouble() const { return trouble_; }
    [[nodiscard]] MonoTime last_emit() const { return last_emit_; }

private:
    struct Segment {
        std::string name;
        std::unique_ptr<File> file;
        std::unique_ptr<sound::FlacWriter> writer;
        sound::FlacShape shape;
        std::uint64_t frames = 0;
    };
    TrackRecorder& recorder_of(const call::Track& track);
    Result<void> write(Ticks until);
    Result<void> fit_segment();
    Result<void> close_segment(const sound::FlacTags& tags);
    Result<AudioFacts> make_audio(const sound::FlacTags& tags);
    Result<void> join(const sound::FlacShape& shape, const sound::FlacTags& tags);
    [[nodiscard]] sound::FlacShape needed_shape() const;
    [[nodiscard]] Ticks first() const;
    [[nodiscard]] Ticks end() const;
    void gather(RecordingFacts& facts, call::Story& story);
    [[nodiscard]] bool is_one_sided() const;
    Result<void> write_documents(RecordingFacts& facts, const call::Story& story);
    void tell_drops(RecordingFacts& facts, call::Story& story);

    CallOptions options_;
    sound::DecoderMaker& decoders_;
    std::unique_ptr<Desk> desk_;
    std::vector<std::int16_t>& window_;
    TimeLine line_;  // ticks count from its zero
    WallTime zero_wall_;
    std::vector<std::unique_ptr<TrackRecorder>> tracks_;  // by Track::index
    std::vector<Segment> segments_;
    bool begun_ = false;
    Ticks from_ = 0;  // of the first sample of the file
    Ticks done_ = 0;  // written so far
    MonoTime last_emit_;
    Drops drops_;
    Result<void> trouble_;
};

}  // namespace nk::recording
