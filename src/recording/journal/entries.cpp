#include "recording/journal/entries.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "base/limits.h"
#include "base/pack.h"
#include "wire/rtp.h"

namespace nk::recording::journal {

namespace {

enum class EntryKind : std::uint8_t {
    packet = 1,
    track = 2,
    dropped_at = 3,  // about that moment; of an earlier version, and read alone
    whole_packet = 4,
    dropped = 5,
    withheld = 6,  // like dropped
};

// 24 bytes as they lie on the disk.
struct EntryHead {
    EntryKind kind = EntryKind::packet;
    std::uint8_t track = 0;
    std::uint8_t payload_type = 0;
    std::uint8_t marker = 0;
    std::uint16_t sequence = 0;
    std::uint16_t bytes = 0;      // that follow, of a packet
    std::uint32_t timestamp = 0;  // of a description: its length
    std::uint32_t ssrc = 0;
    std::int64_t at_ns = 0;  // since the call's zero
};
static_assert(sizeof(EntryHead) == entry_head_bytes);

EntryHead head_of(EntryKind kind, std::size_t track, MonoTime at, MonoTime zero) {
    EntryHead head;
    head.kind = kind;
    head.track = static_cast<std::uint8_t>(track);
    head.at_ns = (at - zero).count();
    return head;
}

const call::FormatMap& known_formats() {
    static const auto formats = call::static_formats();
    return *formats;
}

void pack_formats(Packer& pack, const call::FormatMap& formats) {
    const auto is_own = [&](std::size_t type) {
        const auto& known = known_formats()[type];
        return formats[type].kind != known.kind || !(formats[type].codec == known.codec);
    };
    std::uint32_t own = 0;
    for (std::size_t type = 0; type < formats.size(); ++type)
        own += is_own(type) ? 1 : 0;
    pack.number(own);
    for (std::size_t type = 0; type < formats.size(); ++type) {
        if (!is_own(type))
            continue;
        const auto& format = formats[type];
        pack.number(static_cast<std::uint8_t>(type));
        pack.number(static_cast<std::uint8_t>(format.kind));
        pack.text(format.codec.name);
        pack.number(format.codec.clock_hz);
        pack.number(format.codec.channels);
        pack.text(format.codec.fmtp);
    }
}

bool unpack_formats(Unpacker& in, call::FormatMap& formats) {
    constexpr std::size_t bytes_each = 18;
    for (auto left = in.count(bytes_each, formats.size()); left > 0; --left) {
        const auto type = in.number<std::uint8_t>();
        const auto kind = in.number<std::uint8_t>();
        call::Format format;
        format.codec.name = in.text();
        format.codec.clock_hz = in.number<std::uint32_t>();
        format.codec.channels = in.number<std::uint32_t>();
        format.codec.fmtp = in.text();
        if (!in.is_good() || type >= formats.size() ||
            kind > static_cast<std::uint8_t>(call::PayloadKind::comfort_noise))
            return false;
        format.kind = static_cast<call::PayloadKind>(kind);
        formats[type] = std::move(format);
    }
    return in.is_good();
}

void pack_keys(Packer& pack, const std::shared_ptr<const call::SrtpKeys>& keys) {
    pack.number(static_cast<std::uint32_t>(keys ? keys->size() : 0));
    if (!keys)
        return;
    for (const auto& key : *keys) {
        pack.number(static_cast<std::uint8_t>(key.suite));
        pack.flag(key.is_encrypted);
        pack.text(as_text(key.key));
        pack.text(as_text(key.mki));
    }
}

bool unpack_keys(Unpacker& in, std::shared_ptr<const call::SrtpKeys>& keys) {
    if (in.is_empty())
        return in.is_good();  // of version 1
    constexpr std::size_t bytes_each = 10;
    auto made = std::make_shared<call::SrtpKeys>();
    for (auto left = in.count(bytes_each, limits::srtp_keys_per_track_max); left > 0; --left) {
        const auto suite = in.number<std::uint8_t>();
        call::SrtpKey key;
        key.is_encrypted = in.flag();
        const std::string secret = in.text();
        const std::string mki = in.text();
        if (!in.is_good() || suite > static_cast<std::uint8_t>(wire::last_srtp_suite) ||
            mki.size() > limits::srtp_mki_bytes_max)
            return false;
        key.suite = static_cast<wire::SrtpSuite>(suite);
        key.key.assign(secret.begin(), secret.end());
        key.mki.assign(mki.begin(), mki.end());
        if (key.key.size() != key_bytes_of(key.suite))
            return false;
        made->push_back(std::move(key));
    }
    if (!made->empty())
        keys = std::move(made);
    return in.is_good();
}

std::optional<call::Track> unpack_track(Bytes bytes, std::size_t index) {
    Unpacker in(bytes);
    call::Track track;
    track.index = index;
    track.party = in.number<std::uint32_t>();
    track.line = in.number<std::uint32_t>();
    track.label = in.text();
    track.secured = in.flag();
    track.may_send = in.flag();
    auto formats = std::make_shared<call::FormatMap>(known_formats());
    if (!unpack_formats(in, *formats) || !unpack_keys(in, track.keys) ||
        track.party >= limits::parties_max)
        return std::nullopt;
    if (!in.is_empty())  // from version 4 on
        track.is_mixed = in.flag();
    if (!in.is_good())
        return std::nullopt;
    track.formats = std::move(formats);
    return track;
}

}  // namespace

void add_packet(Block& block, const call::Track& track, const call::MediaPacket& packet,
                MonoTime zero) {
    const Bytes kept = kept_bytes(track, packet);
    const bool is_whole = !kept.empty() && kept.data() == packet.whole.data();
    std::uint8_t* out = block.extend(entry_head_bytes + kept.size());
    // An EntryHead, number by number (see call::MediaPacket).
    const auto kind = is_whole ? EntryKind::whole_packet : EntryKind::packet;
    put_le(out + offsetof(EntryHead, kind), static_cast<std::uint8_t>(kind));
    put_le(out + offsetof(EntryHead, track), static_cast<std::uint8_t>(track.index));
    put_le(out + offsetof(EntryHead, payload_type), packet.payload_type);
    put_le(out + offsetof(EntryHead, marker), std::uint8_t{packet.marker});
    put_le(out + offsetof(EntryHead, sequence), packet.sequence);
    put_le(out + offsetof(EntryHead, bytes), static_cast<std::uint16_t>(kept.size()));
    put_le(out + offsetof(EntryHead, timestamp), packet.timestamp);
    put_le(out + offsetof(EntryHead, ssrc), packet.ssrc);
    put_le(out + offsetof(EntryHead, at_ns), std::int64_t{(packet.arrival - zero).count()});
    if (!kept.empty())
        std::memcpy(out + entry_head_bytes, kept.data(), kept.size());
}

std::vector<std::uint8_t> track_entry(const call::Track& track, MonoTime at, MonoTime zero) {
    std::vector<std::uint8_t> out(entry_head_bytes);
    Packer pack(out);
    pack.number(static_cast<std::uint32_t>(track.party));
    pack.number(static_cast<std::uint32_t>(track.line));
    pack.text(track.label);
    pack.flag(track.secured);
    pack.flag(track.may_send);
    pack_formats(pack, *track.formats);
    pack_keys(pack, track.keys);
    pack.flag(track.is_mixed);
    EntryHead head = head_of(EntryKind::track, track.index, at, zero);
    head.timestamp = static_cast<std::uint32_t>(out.size() - entry_head_bytes);
    std::memcpy(out.data(), &head, sizeof head);
    return out;
}

void add_dropped(Block& block, const Dropped& dropped, MonoTime zero) {
    const auto kind = dropped.is_withheld ? EntryKind::withheld : EntryKind::dropped;
    const EntryHead head = head_of(kind, dropped.track, dropped.to, zero);
    std::uint8_t* out = block.extend(dropped_entry_bytes);
    std::memcpy(out, &head, sizeof head);
    put_le(out + sizeof head, dropped.packets);
    const Nanos length = std::clamp(dropped.to - dropped.from, Nanos(0), limits::call_longest);
    put_le(out + sizeof head + 8, static_cast<std::uint64_t>(length.count()));
}

namespace {

std::size_t bytes_of(const EntryHead& head) {
    switch (head.kind) {
        case EntryKind::packet:
        case EntryKind::whole_packet:
            return head.bytes;
        case EntryKind::track:
            return head.timestamp;
        case EntryKind::dropped:
        case EntryKind::withheld:
            return 16;
        case EntryKind::dropped_at:
            break;
    }
    return 8;
}

// Its payload is a whole packet.
bool take_apart(call::MediaPacket& packet) {
    const auto rtp = wire::parse_rtp(packet.payload, wire::Padding::unknown);
    if (!rtp)
        return false;
    packet.whole = packet.payload;
    packet.payload = rtp->payload;
    return true;
}

}  // namespace

bool read_entries(Bytes body, MonoTime zero, EntryReader& reader) {
    while (!body.empty()) {
        if (body.size() < entry_head_bytes)
            return false;
        EntryHead head;
        std::memcpy(&head, body.data(), sizeof head);
        body = body.subspan(entry_head_bytes);
        MonoTime at;
        if (__builtin_add_overflow(zero.ns, head.at_ns, &at.ns) ||
            head.at_ns == std::numeric_limits<std::int64_t>::min())
            return false;
        const std::size_t bytes = bytes_of(head);
        if (bytes > body.size())
            return false;
        const Bytes rest = body.first(bytes);
        body = body.subspan(bytes);
        switch (head.kind) {
            case EntryKind::packet:
            case EntryKind::whole_packet: {
                if (head.track >= limits::tracks_per_call_max || head.payload_type > 127)
                    return false;
                call::MediaPacket packet{.arrival = at,
                                         .ssrc = head.ssrc,
                                         .timestamp = head.timestamp,
                                         .sequence = head.sequence,
                                         .marker = head.marker != 0,
                                         .payload_type = head.payload_type,
                                         .payload = rest};
                if (head.kind == EntryKind::whole_packet && !take_apart(packet))
                    return false;
                reader.on_packet(head.track, packet);
                break;
            }
            case EntryKind::track: {
                if (head.track >= limits::tracks_per_call_max)
                    return false;
                auto track = unpack_track(rest, head.track);
                if (!track)
                    return false;
                reader.on_track(*std::move(track), at);
                break;
            }
            case EntryKind::dropped_at:
                reader.on_dropped({head.track, get_le<std::uint64_t>(rest.data()), at, at});
                break;
            case EntryKind::dropped:
            case EntryKind::withheld: {
                const auto length = get_le<std::uint64_t>(rest.data() + 8);
                if (length > static_cast<std::uint64_t>(limits::call_longest.count()))
                    return false;
                const Nanos back(static_cast<std::int64_t>(length));
                MonoTime from;
                if (__builtin_sub_overflow(at.ns, back.count(), &from.ns) ||
                    head.at_ns < std::numeric_limits<std::int64_t>::min() + back.count())
                    return false;
                reader.on_dropped({head.track, get_le<std::uint64_t>(rest.data()), from, at,
                                   head.kind == EntryKind::withheld});
                break;
            }
            default:
                return false;
        }
    }
    return true;
}

}  // namespace nk::recording::journal
