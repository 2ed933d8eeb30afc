#pragma once
// Facts for this room's tests: one plain recording to vary, and a generator of any that there can
// be.

#include <string>
#include <vector>

#include <rapidcheck.h>

#include "recording/facts.h"

namespace nk::archive::testing {

inline recording::TrackFacts plain_track(std::uint32_t number, std::size_t party) {
    recording::TrackFacts track;
    track.number = number;
    track.party = party;
    track.codec = "PCMA";
    track.codecs = {{"PCMA", 8000, 8000, 8, 500}};
    track.rate_hz = 8000;
    track.packets.received = 500;
    track.sound_from = 0;
    track.sound_to = 80'000;
    track.ssrcs = {0x1234 + number};
    return track;
}

inline recording::RecordingFacts plain_facts(const std::string& id = "20261123T142301Z-k3v9qd") {
    recording::RecordingFacts facts;
    facts.id = id;
    facts.uuid = "01a208b7-cae0-83f1-959a-5f945354a9ed";
    facts.started = WallTime{1'795'443'781'250'000'000};
    facts.duration = seconds(10);
    facts.sealed_at = facts.started + seconds(11);
    facts.call.parties = {{"caller", "1001", "Ada", "sip:1001@example.org"},
                          {"callee", "+31201234567", "", "sip:+31201234567@example.org"}};
    facts.call.has_signalling = true;
    facts.call.answered = true;
    facts.call.ending = call::Ending::bye;
    facts.call.final_status = 200;
    facts.tracks = {plain_track(1, 0), plain_track(2, 1)};
    recording::AudioFacts audio;
    audio.rate_hz = 8000;
    audio.channels = 2;
    audio.frames = 80'000;
    audio.bytes = 1234;
    audio.sha256 = std::string(64, 'a');
    audio.sha512 = std::string(128, 'b');
    facts.audio = audio;
    return facts;
}

// --- any facts -----------------------------------------------------------------------------------

// Texts as SIP brings them: mostly plain, sometimes UTF-8 of any length, sometimes with controls.
inline rc::Gen<std::string> any_text() {
    return rc::gen::oneOf(
        rc::gen::element<std::string>("", "caller", "PCMA", "Ada", "sip:1001@example.org"),
        rc::gen::element<std::string>("Jos\u00e9", "\u674e", "\U0001f4de", "\"a\\b\"",
                                      "a\nb\x1b[0m", std::string("nul\0nul", 7)),
        rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '\x7f')));
}

inline rc::Gen<std::string> any_hex(std::size_t digits) {
    return rc::gen::container<std::string>(digits,
                                           rc::gen::elementOf(std::string("0123456789abcdef")));
}

inline rc::Gen<std::string> any_file_name() {
    return rc::gen::element<std::string>("audio.flac", "payload-1.rtpdump", "original.wav");
}

inline WallTime any_wall() {
    return WallTime{*rc::gen::arbitrary<std::int64_t>()};
}

template <class T>
T any_number() {
    return *rc::gen::oneOf(rc::gen::arbitrary<T>(), rc::gen::inRange<T>(0, 100),
                           rc::gen::just(std::numeric_limits<T>::max()));
}

template <class Make>
auto some_of(Make make, int most = 4) {
    std::vector<decltype(make())> items;
    for (int i = *rc::gen::inRange(0, most + 1); i > 0; --i)
        items.push_back(make());
    return items;
}

inline std::optional<WallTime> maybe_wall() {
    return *rc::gen::arbitrary<bool>() ? std::optional(any_wall()) : std::nullopt;
}

inline call::CallFacts any_call() {
    call::CallFacts c;
    c.parties =
        some_of([] { return call::Party{*any_text(), *any_text(), *any_text(), *any_text()}; });
    const auto any_party = [&c] { return *rc::gen::inRange<std::size_t>(0, c.parties.size()); };
    c.has_signalling = *rc::gen::arbitrary<bool>();
    c.answered = *rc::gen::arbitrary<bool>();
    c.ending = *rc::gen::element(call::Ending::bye, call::Ending::cancelled, call::Ending::refused,
                                 call::Ending::timed_out, call::Ending::capture_ended,
                                 call::Ending::recorder_stopped);
    c.final_status = any_number<int>();
    c.sip_call_id = *any_text();
    c.sip_from_tag = *any_text();
    c.sip_to_tag = *any_text();
    c.conversation_keys = some_of([] { return *any_text(); });
    c.is_recording_leg = *rc::gen::arbitrary<bool>();
    c.invited = maybe_wall();
    c.answered_at = maybe_wall();
    c.ended_at = maybe_wall();
    c.events = some_of([&] {
        call::Event e{any_number<std::int64_t>(), *any_text(), std::nullopt, *any_text()};
        e.what =
            *rc::gen::element<std::string>("invited", "answered", "held", "resumed", "ended", "x");
        if (!c.parties.empty() && *rc::gen::arbitrary<bool>())
            e.party = any_party();
        return e;
    });
    if (!c.parties.empty())
        c.key_presses = some_of([&] {
            return call::KeyPress{any_party(), *any_text(), *rc::gen::arbitrary<double>(),
                                  *rc::gen::arbitrary<double>()};
        });
    c.oddities = some_of([] {
        return call::Oddity{*any_text(), any_number<std::uint64_t>(), any_number<std::int64_t>()};
    });
    return c;
}

