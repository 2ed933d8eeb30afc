#include "wire/tcp_stream.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "wire/testing_packets.h"

namespace nk::wire {
namespace {

using namespace testing;

constexpr MonoTime start{1'000'000'000'000};

// What a flow gave, written so that a test can be read: data as it is, a hole as [3], the begin as
// < and the end as >.
class Feeder {
public:
    std::string give(std::uint32_t sequence, std::string_view data, std::uint8_t flags = 0,
                     MonoTime now = start, std::uint16_t port = 5060) {
        const Buffer packet = ipv4(6, tcp(port, 5061, sequence, flags, text(data)));
        return show(table.add(*parse_frame(LinkType::raw, packet), now));
    }
    std::string give_cut(std::uint32_t sequence, std::string_view data, std::ptrdiff_t cut) {
        Buffer packet = ipv4(6, tcp(5060, 5061, sequence, 0, text(data)));
        packet.erase(packet.end() - cut, packet.end());
        return show(table.add(*parse_frame(LinkType::raw, packet), start));
    }
    static std::string show(std::span<const TcpPiece> pieces) {
        std::string out;
        for (const TcpPiece& piece : pieces) {
            switch (piece.kind) {
                case TcpPiece::Kind::begin:
                    out += '<';
                    break;
                case TcpPiece::Kind::data:
                    out += as_text(piece.bytes);
                    break;
                case TcpPiece::Kind::hole:
                    out += "[" + std::to_string(piece.missing) + "]";
                    break;
                case TcpPiece::Kind::end:
                    out += '>';
                    break;
            }
        }
        return out;
    }

