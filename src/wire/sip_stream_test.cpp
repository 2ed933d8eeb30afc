#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "wire/sip.h"

namespace nk::wire {
namespace {

using Messages = std::vector<std::string>;

void take_all(SipStream& stream, Messages& out) {
    while (const auto message = stream.next())
        out.emplace_back(as_text(*message));
}

// Feeds all of `bytes` in segments of `segment_bytes`.
Messages cut(SipStream& stream, std::string_view bytes, std::size_t segment_bytes) {
    Messages out;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(segment_bytes, bytes.size()))) {
        stream.feed(as_bytes(bytes.substr(0, segment_bytes)));
        take_all(stream, out);
    }
    return out;
}

std::string message(const std::string& start, const std::string& body) {
    return start + "\r\nVia: SIP/2.0/TCP a\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

const std::string invite = message("INVITE sip:a@b SIP/2.0", "v=0\r\n");
const std::string ok = message("SIP/2.0 200 OK", "");

TEST(sip_stream, gives_several_messages_of_one_segment) {
    SipStream stream;
    EXPECT_EQ(cut(stream, invite + ok + invite, 65'535), (Messages{invite, ok, invite}));
    EXPECT_TRUE(stream.is_sip());
    EXPECT_FALSE(stream.is_hopeless());
}

TEST(sip_stream, joins_a_message_of_many_segments) {
    SipStream stream;
    EXPECT_EQ(cut(stream, invite + ok, 1), (Messages{invite, ok}));
}

TEST(sip_stream, gives_nothing_before_the_body_is_whole) {
    SipStream stream;
    EXPECT_TRUE(cut(stream, invite.substr(0, invite.size() - 1), 1'000).empty());
    EXPECT_EQ(cut(stream, invite.substr(invite.size() - 1), 1'000), Messages{invite});
}

TEST(sip_stream, skips_keep_alives) {
    SipStream stream;
    EXPECT_EQ(cut(stream, "\r\n\r\n" + invite + "\r\n" + ok + "\r\n\r\n", 3),
              (Messages{invite, ok}));
}

TEST(sip_stream, takes_a_message_without_content_length_as_one_without_body) {
    const std::string bye = "BYE sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n";
    SipStream stream;
    EXPECT_EQ(cut(stream, bye + ok, 7), (Messages{bye, ok}));
}

TEST(sip_stream, reads_the_compact_the_folded_and_the_first_content_length) {
    const std::string compact = "BYE sip:a@b SIP/2.0\r\nl : 3\r\n\r\nabc";
    const std::string folded = "BYE sip:a@b SIP/2.0\r\nContent-Length:\r\n  3\r\n\r\nabc";
    const std::string twice = "BYE sip:a@b SIP/2.0\r\nL:3\r\nL:9\r\n\r\nabc";
    SipStream stream;
    EXPECT_EQ(cut(stream, compact + folded + twice + ok, 5),
              (Messages{compact, folded, twice, ok}));
}

TEST(sip_stream, finds_the_next_message_after_a_start_in_the_middle) {
    SipStream stream;
    EXPECT_EQ(cut(stream, "P/2.0\r\nVia: x\r\n\r\nv=0\r\na=b\r\n" + invite, 4), Messages{invite});
}

TEST(sip_stream, finds_the_next_message_after_a_hole) {
    SipStream stream;
    EXPECT_TRUE(cut(stream, invite.substr(0, 40), 100).empty());
    stream.hole();
    EXPECT_EQ(cut(stream, "lost: its start\r\n\r\nbody\r\n" + ok + invite, 100),
              (Messages{ok, invite}));
}

TEST(sip_stream, does_not_glue_a_lost_messages_head_to_the_next_one) {
    // The tail of a sipfrag body looks like the start of a message.
    SipStream stream;
    EXPECT_EQ(cut(stream, "SIP/2.0 100 Trying\r\n" + invite + ok, 11), (Messages{invite, ok}));
}

TEST(sip_stream, goes_on_behind_a_message_larger_than_the_limit) {
    const std::string too_large =
        "INVITE sip:a@b SIP/2.0\r\nContent-Length: 99999999999999999999\r\n\r\n";
    const std::string endless =
        "INVITE sip:a@b SIP/2.0\r\n" + std::string(limits::sip_message_bytes_max, 'x') + "\r\n\r\n";
    SipStream stream;
    EXPECT_EQ(cut(stream, too_large + ok + endless + invite, 1'448), (Messages{ok, invite}));
}

TEST(sip_stream, gives_up_on_http_and_on_bytes_without_lines) {
    SipStream http;
    std::string bytes;
    while (bytes.size() < 2 * limits::sip_stream_skipped_bytes_max)
        bytes += "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";
    EXPECT_TRUE(cut(http, bytes, 1'448).empty());
    EXPECT_TRUE(http.is_hopeless());
    EXPECT_FALSE(http.is_sip());
    EXPECT_TRUE(cut(http, invite, 1'448).empty());

    SipStream tls;
    EXPECT_TRUE(
        cut(tls, std::string(2 * limits::sip_stream_skipped_bytes_max, '\x17'), 1'448).empty());
    EXPECT_TRUE(tls.is_hopeless());
}

TEST(sip_stream, does_not_give_up_on_a_stream_that_was_sip) {
    SipStream stream;
    EXPECT_EQ(cut(stream, ok, 100), Messages{ok});
    EXPECT_TRUE(cut(stream, std::string(200'000, 'x') + "\r\n", 1'448).empty());
    EXPECT_EQ(cut(stream, ok, 100), Messages{ok});
}

TEST(sip_stream, holds_no_more_than_the_limit_and_does_not_glue_what_is_behind_the_loss) {
    SipStream stream;
    const std::string large = message("INVITE sip:a@b SIP/2.0", std::string(60'000, 'x'));
    for (int i = 0; i < 5; ++i)
        stream.feed(as_bytes(large));  // the third one does not fit
    Messages out;
    take_all(stream, out);
    EXPECT_EQ(out, (Messages{large, large}));
    EXPECT_EQ(cut(stream, ok + invite, 100), (Messages{ok, invite}));
}

// A conversation as it may be seen on the wire: messages, keep-alives, garbage, what is too large.
rc::Gen<std::string> any_piece() {
    const auto body =
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("vab=\r\n: SIP/2.0", 15)));
    return rc::gen::oneOf(
        rc::gen::map(body,
                     [](const std::string& b) { return message("INVITE sip:a@b SIP/2.0", b); }),
        rc::gen::map(body, [](const std::string& b) { return message("SIP/2.0 180 Ringing", b); }),
        rc::gen::element<std::string>("\r\n", "\r\n\r\n", "garbage", "\r", "\n",
                                      "SIP/2.0 100 T\r\n", "BYE sip:a SIP/2.0\r\nl: 70000\r\n\r\n",
                                      "ACK sip:a SIP/2.0\nl:\n 4\n\n1234"));
}

RC_GTEST_PROP(sip_stream_property, any_cutting_gives_the_same_messages, ()) {
    const auto pieces = *rc::gen::container<Messages>(any_piece());
    std::string all;
    for (const auto& piece : pieces)
        all += piece;
    RC_PRE(all.size() < limits::sip_message_bytes_max);
    SipStream whole;
    const auto expected = cut(whole, all, all.size());
    SipStream stream;
    Messages out;
    for (std::string_view rest = all; !rest.empty();) {
        const auto bytes =
            *rc::gen::inRange<std::size_t>(1, std::min<std::size_t>(rest.size(), 60) + 1);
        stream.feed(as_bytes(rest.substr(0, bytes)));
        take_all(stream, out);
        rest.remove_prefix(bytes);
    }
    RC_ASSERT(out == expected);
    RC_ASSERT(stream.is_sip() == whole.is_sip());
}

RC_GTEST_PROP(sip_stream_property, whole_messages_come_out_as_they_went_in, ()) {
    const auto bodies = *rc::gen::container<Messages>(rc::gen::arbitrary<std::string>());
    const auto segment_bytes = *rc::gen::inRange<std::size_t>(1, 200);
    Messages messages;
    std::string all;
    for (const auto& body : bodies) {
        messages.push_back(message("MESSAGE sip:a@b SIP/2.0", body));
        all += messages.back();
    }
    SipStream stream;
    RC_ASSERT(cut(stream, all, segment_bytes) == messages);
}

// An INVITE of 84 kB whose body holds a BYE for somebody else's call.
TEST(sip_stream, takes_no_message_out_of_the_body_of_one_that_is_too_large) {
    const std::string bye = "BYE sip:a@b SIP/2.0\r\nCall-ID: x\r\nContent-Length: 0\r\n\r\n";
    const std::string body = std::string(40'000, 'x') + "\r\n" + bye + std::string(40'000, 'x');
    const std::string large =
        "INVITE sip:a@b SIP/2.0\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    const std::string next = "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n";
    const std::string all = large + next;
    for (const std::size_t piece : {10'000U, 1U, 200'000U}) {
        SipStream connection(SipStream::Of::connection);
        std::vector<std::string> found;
        std::vector<bool> alone;
        for (std::size_t at = 0; at < all.size(); at += piece) {
            connection.feed(as_bytes(std::string_view(all).substr(at, piece)));
            while (const auto message = connection.next()) {
                found.emplace_back(as_text(*message));
                alone.push_back(connection.is_head_alone());
            }
        }
        EXPECT_EQ(found, (std::vector{large.substr(0, large.size() - body.size()), next}));
        EXPECT_EQ(alone, (std::vector{true, false}));
    }
}

TEST(sip_stream, has_no_patience_with_a_body_that_never_ends) {
    SipStream connection(SipStream::Of::connection);
    connection.feed(as_bytes("INVITE sip:a@b SIP/2.0\r\nContent-Length: 99999999999\r\n\r\n"));
    EXPECT_FALSE(connection.next());
    EXPECT_TRUE(connection.is_hopeless());
}

}  // namespace
}  // namespace nk::wire
