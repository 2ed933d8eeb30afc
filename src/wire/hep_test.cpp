#include "wire/hep.h"

#include <gtest/gtest.h>

#include "wire/testing_packets.h"

namespace nk::wire {
namespace {

using namespace testing;

Buffer hep_v4(std::uint8_t kind, const Buffer& payload) {
    return hep(hep_chunk(1, {2}) + hep_chunk(2, {17}) + hep_ends(caller4, 5060, callee4, 5061) +
               hep_chunk(9, {0, 0, 0, 1}) + hep_chunk(10, {0, 0, 0, 2}) + hep_chunk(11, {kind}) +
               hep_chunk(12, {0, 0, 0, 7}) + hep_chunk(15, payload));
}

TEST(Hep, reads_addresses_ports_kind_and_payload) {
    const Buffer bytes = hep_v4(1, text("hello"));
    const auto found = parse_hep(bytes);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->source, (Endpoint{.ip = caller4, .port = 5060}));
    EXPECT_EQ(found->destination, (Endpoint{.ip = callee4, .port = 5061}));
    EXPECT_EQ(found->kind, HepKind::sip);
    EXPECT_EQ(as_text(found->payload), "hello");
    EXPECT_FALSE(found->cut_short);
}

TEST(Hep, reads_ipv6_and_chunks_in_any_order) {
    const Buffer bytes = hep(hep_chunk(15, text("hello")) + hep_chunk(11, {4}) +
                             hep_ends(caller6, 10, callee6, 20) + hep_chunk(1, {10}));
    const auto found = parse_hep(bytes);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->source, (Endpoint{.ip = caller6, .port = 10}));
    EXPECT_EQ(found->destination, (Endpoint{.ip = callee6, .port = 20}));
    EXPECT_EQ(found->kind, HepKind::rtp);
}

TEST(Hep, passes_over_the_chunks_of_vendors) {
    Buffer other = hep_chunk(15, text("other"));
    other[1] = 3;
    const Buffer bytes = hep(hep_chunk(11, {5}) + hep_ends(caller4, 1, callee4, 2) +
                             hep_chunk(15, text("hello")) + other);
    const auto found = parse_hep(bytes);
    ASSERT_TRUE(found);
    EXPECT_EQ(as_text(found->payload), "hello");
}

TEST(Hep, leaves_what_follows_its_length_alone) {
    const Buffer bytes = hep_v4(1, text("hello")) + hep_chunk(15, text("after"));
    EXPECT_EQ(as_text(parse_hep(bytes)->payload), "hello");
}

TEST(Hep, says_that_the_payload_was_cut) {
    Buffer bytes = hep_v4(1, text("hello"));
    bytes.erase(bytes.end() - 2, bytes.end());
    const auto found = parse_hep(bytes);
    ASSERT_TRUE(found);
    EXPECT_EQ(as_text(found->payload), "hel");
    EXPECT_TRUE(found->cut_short);
}

TEST(Hep, refuses_what_lacks_an_address_a_port_or_a_payload) {
    const Buffer rest = hep_chunk(11, {1}) + hep_chunk(15, text("hello"));
    EXPECT_FALSE(parse_hep(hep(rest)));
    EXPECT_FALSE(parse_hep(hep(hep_chunk(3, {1, 2, 3}) + rest)));
    EXPECT_TRUE(parse_hep(hep(hep_ends(caller4, 1, callee4, 2) + rest)));
    EXPECT_FALSE(parse_hep(hep(hep_ends(caller4, 1, callee4, 2) + hep_chunk(8, {1}) + rest)));
    EXPECT_FALSE(parse_hep(hep(hep_ends(caller4, 1, callee4, 2) + hep_chunk(11, {1}))));
}

TEST(Hep, refuses_other_kinds_of_payload) {
    EXPECT_FALSE(parse_hep(hep_v4(100, text("a line of a log"))));
    EXPECT_FALSE(parse_hep(hep_v4(0, text("hello"))));
}

TEST(Hep, refuses_other_bytes_and_lengths_that_contradict_themselves) {
    Buffer bytes = hep_v4(1, text("hello"));
    EXPECT_FALSE(parse_hep(Bytes(bytes).first(5)));
    bytes[3] = '2';
    EXPECT_FALSE(parse_hep(bytes));
    bytes[3] = '3';
    bytes[4] = bytes[5] = 0;
    EXPECT_FALSE(parse_hep(bytes));
    Buffer endless = hep_chunk(15, {});
    endless[5] = 5;
    EXPECT_FALSE(parse_hep(hep(endless + hep_ends(caller4, 1, callee4, 2))));
}

}  // namespace
}  // namespace nk::wire
