#include "recording/recorder.h"

#include <utility>

#include "base/limits.h"

namespace nk::recording {

Recorder::Recorder(Shelf& shelf, sound::DecoderMaker& decoders, const Clock& clock,
                   CallOptions options, Sealed sealed, Failed failed)
    : shelf_(shelf),
      decoders_(decoders),
      clock_(clock),
      options_(std::move(options)),
      sealed_(std::move(sealed)),
      failed_(std::move(failed)) {}

Recorder::~Recorder() = default;

CallRecorder* Recorder::recorder_of(call::Call& call, MonoTime now) {
    if (call.slot >= by_slot_.size()) {
        by_slot_.resize(call.slot + 1);
        gave_up_.resize(call.slot + 1, false);
    }
    auto& recorder = by_slot_[call.slot];
    if (recorder || gave_up_[call.slot])
        return recorder.get();
    auto desk = shelf_.begin(call.wall_of(now));
    if (!desk) {
        gave_up_[call.slot] = true;
        ++counts_.failed;
        failed_(call, desk.error());
        return nullptr;
    }
    recorder = std::make_unique<CallRecorder>(options_, decoders_, scratch_, std::move(*desk), now,
                                              call.wall_of(now));
    return recorder.get();
}

void Recorder::hears(call::Call& call, call::Track& track, const call::MediaPacket& packet) {
    auto* recorder = recorder_of(call, packet.arrival);
    if (recorder == nullptr)
        return;
    recorder->hears(track, packet);
    if (packet.arrival - recorder->last_emit() >= limits::emit_every)
        recorder->emit(packet.arrival);
    if (!recorder->trouble()) {
        ++counts_.failed;
        failed_(call, recorder->trouble().error());
        by_slot_[call.slot].reset();
        gave_up_[call.slot] = true;
    }
}

void Recorder::learns(call::Call& call, call::Track& track, MonoTime) {
    if (call.slot < by_slot_.size() && by_slot_[call.slot])
        by_slot_[call.slot]->learns(track);
}

void Recorder::passes(MonoTime now) {
    for (const auto& recorder : by_slot_)
        if (recorder && now - recorder->last_emit() >= 2 * limits::emit_every)
            recorder->emit(now);
}

void Recorder::ends(call::Call& call, MonoTime now) {
    if (call.slot < gave_up_.size() && gave_up_[call.slot]) {
        gave_up_[call.slot] = false;
        return;
    }
    if (call.media_packets == 0 && !(call.answered && call.invited))
        return;  // nobody answered, or one stray reply is all there is: no call was seen
    auto* recorder = recorder_of(call, call.media_packets > 0 ? now : call.began);
    if (recorder == nullptr) {
        gave_up_[call.slot] = false;
        return;
    }
    auto facts = recorder->seal(call, clock_.wall());
    by_slot_[call.slot].reset();
    if (!facts) {
        ++counts_.failed;
        failed_(call, facts.error());
        return;
    }
    ++counts_.sealed;
    sealed_(*facts);
}

void Recorder::dropped(std::uint64_t packets, MonoTime now) {
    for (const auto& recorder : by_slot_)
        if (recorder)
            recorder->dropped(packets, now);
}

}  // namespace nk::recording