inline recording::GapCause any_cause() {
    for (;;)
        if (const auto cause = recording::gap_cause_named(*rc::gen::element<std::string>(
                "not-begun", "loss", "silence", "hold", "paused", "undecodable", "dropped-by-us",
                "key-press", "ended")))
            return *cause;
}

inline recording::TrackFacts any_track(std::size_t party) {
    using U64 = std::uint64_t;
    using U32 = std::uint32_t;
    recording::TrackFacts t;
    t.number = *rc::gen::inRange<U32>(1, 9);
    t.party = party;
    t.label = *any_text();
    t.codec = *any_text();
    t.codecs = some_of([] {
        return recording::CodecUse{*any_text(), any_number<U32>(), any_number<U32>(),
                                   any_number<std::uint8_t>(), any_number<U64>()};
    });
    t.rate_hz = any_number<U32>();
    t.packets = {any_number<U64>(), any_number<U64>(), any_number<U64>(),
                 any_number<U64>(), any_number<U64>(), any_number<U64>()};
    t.gaps = some_of([] {
        return recording::Gap{any_number<U64>(), any_number<U64>(), any_cause(), any_number<U64>()};
    });
    t.gaps_left_out = any_number<U64>();
    const U64 a = any_number<U64>(), b = any_number<U64>();
    t.sound_from = std::min(a, b);
    t.sound_to = std::max(a, b);
    t.ssrcs = some_of([] { return any_number<U32>(); });
    t.media_marks = some_of([] { return any_number<U64>(); });
    t.is_mixed = *rc::gen::arbitrary<bool>();
    t.packets.withheld = *rc::gen::inRange<std::uint64_t>(0, 3);
    t.payload_file = *rc::gen::element<std::string>("", "payload-1.rtpdump");
    t.srtp = *rc::gen::element<std::string>("", "AEAD_AES_128_GCM");
    return t;
}

inline recording::RecordingFacts any_facts() {
    recording::RecordingFacts facts = plain_facts();
    facts.uuid = *any_text();
    facts.started = any_wall();
    facts.duration = Nanos(*rc::gen::nonNegative<std::int64_t>());
    facts.sealed_at = any_wall();
    facts.purpose = *rc::gen::element(purpose::Purpose::wording, purpose::Purpose::training,
                                      purpose::Purpose::agreement, purpose::Purpose::memory,
                                      purpose::Purpose::keepsake);
    facts.basis = *rc::gen::element(purpose::Basis::capture_file, purpose::Basis::own_line,
                                    purpose::Basis::company, purpose::Basis::warrant);
    facts.door = *rc::gen::element(purpose::Door::siprec, purpose::Door::tap, purpose::Door::bridge,
                                   purpose::Door::import);
    facts.call = any_call();
    facts.tracks.clear();
    if (!facts.call.parties.empty())
        facts.tracks = some_of([&] {
            return any_track(*rc::gen::inRange<std::size_t>(0, facts.call.parties.size()));
        });
    if (*rc::gen::arbitrary<bool>())
        facts.audio = std::nullopt;
    else
        facts.audio = recording::AudioFacts{*any_file_name(),
                                            *any_text(),
                                            any_number<std::uint32_t>(),
                                            *rc::gen::inRange<std::uint32_t>(0, 9),
                                            any_number<std::uint64_t>(),
                                            any_number<std::uint64_t>(),
                                            *any_hex(64),
                                            *any_hex(128)};
    facts.drops = some_of([] {
        const auto a = any_number<std::int64_t>(), b = any_number<std::int64_t>();
        recording::DropFacts d{std::min(a, b), std::max(a, b), any_number<std::uint64_t>(), {}};
        if (*rc::gen::arbitrary<bool>())
            d.track = any_number<std::uint32_t>();
        return d;
    });
    if (*rc::gen::arbitrary<bool>())
        facts.drops_left_out = any_number<std::uint64_t>();
    if (*rc::gen::arbitrary<bool>()) {
        facts.brought =
            recording::Brought{*any_text(), *any_text(), *any_text(), maybe_wall(),
                               *any_text(), *any_text(), *any_text(), *rc::gen::arbitrary<bool>()};
        facts.findings = some_of([] {
            return call::Finding{
                *rc::gen::element(call::Fact::started, call::Fact::number, call::Fact::lacks),
                *any_text(), *rc::gen::element(call::Source::person, call::Source::file_time),
                *rc::gen::element(call::Sureness::sure, call::Sureness::weak), *any_text()};
        });
    }
    facts.side_files = some_of([] {
        return recording::SideFile{*any_file_name(), *any_text(), any_number<std::uint64_t>(),
                                   *any_hex(64), *any_hex(128)};
    });
    return facts;
}

}  // namespace nk::archive::testing
