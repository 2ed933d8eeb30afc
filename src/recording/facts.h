#pragma once
// A finished recording as plain data: the call's facts, the tracks with their ledgers, and the
// sound file. This is what the archive writes down (call.vcon.json) and reads back; one field, one
// meaning, docs/FORMAT.md.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "call/facts.h"
#include "call/finding.h"
#include "purpose/purpose.h"

namespace nk::recording {

// The ledger's counts (docs/LANGUAGE.md). received counts every packet as it arrived, late and
// duplicate ones too (RFC 3550 A.3); lost never reached us; dropped_by_us reached this machine and
// was not kept; withheld came while the recording was paused.
struct PacketCounts {
    std::uint64_t received = 0;
    std::uint64_t lost = 0;
    std::uint64_t late = 0;  // arrived after a packet with a higher sequence number
    std::uint64_t duplicate = 0;
    std::uint64_t dropped_by_us = 0;
    std::uint64_t undecodable = 0;
    std::uint64_t withheld = 0;
    bool operator==(const PacketCounts&) const = default;
};

enum class GapCause {
    not_begun,  // before the party's first packet
    loss,       // packets that the network lost
    silence,  // the sender was silent: DTX, comfort noise (RFC 3389), no packets by its own choice
    hold,     // the signalling said this party sends nothing
    paused,   // the sender stopped and went on without moving its time stamps
    key_press,    // telephone-events instead of sound (RFC 4733)
    undecodable,  // packets came, but we cannot read them
    dropped_by_us,
    withheld,     // the recording was paused: nothing of it is kept
    clock_drift,  // none is missing: a clock was slow, or another party's fast
    ended,        // after the party's last packet
};

// A stretch of a track with no sound of its own, in samples of the file.
struct Gap {
    std::uint64_t from = 0;
    std::uint64_t length = 0;
    GapCause cause = GapCause::loss;
    std::uint64_t packets = 0;  // lost or undecodable packets in it, when known
    bool operator==(const Gap&) const = default;
};

struct CodecUse {
    std::string name;
    std::uint32_t clock_hz = 0;
    std::uint32_t rate_hz = 0;  // samples per second as decoded; 0 when undecodable
    std::uint8_t payload_type = 0;
    std::uint64_t packets = 0;
    bool operator==(const CodecUse&) const = default;
};

struct TrackFacts {
    std::uint32_t number = 1;  // 1 is the file's left channel
    std::size_t party = 0;     // index into CallFacts::parties
    std::string label;         // a=label of its media line, or empty
    bool is_mixed = false;     // all parties are heard on it together; `party` is the first of them
    std::string codec;         // the one that most packets used; empty when there was none
    std::vector<CodecUse> codecs;
    std::uint32_t rate_hz = 0;  // the highest rate its sound came at; what `export --track` gives
    PacketCounts packets;
    std::vector<Gap> gaps;
    std::uint64_t gaps_left_out = 0;  // beyond limits::gaps_per_track_max
    // Where its own sound begins and ends, in samples of the file; equal when it has none.
    std::uint64_t sound_from = 0;
    std::uint64_t sound_to = 0;
    std::string srtp;  // the suite that most of its packets were decrypted with; else empty
    std::vector<std::uint32_t> ssrcs;
    std::vector<std::uint64_t>
        media_marks;           // see recording/media_marks.h: tells the same media seen elsewhere
    std::string payload_file;  // undecodable payloads as received, rtpdump format; empty when none
    bool operator==(const TrackFacts&) const = default;
};

// This machine dropped so many packets somewhere between these two moments, in samples of the file,
// negative before it. They were of that track (by its number), or of nobody knows whom: any call's.
struct DropFacts {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::uint64_t packets = 0;
    std::optional<std::uint32_t> track;
    bool operator==(const DropFacts&) const = default;
};

struct AudioFacts {
    std::string file =
        "audio.flac";  // inside the recording's folder; empty when the call had no sound
    std::string format = "flac";
    std::uint32_t rate_hz = 0;
    std::uint32_t channels = 0;
    std::uint64_t frames = 0;  // samples per channel
    std::uint64_t bytes = 0;
    std::string sha256;  // of the file, hexadecimal
    std::string sha512;
    bool operator==(const AudioFacts&) const = default;
};

// Any further file in the folder, so that verify knows it.
struct SideFile {
    std::string file;
    std::string media_type;
    std::uint64_t bytes = 0;
    std::string sha256;
    std::string sha512;
    bool operator==(const SideFile&) const = default;
};

// Of a file that somebody brought: what it was called, and what its sound is known by.
struct Brought {
    std::string own_number;  // of the telephone that recorded; empty when nobody said it
    std::string name;        // of the file
    std::string place;       // the folders it lay in, below what was brought, or the archive's path
    std::optional<WallTime> modified;
    std::string container;  // base/media.h; these three are empty when nobody can read it
    std::string essence;
    std::string fault;    // what could not be read of it, in a sentence
    bool has_end = true;  // false: an Ogg file that does not say where it ends
    bool operator==(const Brought&) const = default;
};

struct RecordingFacts {
    std::string id;    // 20261123T142301Z-k3v9qd: the folder's name
    std::string uuid;  // of the vCon (RFC 9562 version 8)
    WallTime started;  // of the first sample
    Nanos duration{0};
    WallTime sealed_at;
    purpose::Purpose purpose = purpose::Purpose::wording;
    purpose::Basis basis = purpose::Basis::capture_file;
    purpose::Door door = purpose::Door::tap;
    call::CallFacts call;
    std::vector<TrackFacts> tracks;
    std::vector<DropFacts> drops;
    std::uint64_t drops_left_out = 0;  // beyond limits::drops_per_call_max
    std::optional<AudioFacts> audio;
    std::vector<SideFile> side_files;
    std::optional<Brought> brought;
    std::vector<call::Finding> findings;  // of what was brought: all that its facts were taken from
    bool operator==(const RecordingFacts&) const = default;
};

// By what a brought file is known again: "file:<SHA-256 of its bytes>", "sound:<essence>". None for
// a recording of our own.
std::vector<std::string> keys_of_brought(const RecordingFacts& facts);

// It has packets, and not one of them could be decoded: its sound is silence.
bool is_unheard(const RecordingFacts& facts);

std::string_view name_of(GapCause cause);
std::optional<GapCause> gap_cause_named(std::string_view name);

}  // namespace nk::recording
