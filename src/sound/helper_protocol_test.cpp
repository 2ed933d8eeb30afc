#include "sound/helper_protocol.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nk::sound::helper {
namespace {

Head head_of(const Message& message) {
    Head head{};
    std::copy_n(message.begin(), std::min(message.size(), head.size()), head.begin());
    return head;
}

RC_GTEST_PROP(HelperProtocol, gives_back_the_codec_that_was_asked_for,
              (const std::string& name, const std::string& fmtp, std::uint32_t clock_hz)) {
    const Codec codec{name, clock_hz, *rc::gen::arbitrary<std::uint32_t>(), fmtp};
    const auto handle = *rc::gen::inRange<std::uint32_t>(0, limits::helper_decoders_max);
    Message message;
    write_open(handle, codec, message);
    const auto request = read_request(message);
    RC_ASSERT(request && *request);
    RC_ASSERT((*request)->verb == Verb::open);
    RC_ASSERT((*request)->handle == handle);
    RC_ASSERT((*request)->bytes == message.size());
    const auto read = read_codec((*request)->body);
    RC_ASSERT(read && *read == codec);
}

RC_GTEST_PROP(HelperProtocol, finds_each_request_of_several_in_one_read,
              (const std::vector<std::vector<std::uint8_t>>& payloads)) {
    Message all;
    Message one;
    for (const auto& payload : payloads) {
        write_decode(7, payload, one);
        all.insert(all.end(), one.begin(), one.end());
    }
    std::size_t at = 0;
    for (const auto& payload : payloads) {
        const auto request = read_request(Bytes(all).subspan(at));
        RC_ASSERT(request && *request);
        RC_ASSERT(std::equal(payload.begin(), payload.end(), (*request)->body.begin(),
                             (*request)->body.end()));
        at += (*request)->bytes;
    }
    RC_ASSERT(at == all.size());
}

RC_GTEST_PROP(HelperProtocol, gives_back_every_sample, (const Samples& samples)) {
    Message message;
    write_samples(3, samples, message);
    const auto reply = read_reply_head(head_of(message));
    RC_ASSERT(reply && reply->status == Status::done && reply->handle == 3U);
    RC_ASSERT(reply->body_bytes == message.size() - head_bytes);
    Samples out;
    RC_ASSERT(read_samples(Bytes(message).subspan(head_bytes), out).has_value());
    RC_ASSERT(out == samples);
}

TEST(HelperProtocol, waits_for_a_request_that_is_not_whole) {
    Message message;
    write_decode(1, Message(100, 7), message);
    for (std::size_t bytes = 0; bytes < message.size(); ++bytes) {
        const auto request = read_request(Bytes(message).first(bytes));
        ASSERT_TRUE(request) << bytes;
        EXPECT_FALSE(*request) << bytes;
    }
}

TEST(HelperProtocol, refuses_requests_that_break_its_rules) {
    Message good;
    write_decode(1, Message(10, 7), good);
    auto verb = good;
    verb[4] = 0;
    EXPECT_FALSE(read_request(verb));
    verb[4] = 4;
    EXPECT_FALSE(read_request(verb));
    auto size = good;
    size[1] = 1;  // beyond any packet; refused before it has arrived
    EXPECT_FALSE(read_request(size));
    auto handle = good;
    put_be32(handle.data() + 5, limits::helper_decoders_max);
    EXPECT_FALSE(read_request(handle));
}

TEST(HelperProtocol, refuses_an_open_whose_sizes_do_not_add_up) {
    EXPECT_FALSE(read_codec(Message(9)));
    Message body(12);
    body[9] = 3;  // a name of three octets in a body with two left
    EXPECT_FALSE(read_codec(body));
    body[9] = 2;
    EXPECT_TRUE(read_codec(body));
    EXPECT_FALSE(read_codec(Message(11 + limits::helper_codec_bytes_max)));
}

TEST(HelperProtocol, refuses_replies_that_break_its_rules) {
    EXPECT_FALSE(read_reply_head({0, 0, 0, 0, 4, 0, 0, 0, 0}));
    EXPECT_FALSE(read_reply_head({0x7f, 0, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_TRUE(read_reply_head({0, 0, 0, 0, 3, 0, 0, 0, 0}));
    EXPECT_FALSE(read_rate(Message{0, 0, 0x1f}));
    EXPECT_FALSE(read_rate(Message{0, 0, 0, 1}));
    EXPECT_FALSE(read_rate(Message{0xff, 0, 0, 1}));
    EXPECT_EQ(*read_rate(Message{0, 0, 0x1f, 0x40}), 8'000U);
    Samples out{5};
    EXPECT_FALSE(read_samples(Message(3), out));
    EXPECT_EQ(out, Samples{5});
}

TEST(HelperProtocol, says_why_in_a_sentence_of_bounded_length) {
    Message message;
    write_refusal(9, Status::limit, std::string(10'000, 'x'), message);
    const auto reply = read_reply_head(head_of(message));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, Status::limit);
    EXPECT_LT(reply->body_bytes, 1'000U);
}

}  // namespace
}  // namespace nk::sound::helper