    TcpTable table;
};

TEST(TcpStream, hands_on_bytes_in_order_at_once) {
    Feeder f;
    EXPECT_EQ(f.give(100, "", syn), "");
    EXPECT_EQ(f.give(101, "abc"), "<abc");
    EXPECT_EQ(f.give(104, "def"), "def");
    EXPECT_EQ(f.give(107, "g", fin), "g>");
}

TEST(TcpStream, says_whose_bytes_they_are) {
    Feeder f;
    const Buffer packet = ipv4(6, tcp(5060, 5061, 1, 0, text("abc")));
    const auto pieces = f.table.add(*parse_frame(LinkType::raw, packet), start);
    ASSERT_EQ(pieces.size(), 2U);
    EXPECT_EQ(pieces[1].source, (Endpoint{caller4, 5060}));
    EXPECT_EQ(pieces[1].destination, (Endpoint{callee4, 5061}));
}

TEST(TcpStream, holds_what_comes_early) {
    Feeder f;
    EXPECT_EQ(f.give(0, "", syn), "");
    EXPECT_EQ(f.give(7, "ghi"), "");
    EXPECT_EQ(f.give(4, "def"), "");
    EXPECT_EQ(f.give(1, "abc"), "<abcdefghi");
}

TEST(TcpStream, trims_copies_and_overlaps) {
    Feeder f;
    f.give(0, "", syn);
    EXPECT_EQ(f.give(1, "abc"), "<abc");
    EXPECT_EQ(f.give(1, "abc"), "");
    EXPECT_EQ(f.give(1, "abcde"), "de");
    EXPECT_EQ(f.give(8, "hi"), "");
    EXPECT_EQ(f.give(7, "ghij"), "");
    EXPECT_EQ(f.give(8, "hi"), "");
    EXPECT_EQ(f.give(5, "efghi"), "fghij");
}

TEST(TcpStream, starts_in_mid_connection) {
    Feeder f;
    EXPECT_EQ(f.give(7'000, ""), "");  // an acknowledgement, or a keep-alive one byte too low
    EXPECT_EQ(f.give(7'001, "abc"), "<abc");
    EXPECT_EQ(f.give(7'004, "def"), "def");
}

TEST(TcpStream, ignores_keep_alives) {
    Feeder f;
    EXPECT_EQ(f.give(1, "abc"), "<abc");
    EXPECT_EQ(f.give(3, ""), "");
    EXPECT_EQ(f.give(3, "c"), "");
    EXPECT_EQ(f.give(4, "d"), "d");
}

TEST(TcpStream, wraps_with_the_sequence_number) {
    Feeder f;
    f.give(0xfffffffe, "", syn);
    EXPECT_EQ(f.give(2, "def"), "");
    EXPECT_EQ(f.give(0xffffffff, "abc"), "<abcdef");
}

TEST(TcpStream, waits_for_the_bytes_before_a_fin) {
    Feeder f;
    f.give(0, "", syn);
    EXPECT_EQ(f.give(4, "def", fin), "");
    EXPECT_EQ(f.give(1, "abc"), "<abcdef>");
    EXPECT_EQ(f.give(4, "def", fin), "");
}

TEST(TcpStream, is_not_reopened_by_a_second_copy_of_the_end) {
    Feeder f;
    f.give(0, "", syn);
    EXPECT_EQ(f.give(1, "abc", fin), "<abc>");
    EXPECT_EQ(f.give(0, "", syn), "");
    EXPECT_EQ(f.give(1, "abc", fin), "");
    EXPECT_EQ(f.give(5, ""), "");
}

TEST(TcpStream, restarts_with_a_new_syn) {
    Feeder f;
    f.give(0, "", syn);
    EXPECT_EQ(f.give(1, "abc"), "<abc");
    EXPECT_EQ(f.give(0, "", syn), "");
    EXPECT_EQ(f.give(9'000, "", syn), ">");
    EXPECT_EQ(f.give(9'001, "xyz"), "<xyz");
}

TEST(TcpStream, restarts_when_a_number_can_only_be_of_another_connection) {
    Feeder f;
    EXPECT_EQ(f.give(1, "abc"), "<abc");
    EXPECT_EQ(f.give(0x40000000, "xyz"), "><xyz");
    EXPECT_EQ(f.give(0x40000003, "uvw", fin), "uvw>");
    EXPECT_EQ(f.give(0x50000000, "abc"), "<abc");
}

TEST(TcpStream, ends_with_a_reset_and_shows_what_was_held) {
    Feeder f;
    EXPECT_EQ(f.give(1, "abc"), "<abc");
    EXPECT_EQ(f.give(6, "fgh"), "");
    EXPECT_EQ(f.give(0x70000000, "", rst), "");  // forged
    EXPECT_EQ(f.give(4, "", rst), "[2]fgh>");
    EXPECT_EQ(f.give(4, "", rst), "");
}

TEST(TcpStream, gives_a_hole_up_after_so_many_segments) {
    Feeder f;
    EXPECT_EQ(f.give(1, "a"), "<a");
    std::uint32_t at = 5;
    for (std::size_t i = 0; i < limits::tcp_segments_past_hole_max; ++i)
        EXPECT_EQ(f.give(at++, "x"), "");
    EXPECT_EQ(f.give(at, "y"), "[3]" + std::string(limits::tcp_segments_past_hole_max, 'x') + "y");
    EXPECT_EQ(f.give(at + 1, "z"), "z");
    EXPECT_EQ(f.give(2, "bcd"), "");  // too late
}

TEST(TcpStream, gives_a_hole_up_after_so_many_bytes) {
    Feeder f;
    EXPECT_EQ(f.give(1, "a"), "<a");
    const std::string big(60'000, 'x');
    std::string got;
    for (std::uint32_t i = 0; i < 5; ++i)
        got += f.give(5 + i * 60'000, big);
    ASSERT_GE(got.size(), 3U);
    EXPECT_EQ(got.substr(0, 4), "[3]x");
    EXPECT_EQ(got.size(), 5 * big.size() + 3);
}

TEST(TcpStream, gives_a_hole_up_after_so_long) {
    Feeder f;
    EXPECT_EQ(f.give(1, "a"), "<a");
    EXPECT_EQ(f.give(5, "x"), "");
    EXPECT_EQ(f.give(8, "y", 0, start + seconds(1)), "");
    const MonoTime due = start + limits::tcp_hole_wait;
    EXPECT_EQ(Feeder::show(f.table.expire(due)), "");
    EXPECT_EQ(Feeder::show(f.table.expire(due + Nanos(1))), "[3]x");
    EXPECT_EQ(Feeder::show(f.table.expire(due + limits::tcp_hole_wait + Nanos(2))), "[2]y");
}

TEST(TcpStream, gives_the_next_hole_its_own_time) {
    Feeder f;
    EXPECT_EQ(f.give(1, "a"), "<a");
    EXPECT_EQ(f.give(3, "c"), "");
    EXPECT_EQ(f.give(5, "e"), "");
    const MonoTime later = start + limits::tcp_hole_wait;
    EXPECT_EQ(f.give(2, "b", 0, later), "bc");
    EXPECT_EQ(f.give(4, "d", 0, later + limits::tcp_hole_wait), "de");
}

TEST(TcpStream, another_flow_s_frame_sets_old_holes_free) {
    Feeder f;
    EXPECT_EQ(f.give(1, "a"), "<a");
    EXPECT_EQ(f.give(5, "x"), "");
    EXPECT_EQ(f.give(1, "b", 0, start + minutes(1), 7'000), "[3]x<b");
}

TEST(TcpStream, does_not_wait_for_what_the_snap_length_cut_off) {
    Feeder f;
    EXPECT_EQ(f.give_cut(1, "abcdef", 2), "<abcd");
    EXPECT_EQ(f.give(7, "ghi"), "[2]ghi");
    EXPECT_EQ(f.give(10, "jkl"), "jkl");
}

TEST(TcpStream, tells_the_missing_bytes_before_a_fin_that_are_never_seen) {
    Feeder f;
    EXPECT_EQ(f.give(1, "abc"), "<abc");
    EXPECT_EQ(f.give(9, "", fin), "");
    EXPECT_EQ(Feeder::show(f.table.expire(start + minutes(1))), "[5]>");
}

TEST(TcpStream, finishes_with_everything_that_is_held) {
    Feeder f;
    EXPECT_EQ(f.give(0, "", syn), "");
    EXPECT_EQ(f.give(3, "c"), "");
    EXPECT_EQ(f.give(5, "e"), "");
    EXPECT_EQ(Feeder::show(f.table.finish()), "<[2]c[1]e>");
    EXPECT_EQ(f.table.size(), 0U);
    EXPECT_EQ(f.give(6, "f"), "<f");
}

TEST(TcpStream, holds_no_more_flows_than_its_limit_and_ends_the_oldest) {
    Feeder f;
    EXPECT_EQ(f.give(1, "old", 0, start, 1), "<old");
    for (std::size_t i = 1; i < limits::tcp_flows_max; ++i)
        f.give(1, "x", 0, start, static_cast<std::uint16_t>(i + 1));
    EXPECT_EQ(f.table.size(), limits::tcp_flows_max);
    EXPECT_EQ(f.give(4, "older", 0, start, 1), "older");  // used again, so not the oldest now
    EXPECT_EQ(f.give(1, "new", 0, start, 65'000), "><new");
    EXPECT_EQ(f.table.size(), limits::tcp_flows_max);
    EXPECT_EQ(f.give(9, "!", 0, start, 1), "!");
}

TEST(TcpStream, keeps_the_two_directions_apart) {
    TcpTable table;
    const Buffer there = ipv4(6, tcp(1, 2, 10, 0, text("there")));
    Buffer back = ipv4(6, tcp(2, 1, 10, 0, text("back")));
    std::swap_ranges(back.begin() + 12, back.begin() + 16, back.begin() + 16);
    const auto first = table.add(*parse_frame(LinkType::raw, there), start)[0].flow;
    const auto pieces = table.add(*parse_frame(LinkType::raw, back), start);
    EXPECT_EQ(Feeder::show(pieces), "<back");
    EXPECT_NE(pieces[0].flow, first);
}

struct Segment {
    std::size_t at;
    std::size_t end;
};

// Cuts a stream anywhere, repeats some parts with other cuts, and shuffles all of it.
RC_GTEST_PROP(TcpStreamProperty, any_cutting_shuffling_and_repeating_gives_the_stream_back, ()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 2'000);
    const auto stream = *rc::gen::container<std::string>(size, rc::gen::inRange('a', 'z'));
    const auto isn = *rc::gen::oneOf(rc::gen::arbitrary<std::uint32_t>(),
                                     rc::gen::inRange<std::uint32_t>(0xffffff00, 0xffffffff));
    std::vector<Segment> segments;
    const auto most = (limits::tcp_segments_past_hole_max - 1) / 2;
    for (int copy = 0; copy < 2; ++copy) {
        std::size_t at = copy == 0 ? 0 : *rc::gen::inRange<std::size_t>(0, size);
        const std::size_t step = (size + most - 1) / most;
        while (at < size) {
            const std::size_t length = step + *rc::gen::inRange<std::size_t>(0, 100);
            segments.push_back({at, std::min(size, at + length)});
            at += length;
        }
    }
    for (std::size_t i = segments.size(); i > 1; --i)
        std::swap(segments[i - 1], segments[*rc::gen::inRange<std::size_t>(0, i)]);

    Feeder f;
    std::string got = f.give(isn, "", syn);
    for (const auto& [at, end] : segments)
        got += f.give(isn + 1 + static_cast<std::uint32_t>(at),
                      std::string_view(stream).substr(at, end - at), end == size ? fin : 0);
    RC_ASSERT(got == "<" + stream + ">");
}

// Whatever is lost, data and holes together are as long as the stream, and every byte that is
// given is the right one.
RC_GTEST_PROP(TcpStreamProperty, what_is_lost_is_a_hole_of_its_size, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 200);
    const auto lost = *rc::gen::container<std::vector<bool>>(count, rc::gen::arbitrary<bool>());
    Feeder f;
    f.give(0, "", syn);
    std::string expected;
    std::string got;
    const auto take = [&](std::span<const TcpPiece> pieces) {
        for (const TcpPiece& piece : pieces) {
            got += as_text(piece.bytes);
            if (piece.kind == TcpPiece::Kind::hole)
                got += std::string(piece.missing, '-');
        }
    };
    std::size_t last_kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string data(3, static_cast<char>('a' + i % 26));
        expected += lost[i] ? "---" : data;
        if (lost[i])
            continue;
        last_kept = expected.size();
        const Buffer packet =
            ipv4(6, tcp(5060, 5061, 1 + static_cast<std::uint32_t>(i * 3), 0, text(data)));
        take(f.table.add(*parse_frame(LinkType::raw, packet), start));
    }
    take(f.table.finish());
    RC_ASSERT(got == expected.substr(0, last_kept));
}

}  // namespace
}  // namespace nk::wire
