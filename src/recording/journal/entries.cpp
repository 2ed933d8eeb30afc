#include "recording/journal/entries.h"

#include <limits>

#include "base/limits.h"
#include "base/pack.h"

namespace nk::recording::journal {

namespace {

enum class EntryKind : std::uint8_t { packet = 1, track = 2, dropped = 3 };

// 24 bytes as they lie on the disk.
struct EntryHead {
    EntryKind kind = EntryKind::packet;
    std::uint8_t track = 0;
    std::uint8_t payload_type = 0;
    std::uint8_t marker = 0;
    std::uint16_t sequence = 0;
    std::uint16_t payload_bytes = 0;
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
    if (!unpack_formats(in, *formats) || track.party > 1)
        return std::nullopt;
    track.formats = std::move(formats);
    return track;
}

}  // namespace

void add_packet(Block& block, std::size_t track, const call::MediaPacket& packet, MonoTime zero) {
    EntryHead head = head_of(EntryKind::packet, track, packet.arrival, zero);
    head.payload_type = packet.payload_type;
    head.marker = packet.marker ? 1 : 0;
    head.sequence = packet.sequence;
    head.payload_bytes = static_cast<std::uint16_t>(packet.payload.size());
    head.timestamp = packet.timestamp;
    head.ssrc = packet.ssrc;
    std::uint8_t* out = block.extend(packet_entry_bytes(packet));
    std::memcpy(out, &head, sizeof head);
    if (!packet.payload.empty())
        std::memcpy(out + sizeof head, packet.payload.data(), packet.payload.size());
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
    EntryHead head = head_of(EntryKind::track, track.index, at, zero);
    head.timestamp = static_cast<std::uint32_t>(out.size() - entry_head_bytes);
    std::memcpy(out.data(), &head, sizeof head);
    return out;
}

void add_dropped(Block& block, const Dropped& dropped, MonoTime zero) {
    const EntryHead head = head_of(EntryKind::dropped, dropped.track, dropped.at, zero);
    std::uint8_t* out = block.extend(dropped_entry_bytes);
    std::memcpy(out, &head, sizeof head);
    put_le(out + sizeof head, dropped.packets);
}

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
        const std::size_t bytes = head.kind == EntryKind::packet  ? head.payload_bytes
                                  : head.kind == EntryKind::track ? head.timestamp
                                                                  : 8;
        if (bytes > body.size())
            return false;
        const Bytes rest = body.first(bytes);
        body = body.subspan(bytes);
        switch (head.kind) {
            case EntryKind::packet:
                if (head.track >= limits::tracks_per_call_max || head.payload_type > 127)
                    return false;
                reader.on_packet(head.track, {at, head.payload_type, head.marker != 0,
                                              head.sequence, head.timestamp, head.ssrc, rest});
                break;
            case EntryKind::track: {
                if (head.track >= limits::tracks_per_call_max)
                    return false;
                auto track = unpack_track(rest, head.track);
                if (!track)
                    return false;
                reader.on_track(*std::move(track), at);
                break;
            }
            case EntryKind::dropped:
                reader.on_dropped({head.track, get_le<std::uint64_t>(rest.data()), at});
                break;
            default:
                return false;
        }
    }
    return true;
}

}  // namespace nk::recording::journal
