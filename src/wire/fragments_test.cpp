#include "wire/fragments.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "wire/testing_packets.h"

namespace nk::wire {
namespace {

using namespace testing;

constexpr MonoTime start{1'000'000'000'000};

struct Piece {
    std::size_t offset;
    Buffer bytes;
    bool more;
};

// Gives pieces to a table the way they come in: as packets that were captured.
class Feeder {
public:
    explicit Feeder(bool is_v6 = false) : is_v6_(is_v6) {}

    std::optional<std::string> give(const Piece& piece, std::uint32_t id = 1,
                                    MonoTime now = start) {
        const Fragmenting f{.id = id, .offset = piece.offset, .more = piece.more};
        const Buffer packet = is_v6_ ? ipv6_fragment(17, piece.bytes, f) : ipv4(17, piece.bytes, f);
        const auto frame = parse_frame(LinkType::raw, packet);
        if (!frame || !frame->fragment)
            return "not a fragment";
        joined = table.add(*frame, now);
        if (!joined)
            return std::nullopt;
        return std::string(as_text(joined->payload));
    }

    FragmentTable table;
    std::optional<JoinedPayload> joined;

private:
    bool is_v6_;
};

const Piece first{0, text("01234567"), true};
const Piece middle{8, text("89abcdef"), true};
const Piece last{16, text("gh"), false};

TEST(Fragments, joins_them_in_order) {
    Feeder f;
    EXPECT_FALSE(f.give(first));
    EXPECT_FALSE(f.give(middle));
    EXPECT_EQ(f.give(last), "0123456789abcdefgh");
    EXPECT_EQ(f.joined->source, caller4);
    EXPECT_EQ(f.joined->destination, callee4);
    EXPECT_EQ(f.joined->protocol, 17);
    EXPECT_FALSE(f.joined->overlapped);
}

TEST(Fragments, joins_them_in_any_order_over_ipv6) {
    Feeder f(true);
    EXPECT_FALSE(f.give(last));
    EXPECT_FALSE(f.give(first));
    EXPECT_EQ(f.give(middle), "0123456789abcdefgh");
    EXPECT_EQ(f.joined->source, caller6);
}

TEST(Fragments, takes_the_protocol_from_the_first_fragment) {
    const Buffer tail = ipv6_fragment(99, text("tail"), {.id = 1, .offset = 8});
    const Buffer head = ipv6_fragment(17, text("01234567"), {.id = 1, .more = true});
    FragmentTable table;
    EXPECT_FALSE(table.add(*parse_frame(LinkType::raw, tail), start));
    const auto joined = table.add(*parse_frame(LinkType::raw, head), start);
    ASSERT_TRUE(joined);
    EXPECT_EQ(joined->protocol, 17);
}

TEST(Fragments, keeps_packets_with_other_ids_apart) {
    Feeder f;
    EXPECT_FALSE(f.give(first, 1));
    EXPECT_FALSE(f.give(middle, 2));
    EXPECT_FALSE(f.give(last, 1));
    EXPECT_FALSE(f.give(last, 2));
    EXPECT_TRUE(f.give(middle, 1));
}

TEST(Fragments, lets_the_bytes_that_came_first_stand_and_says_so) {
    Feeder f;
    EXPECT_FALSE(f.give(first));
    EXPECT_FALSE(f.give({0, text("XXXXXXXX89abcdef"), true}));
    EXPECT_EQ(f.give(last), "0123456789abcdefgh");
    EXPECT_TRUE(f.joined->overlapped);
    EXPECT_EQ(f.table.counts().overlaps, 1U);
}

TEST(Fragments, lets_the_end_that_was_named_first_stand) {
    Feeder f;
    EXPECT_FALSE(f.give(last));
    EXPECT_FALSE(f.give({16, text("ghZZ"), false}));
    EXPECT_FALSE(f.give(first));
    EXPECT_EQ(f.give(middle), "0123456789abcdefgh");
    EXPECT_TRUE(f.joined->overlapped);
}

TEST(Fragments, drops_the_second_copy_of_a_packet_that_was_captured_twice) {
    Feeder f;
    EXPECT_FALSE(f.give(first));
    EXPECT_FALSE(f.give(first));
    EXPECT_FALSE(f.give(middle));
    EXPECT_FALSE(f.give(middle));
    EXPECT_TRUE(f.give(last));
    EXPECT_FALSE(f.joined->overlapped);
    EXPECT_FALSE(f.give(last));
    EXPECT_EQ(f.table.counts().joined, 1U);
    EXPECT_EQ(f.table.counts().duplicates, 3U);
}

TEST(Fragments, begins_anew_when_an_id_is_used_again) {
    Feeder f;
    EXPECT_FALSE(f.give(first));
    EXPECT_TRUE(f.give({8, text("end"), false}));
    EXPECT_FALSE(f.give({0, text("another."), true}));
    EXPECT_EQ(f.give({8, text("end"), false}), "another.end");
    const MonoTime later = start + seconds(2);
    EXPECT_FALSE(f.give({0, text("another."), true}, 1, later));
    EXPECT_EQ(f.give({8, text("end"), false}, 1, later), "another.end");
}

TEST(Fragments, refuses_one_that_runs_past_the_largest_packet) {
    Feeder f;
    EXPECT_FALSE(f.give({65'528, text("01234567"), false}));
    EXPECT_EQ(f.table.counts().refused, 1U);
    EXPECT_EQ(f.table.size(), 0U);
}

TEST(Fragments, refuses_one_that_the_capture_cut_off) {
    Buffer packet = ipv4(17, text("01234567"), {.id = 1, .more = true});
    packet.pop_back();
    FragmentTable table;
    EXPECT_FALSE(table.add(*parse_frame(LinkType::raw, packet), start));
    EXPECT_EQ(table.counts().refused, 1U);
}

TEST(Fragments, gives_up_a_packet_that_is_never_whole) {
    Feeder f;
    EXPECT_FALSE(f.give(first));
    f.table.expire(start + limits::fragment_wait);
    EXPECT_EQ(f.table.size(), 1U);
    f.table.expire(start + limits::fragment_wait + Nanos(1));
    EXPECT_EQ(f.table.size(), 0U);
    EXPECT_EQ(f.table.counts().given_up, 1U);
}

TEST(Fragments, holds_no_more_sets_than_its_limit) {
    Feeder f;
    for (std::uint32_t id = 0; id <= limits::fragment_sets_max; ++id)
        EXPECT_FALSE(f.give(first, id));
    EXPECT_EQ(f.table.size(), limits::fragment_sets_max);
    EXPECT_EQ(f.table.counts().given_up, 1U);
}

TEST(Fragments, holds_no_more_bytes_than_its_limit) {
    Feeder f;
    const std::size_t big = 65'000;
    const std::size_t sets = limits::fragment_table_bytes_max / big + 10;
    for (std::uint32_t id = 0; id < sets; ++id)
        EXPECT_FALSE(f.give({0, Buffer(big, 7), true}, id));
    EXPECT_LE(f.table.size(), limits::fragment_table_bytes_max / big + 1);
}

// Cuts a payload at random places (multiples of 8), repeats some cuts, overlaps some, shuffles.
RC_GTEST_PROP(FragmentsProperty, any_cutting_shuffling_and_repeating_gives_the_payload_back, ()) {
    const auto size = *rc::gen::inRange<std::size_t>(9, 3'000);
    const auto payload = *rc::gen::container<Buffer>(size, rc::gen::arbitrary<std::uint8_t>());
    const bool is_v6 = *rc::gen::arbitrary<bool>();
    std::vector<Piece> pieces;
    for (std::size_t at = 0; at < size;) {
        const std::size_t length = *rc::gen::inRange<std::size_t>(1, 40) * 8;
        const std::size_t end = std::min(size, at + length);
        std::size_t back = *rc::gen::weightedElement<std::size_t>({{8, 0}, {1, 8}, {1, 64}});
        if (back >= at)  // the last piece must not be the whole packet
            back = 0;
        pieces.push_back({at - back,
                          Buffer(payload.begin() + std::ptrdiff_t(at - back),
                                 payload.begin() + std::ptrdiff_t(end)),
                          end < size});
        at = end;
    }
    RC_PRE(pieces.size() > 1);
    const auto again = *rc::gen::inRange<std::size_t>(0, pieces.size() + 1);
    for (std::size_t i = 0; i < again; ++i)
        pieces.push_back(pieces[i]);
    std::vector<std::size_t> order(pieces.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);

    Feeder f(is_v6);
    std::size_t whole = 0;
    for (const std::size_t i : order)
        if (const auto joined = f.give(pieces[i])) {
            RC_ASSERT(*joined == std::string(payload.begin(), payload.end()));
            ++whole;
        }
    RC_ASSERT(whole == 1U);
}

}  // namespace
}  // namespace nk::wire
