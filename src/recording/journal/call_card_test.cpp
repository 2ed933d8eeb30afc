#include "recording/journal/call_card.h"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "base/pack.h"
#include "recording/journal/entries.h"

namespace nk::recording::journal {
namespace {

std::string any_text() {
    return *rc::gen::arbitrary<std::string>();
}
MonoTime any_time() {
    return {*rc::gen::arbitrary<std::int64_t>()};
}
std::optional<MonoTime> any_time_or_none() {
    return *rc::gen::arbitrary<bool>() ? std::optional(any_time()) : std::nullopt;
}
std::size_t up_to(std::size_t most) {
    return *rc::gen::inRange<std::size_t>(0, most + 1);
}

call::Story any_story() {
    call::Story story;
    for (auto& party : story.parties)
        party = {any_text(), any_text(), any_text(), any_text()};
    story.has_signalling = *rc::gen::arbitrary<bool>();
    story.is_recording_leg = *rc::gen::arbitrary<bool>();
    story.sip_call_id = any_text();
    story.caller_tag = any_text();
    for (auto left = up_to(3); left > 0; --left)
        story.callee_tags.insert(any_text());
    story.answered_tag = any_text();
    story.began = any_time();
    story.began_wall = {*rc::gen::arbitrary<std::int64_t>()};
    story.last_sign = any_time();
    story.media_packets = *rc::gen::arbitrary<std::uint64_t>();
    story.invited = any_time_or_none();
    story.answered = any_time_or_none();
    story.over = any_time_or_none();
    story.ending = static_cast<call::Ending>(up_to(5));
    story.final_status = *rc::gen::inRange(0, 700);
    for (auto left = up_to(4); left > 0; --left)
        story.told.push_back({any_time(), any_text(),
                              *rc::gen::arbitrary<bool>() ? std::optional(up_to(1)) : std::nullopt,
                              any_text()});
    for (auto left = up_to(4); left > 0; --left)
        story.noted.push_back({any_text(), *rc::gen::arbitrary<std::uint64_t>(), any_time()});
    for (auto left = up_to(4); left > 0; --left)
        story.pressed.push_back({any_time(), up_to(1), any_text(), 12.5});
    for (auto left = up_to(3); left > 0; --left)
        story.keys.push_back(any_text());
    return story;
}

RC_GTEST_PROP(call_card, gives_back_any_story, ()) {
    const auto story = any_story();
    const auto bytes = pack(story);
    const auto back = unpack_story(bytes);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == story);
    // Cut anywhere it is no story, and never more than that.
    RC_ASSERT(!unpack_story(Bytes(bytes).first(up_to(bytes.size() - 1))));
}

// A stranger's SIP decides how long all this is, and a block has its limit.
TEST(call_card, holds_the_longest_story_there_can_be) {
    call::Story story;
    const std::string long_text(65'000, 'x');
    for (auto& party : story.parties)
        party = {"caller", long_text, long_text, long_text};
    for (std::size_t n = 0; n < limits::branches_per_call_max; ++n)
        story.callee_tags.insert(std::to_string(n) + long_text);
    for (std::size_t n = 0; n < limits::events_per_call_max; ++n)
        story.tell({}, "invited", 0, long_text);
    for (std::size_t n = 0; n < limits::oddities_per_call_max; ++n)
        story.add_key(std::to_string(n) + long_text);
    const auto bytes = pack(story);
    EXPECT_LT(bytes.size(), limits::journal_block_bytes_max);
    const auto back = unpack_story(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->facts({}).parties, story.facts({}).parties);
}

TEST(call_card, gives_back_a_head) {
    const CallHead head{"20261123T142301Z-k3v9qd",
                        "uuid",
                        MonoTime{5},
                        WallTime{-6},
                        purpose::Purpose::agreement,
                        purpose::Basis::own_line,
                        purpose::Door::bridge};
    const auto bytes = pack(head);
    EXPECT_EQ(unpack_call_head(bytes), head);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        EXPECT_FALSE(unpack_call_head(Bytes(bytes).first(cut))) << cut;
}

// What a block's entries say when they are read again.
class Heard : public EntryReader {
public:
    void on_track(call::Track track, MonoTime) override { tracks.push_back(std::move(track)); }
    void on_packet(std::size_t track, const call::MediaPacket& packet) override {
        said.push_back(std::to_string(track) + ":" + std::to_string(packet.sequence) + ":" +
                       std::to_string(packet.timestamp) + ":" + std::to_string(packet.ssrc) + ":" +
                       std::to_string(packet.arrival.ns) + ":" + (packet.marker ? "m" : "") + ":" +
                       std::string(as_text(packet.payload)));
        whole.assign(packet.whole.begin(), packet.whole.end());
    }
    void on_dropped(const Dropped& dropped) override {
        said.push_back("dropped " + std::to_string(dropped.packets) + " of " +
                       std::to_string(dropped.track) + " " + std::to_string(dropped.from.ns) + "-" +
                       std::to_string(dropped.to.ns));
    }
    std::vector<call::Track> tracks;
    std::vector<std::string> said;
    std::vector<std::uint8_t> whole;
};

TEST(entries, come_back_as_they_were_written) {
    const MonoTime zero{1'000};
    call::Track track;
    track.index = 1;
    track.party = 1;
    track.label = "two";
    track.may_send = false;
    auto formats = std::make_shared<call::FormatMap>(*call::static_formats());
    (*formats)[96] = {call::PayloadKind::sound, {"opus", 48'000, 2, "useinbandfec=1"}};
    (*formats)[0] = {call::PayloadKind::telephone_event, {"telephone-event", 8'000, 1, "0-15"}};
    track.formats = formats;
    Block block(4'096);
    block.add(track_entry(track, zero, zero));
    add_packet(block, track,
               {.arrival = MonoTime{900},
                .ssrc = 7,
                .timestamp = 0xfffffff0,
                .sequence = 65'535,
                .marker = true,
                .payload_type = 96,
                .payload = as_bytes("sound")},
               zero);
    add_packet(block, track,
               {.arrival = MonoTime{2'000},
                .ssrc = 7,
                .timestamp = 144,
                .payload_type = 96,
                .payload = {}},
               zero);
    call::Track secured = track;
    secured.secured = true;
    secured.keys = std::make_shared<call::SrtpKeys>(call::SrtpKeys{
        {wire::SrtpSuite::aes_128_gcm, false, std::vector<std::uint8_t>(28, 9), {1, 2}}});
    const std::vector<std::uint8_t> whole_packet{0xa0, 96, 0, 9, 0,   0,   0,   1,
                                                 0,    0,  0, 7, 'x', 'y', 0xff};
    block.add(track_entry(secured, zero, zero));
    add_packet(block, secured,
               {.arrival = MonoTime{2'200},
                .ssrc = 7,
                .timestamp = 1,
                .sequence = 9,
                .payload_type = 96,
                .payload = Bytes(whole_packet).subspan(12, 2),
                .whole = whole_packet},
               zero);
    add_dropped(block, {1, 3, MonoTime{800}, MonoTime{2'500}}, zero);
    const Bytes whole = block.close(BlockKind::sound, 1, 0);
    const Bytes body = whole.subspan(block_head_bytes, block.size());
    Heard heard;
    ASSERT_TRUE(read_entries(body, zero, heard));
    ASSERT_EQ(heard.tracks.size(), 2U);
    EXPECT_FALSE(heard.tracks[0].keys);
    ASSERT_TRUE(heard.tracks[1].keys);
    EXPECT_EQ(*heard.tracks[1].keys, *secured.keys);
    EXPECT_EQ(heard.whole, whole_packet);
    EXPECT_EQ(heard.tracks[0].label, "two");
    EXPECT_FALSE(heard.tracks[0].may_send);
    EXPECT_EQ((*heard.tracks[0].formats)[96].codec, (*formats)[96].codec);
    EXPECT_EQ((*heard.tracks[0].formats)[0].kind, call::PayloadKind::telephone_event);
    EXPECT_EQ((*heard.tracks[0].formats)[8].codec.name, "PCMA");
    EXPECT_EQ(heard.said, (std::vector<std::string>{"1:65535:4294967280:7:900:m:sound",
                                                    "1:0:144:7:2000::", "1:9:1:7:2200::xy\xff",
                                                    "dropped 3 of 1 800-2500"}));
    for (std::size_t cut = 1; cut < body.size(); ++cut) {
        Heard part;
        read_entries(body.first(cut), zero, part);
        EXPECT_LE(part.said.size(), 3U);
    }
}

// An entry of 24 bytes and `more`, of a call that began at 1'000.
std::vector<std::string> read_dropped(std::uint8_t kind, std::int64_t at_ns,
                                      std::initializer_list<std::uint64_t> more) {
    std::vector<std::uint8_t> bytes(entry_head_bytes);
    bytes[0] = kind;
    bytes[1] = Dropped::any_track;
    put_le(bytes.data() + 16, static_cast<std::uint64_t>(at_ns));
    for (const auto number : more) {
        bytes.resize(bytes.size() + 8);
        put_le(bytes.data() + bytes.size() - 8, number);
    }
    Heard heard;
    if (!read_entries(bytes, MonoTime{1'000}, heard))
        heard.said.emplace_back("refused");
    return heard.said;
}

using Said = std::vector<std::string>;

TEST(entries, of_an_earlier_version_tell_what_was_dropped_at_one_moment) {
    EXPECT_EQ(read_dropped(3, 500, {7}), (Said{"dropped 7 of 255 1500-1500"}));
}

TEST(entries, refuse_a_drop_that_lasted_for_longer_than_a_call_can) {
    EXPECT_EQ(read_dropped(5, 500, {7, 400}), (Said{"dropped 7 of 255 1100-1500"}));
    EXPECT_EQ(read_dropped(5, 500, {7, ~std::uint64_t{0}}), (Said{"refused"}));
    EXPECT_EQ(read_dropped(5, std::numeric_limits<std::int64_t>::min() + 1, {7, 400}),
              (Said{"refused"}));
}

}  // namespace
}  // namespace nk::recording::journal
