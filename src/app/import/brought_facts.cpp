#include "app/import/brought_facts.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace nk::app {

namespace {

using recording::RecordingFacts;

constexpr std::uint32_t channels_max = limits::tracks_per_call_max;

recording::TrackFacts track_of(const MediaFacts& media, std::uint32_t number, std::size_t party,
                               bool is_mixed) {
    recording::TrackFacts track;
    track.number = number;
    track.party = party;
    track.is_mixed = is_mixed;
    track.codec = media.codec;
    track.codecs = {{media.codec, media.rate_hz, media.rate_hz, 0, media.packets}};
    track.rate_hz = media.rate_hz;
    track.sound_to = media.frames;
    return track;
}

}  // namespace

bool keeps_sides_apart(const call::Known& known, const MediaFacts& media) {
    return media.channels == 2 && known.recorder == "bcr" && !known.is_message;
}

RecordingFacts facts_of_brought(const Taken& taken, const std::vector<call::Finding>& findings,
                                const BroughtFor& why) {
    const auto known = call::know(findings);
    RecordingFacts facts;
    facts.started = known.started.value_or(taken.source.modified.value_or(WallTime{}));
    facts.purpose = why.purpose;
    facts.basis = why.basis;
    facts.door = purpose::Door::import;
    facts.findings = findings;
    auto parties = call::heard_by(known, why.own_number);
    facts.call.parties = std::move(parties.parties);
    facts.call.answered = true;  // somebody was recorded
    facts.call.ending = call::Ending::capture_ended;
    facts.brought = recording::Brought{why.own_number,
                                       taken.source.name,
                                       taken.source.place,
                                       taken.source.modified,
                                       taken.media ? taken.media->container : "",
                                       taken.media ? taken.media->essence : "",
                                       taken.fault,
                                       !taken.media || taken.media->has_end};
    const auto& hashes = taken.hashes;
    if (taken.media) {
        const auto& media = *taken.media;
        const auto channels = std::min(media.channels, channels_max);
        facts.audio =
            recording::AudioFacts{taken.original, media.container, media.rate_hz, channels,
                                  media.frames,   hashes.bytes,    hashes.sha256, hashes.sha512};
        const auto seconds_ = media.frames / media.rate_hz;
        facts.duration = Nanos(static_cast<std::int64_t>(seconds_ * 1'000'000'000 +
                                                         (media.frames % media.rate_hz) *
                                                             1'000'000'000 / media.rate_hz));
        const bool is_apart = keeps_sides_apart(known, media);
        for (std::uint32_t i = 0; i < channels; ++i)
            facts.tracks.push_back(track_of(media, i + 1,
                                            !is_apart ? 0
                                            : i == 0  ? parties.own
                                                      : parties.other,
                                            !is_apart));
        if (!media.fault.empty())
            facts.call.oddities.push_back({"sound-cut-off", 1, to_ms(facts.duration)});
    } else {
        facts.side_files.push_back({taken.original, "application/octet-stream", hashes.bytes,
                                    hashes.sha256, hashes.sha512});
        facts.call.oddities.push_back({"sound-unreadable", 1, 0});
    }
    for (const auto& lack : known.lacks)
        facts.call.oddities.push_back({lack, 1, 0});
    if (taken.sidecar)
        facts.side_files.push_back(*taken.sidecar);
    return facts;
}

}  // namespace nk::app
