#include "recording/journal/call_card.h"

#include <bit>

#include "base/limits.h"
#include "base/pack.h"

namespace nk::recording::journal {

namespace {

// 2: tracks may have keys, and packets may be whole. 3: what was dropped has an interval. 4: tracks
// may be mixed and of a third party, and packets withheld. What those before wrote is read as well.
constexpr std::uint8_t head_version = 4;
// 2: there are documents. What 1 wrote is read as well.
constexpr std::uint8_t story_version = 2;

// What strangers send is kept as long as it can mean something, as Story::facts() has it.
void put_clipped(Packer& out, std::string_view text) {
    out.text(text.substr(0, limits::kept_text_bytes_max));
}
// The largest story there can be fits into a block.
static_assert((limits::events_per_call_max * 3 + limits::oddities_per_call_max * 2 +
               limits::key_presses_per_call_max + limits::branches_per_call_max +
               limits::parties_max * 4 + 8) *
                      (limits::kept_text_bytes_max + 4) +
                  limits::document_bytes_per_call_max +
                  limits::documents_per_call_max * (limits::kept_text_bytes_max + 16) <
              limits::journal_block_bytes_max);

void put(Packer& out, const std::optional<MonoTime>& time) {
    out.flag(time.has_value());
    out.number(time ? time->ns : std::int64_t{0});
}
std::optional<MonoTime> take_time(Unpacker& in) {
    const bool is_there = in.flag();
    const MonoTime time{in.number<std::int64_t>()};
    return is_there ? std::optional(time) : std::nullopt;
}

// An enumeration as its number; a number beyond `last` is none of it.
template <class Enum>
bool take_enum(Unpacker& in, Enum last, Enum& out) {
    const auto number = in.number<std::uint8_t>();
    if (number > static_cast<std::uint8_t>(last))
        return false;
    out = static_cast<Enum>(number);
    return true;
}

void pack_lists(Packer& out, const call::Story& story) {
    out.number(static_cast<std::uint32_t>(story.told.size()));
    for (const auto& told : story.told) {
        out.number(told.at.ns);
        put_clipped(out, told.what);
        out.number(told.party ? static_cast<std::uint32_t>(*told.party) : ~std::uint32_t{0});
        put_clipped(out, told.detail);
    }
    out.number(static_cast<std::uint32_t>(story.noted.size()));
    for (const auto& noted : story.noted) {
        put_clipped(out, noted.name);
        out.number(noted.count);
        out.number(noted.first.ns);
    }
    out.number(static_cast<std::uint32_t>(story.pressed.size()));
    for (const auto& pressed : story.pressed) {
        out.number(pressed.at.ns);
        out.number(static_cast<std::uint32_t>(pressed.party));
        put_clipped(out, pressed.key);
        out.number(std::bit_cast<std::uint64_t>(pressed.duration_ms));
    }
    out.number(static_cast<std::uint32_t>(story.keys.size()));
    for (const auto& key : story.keys)
        put_clipped(out, key);
    out.number(static_cast<std::uint32_t>(story.documents.size()));
    for (const auto& document : story.documents) {
        out.number(document.at.ns);
        put_clipped(out, document.media_type);
        out.text(document.text);
    }
}

void unpack_documents(Unpacker& in, call::Story& story) {
    for (auto left = in.count(16, limits::documents_per_call_max); left > 0; --left) {
        call::Story::Document document;
        document.at.ns = in.number<std::int64_t>();
        document.media_type = in.text();
        document.text = in.text();
        story.documents.push_back(std::move(document));
    }
}

void unpack_lists(Unpacker& in, call::Story& story) {
    for (auto left = in.count(20, limits::events_per_call_max); left > 0; --left) {
        call::Story::Told told;
        told.at.ns = in.number<std::int64_t>();
        told.what = in.text();
        const auto party = in.number<std::uint32_t>();
        if (party != ~std::uint32_t{0})
            told.party = party;
        told.detail = in.text();
        story.told.push_back(std::move(told));
    }
    for (auto left = in.count(20, limits::oddities_per_call_max); left > 0; --left) {
        call::Story::Noted noted;
        noted.name = in.text();
        noted.count = in.number<std::uint64_t>();
        noted.first.ns = in.number<std::int64_t>();
        story.noted.push_back(std::move(noted));
    }
    for (auto left = in.count(24, limits::key_presses_per_call_max); left > 0; --left) {
        call::Story::Pressed pressed;
        pressed.at.ns = in.number<std::int64_t>();
        pressed.party = in.number<std::uint32_t>();
        pressed.key = in.text();
        pressed.duration_ms = std::bit_cast<double>(in.number<std::uint64_t>());
        story.pressed.push_back(std::move(pressed));
    }
    for (auto left = in.count(4, limits::oddities_per_call_max); left > 0; --left)
        story.keys.push_back(in.text());
}

// Every place that names a party names one there is.
bool is_sound(const call::Story& story) {
    const std::size_t parties = story.parties.size();
    if (parties < 2)
        return false;
    for (const auto& told : story.told)
        if (told.party && *told.party >= parties)
            return false;
    for (const auto& pressed : story.pressed)
        if (pressed.party >= parties)
            return false;
    return true;
}

}  // namespace

std::vector<std::uint8_t> pack(const Alive& alive) {
    std::vector<std::uint8_t> bytes;
    Packer out(bytes);
    out.number(alive.now.ns);
    out.number(alive.wall.ns);
    return bytes;
}

std::optional<Alive> unpack_alive(Bytes bytes) {
    Unpacker in(bytes);
    const MonoTime now{in.number<std::int64_t>()};
    const WallTime wall{in.number<std::int64_t>()};
    return in.is_good() && in.is_empty() ? std::optional(Alive{now, wall}) : std::nullopt;
}

std::vector<std::uint8_t> pack(const CallHead& head) {
    std::vector<std::uint8_t> bytes;
    Packer out(bytes);
    out.number(head_version);
    out.text(head.id);
    out.text(head.uuid);
    out.number(head.zero.ns);
    out.number(head.zero_wall.ns);
    out.number(static_cast<std::uint8_t>(head.purpose));
    out.number(static_cast<std::uint8_t>(head.basis));
    out.number(static_cast<std::uint8_t>(head.door));
    return bytes;
}

std::optional<CallHead> unpack_call_head(Bytes bytes) {
    Unpacker in(bytes);
    CallHead head;
    if (const auto version = in.number<std::uint8_t>(); version == 0 || version > head_version)
        return std::nullopt;
    head.id = in.text();
    head.uuid = in.text();
    head.zero.ns = in.number<std::int64_t>();
    head.zero_wall.ns = in.number<std::int64_t>();
    if (!take_enum(in, purpose::Purpose::keepsake, head.purpose) ||
        !take_enum(in, purpose::Basis::company, head.basis) ||
        !take_enum(in, purpose::Door::import, head.door) || !in.is_good())
        return std::nullopt;
    return head;
}

std::vector<std::uint8_t> pack(const call::Story& story) {
    std::vector<std::uint8_t> bytes;
    Packer out(bytes);
    out.number(story_version);
    out.number(static_cast<std::uint32_t>(story.parties.size()));
    for (const auto& party : story.parties) {
        put_clipped(out, party.role);
        put_clipped(out, party.number);
        put_clipped(out, party.name);
        put_clipped(out, party.uri);
    }
    out.flag(story.has_signalling);
    out.flag(story.is_recording_leg);
    put_clipped(out, story.sip_call_id);
    put_clipped(out, story.caller_tag);
    out.number(static_cast<std::uint32_t>(story.callee_tags.size()));
    for (const auto& tag : story.callee_tags)
        put_clipped(out, tag);
    put_clipped(out, story.answered_tag);
    out.number(story.began.ns);
    out.number(story.began_wall.ns);
    out.number(story.last_sign.ns);
    out.number(story.media_packets);
    put(out, story.invited);
    put(out, story.answered);
    put(out, story.over);
    out.number(static_cast<std::uint8_t>(story.ending));
    out.number(static_cast<std::int32_t>(story.final_status));
    pack_lists(out, story);
    return bytes;
}

std::optional<call::Story> unpack_story(Bytes bytes) {
    Unpacker in(bytes);
    call::Story story;
    const auto version = in.number<std::uint8_t>();
    if (version == 0 || version > story_version)
        return std::nullopt;
    story.parties.clear();
    for (auto left = in.count(16, limits::parties_max); left > 0; --left) {
        call::Party party;
        party.role = in.text();
        party.number = in.text();
        party.name = in.text();
        party.uri = in.text();
        story.parties.push_back(std::move(party));
    }
    story.has_signalling = in.flag();
    story.is_recording_leg = in.flag();
    story.sip_call_id = in.text();
    story.caller_tag = in.text();
    for (auto left = in.count(4, limits::branches_per_call_max); left > 0; --left)
        story.callee_tags.insert(in.text());
    story.answered_tag = in.text();
    story.began.ns = in.number<std::int64_t>();
    story.began_wall.ns = in.number<std::int64_t>();
    story.last_sign.ns = in.number<std::int64_t>();
    story.media_packets = in.number<std::uint64_t>();
    story.invited = take_time(in);
    story.answered = take_time(in);
    story.over = take_time(in);
    if (!take_enum(in, call::Ending::recorder_stopped, story.ending))
        return std::nullopt;
    story.final_status = in.number<std::int32_t>();
    unpack_lists(in, story);
    if (version > 1)
        unpack_documents(in, story);
    if (!in.is_good() || !in.is_empty() || !is_sound(story))
        return std::nullopt;
    return story;
}

}  // namespace nk::recording::journal
