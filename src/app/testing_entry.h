#pragma once
// One recording for this room's tests.

#include <string>

#include "archive/catalogue.h"

namespace nk::app::testing {

inline archive::Entry entry() {
    archive::Entry out;
    auto& facts = out.facts;
    facts.id = "20261123T142301Z-k3v9qd";
    facts.uuid = "01a208c9-ee82-83f1-959a-5f945354a9ed";
    facts.started = WallTime{1'795'443'781'250'000'000};
    facts.duration = milliseconds(10'250);
    facts.call.parties = {{"caller", "1001", "Ada", "sip:1001@example.org"},
                          {"callee", "31201234567", "", "sip:31201234567@example.org"}};
    facts.call.has_signalling = true;
    facts.call.answered = true;
    facts.call.ending = call::Ending::bye;
    facts.call.final_status = 200;
    facts.call.oddities = {{"ssrc-changed", 2, 40}};
    facts.call.key_presses = {{0, "5", 1000.4, 119.6}};
    recording::TrackFacts track;
    track.codec = "PCMA";
    track.codecs = {{"PCMA", 8000, 8000, 8, 500}};
    track.rate_hz = 8000;
    track.packets = {500, 5, 3, 2, 1, 0};
    track.gaps = {{8000, 800, recording::GapCause::loss, 5}};
    track.sound_from = 160;
    track.sound_to = 72'000;
    track.ssrcs = {4660};
    facts.tracks = {track};
    recording::AudioFacts audio;
    audio.rate_hz = 8000;
    audio.channels = 2;
    audio.frames = 72'000;
    audio.bytes = 123'456;
    audio.sha256 = std::string(64, 'a');
    audio.sha512 = std::string(128, 'b');
    facts.audio = audio;
    return out;
}

}  // namespace nk::app::testing
