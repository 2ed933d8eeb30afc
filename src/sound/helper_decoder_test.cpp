#include "sound/helper_decoder.h"

#include <algorithm>
#include <deque>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "sound/helper_protocol.h"

namespace nk::sound {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::uint8_t deadly = 0xdd;    // a payload that begins so ends the helper
constexpr std::uint8_t refused = 0xee;   // is refused
constexpr std::uint8_t babble = 0xbb;    // is answered with something that is no reply
constexpr std::uint8_t mistaken = 0xcc;  // is answered for another handle

// What the helpers of one test did, over all their lives.
struct Story {
    std::size_t starts = 0;
    std::size_t opens = 0;
    std::size_t closes = 0;
    bool may_start = true;
    bool gone = false;  // as if the running one had been killed
    std::uint32_t rate_hz = 8'000;
};

// A helper that answers each payload with as many samples as it has octets.
class FakeHelper : public Pipe {
public:
    explicit FakeHelper(Story& story) : story_(story) {}

    Result<void> send(Bytes bytes) override {
        if (story_.gone)
            return lost();
        const auto request = helper::read_request(bytes);
        EXPECT_TRUE(request && *request);
        helper::Message reply;
        answer(**request, reply);
        replies_.insert(replies_.end(), reply.begin(), reply.end());
        return {};
    }
    Result<void> receive(std::span<std::uint8_t> out) override {
        if (story_.gone || replies_.size() < out.size())
            return lost();
        std::copy_n(replies_.begin(), out.size(), out.begin());
        replies_.erase(replies_.begin(),
                       replies_.begin() + static_cast<std::ptrdiff_t>(out.size()));
        return {};
    }

private:
    static tl::unexpected<Error> lost() { return refuse(Code::io, Blame::machine, "it has gone"); }
    void answer(const helper::Request& request, helper::Message& reply) {
        if (request.verb == helper::Verb::close) {
            ++story_.closes;
        } else if (request.verb == helper::Verb::open) {
            ++story_.opens;
            const auto codec = helper::read_codec(request.body);
            if (codec && codec->name == "GSM")
                helper::write_refusal(request.handle, helper::Status::unsupported, "no", reply);
            else
                helper::write_opened(request.handle, story_.rate_hz, reply);
        } else if (request.body[0] == deadly) {
            story_.gone = true;
        } else if (request.body[0] == refused) {
            helper::write_refusal(request.handle, helper::Status::malformed, "not so", reply);
        } else if (request.body[0] == babble) {
            reply = Octets(64, 0xff);
        } else {
            const auto handle = request.handle + (request.body[0] == mistaken ? 1U : 0U);
            helper::write_samples(handle, Samples(request.body.size(), 5), reply);
        }
    }

    Story& story_;
    std::deque<std::uint8_t> replies_;
};

HelperDecoders helpers(Story& story) {
    return HelperDecoders([&story]() -> Result<std::unique_ptr<Pipe>> {
        if (!story.may_start)
            return refuse(Code::not_found, Blame::machine, "no helper");
        ++story.starts;
        story.gone = false;
        return std::make_unique<FakeHelper>(story);
    });
}

const Codec g729{"G729", 8'000, 1, ""};

TEST(HelperDecoder, appends_what_the_helper_answers) {
    Story story;
    auto maker = helpers(story);
    auto decoder = maker.make(g729);
    ASSERT_TRUE(decoder);
    EXPECT_EQ((*decoder)->rate_hz(), 8'000U);
    Samples out{1};
    ASSERT_TRUE((*decoder)->decode(Octets(2, 0), out));
    ASSERT_TRUE((*decoder)->decode(Octets(1, 0), out));
    EXPECT_EQ(out, (Samples{1, 5, 5, 5}));
    EXPECT_EQ(story.starts, 1U);
    EXPECT_EQ(story.opens, 1U);
}

TEST(HelperDecoder, goes_on_after_a_refused_packet_with_the_same_helper) {
    Story story;
    auto maker = helpers(story);
    auto decoder = maker.make(g729);
    ASSERT_TRUE(decoder);
    Samples out{1};
    const auto decoded = (*decoder)->decode(Octets{refused}, out);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, Code::malformed);
    EXPECT_EQ(decoded.error().what, "not so");
    EXPECT_EQ(out, Samples{1});
    EXPECT_TRUE((*decoder)->decode(Octets{0}, out));
    EXPECT_EQ(story.starts, 1U);
}

TEST(HelperDecoder, loses_only_the_packet_that_ended_the_helper) {
    Story story;
    auto maker = helpers(story);
    auto first = maker.make(g729);
    auto second = maker.make(g729);
    ASSERT_TRUE(first && second);
    for (const auto poison : {deadly, babble, mistaken}) {
        Samples out;
        EXPECT_FALSE((*first)->decode(Octets{poison}, out));
        EXPECT_TRUE(out.empty());
        EXPECT_TRUE((*first)->decode(Octets{0}, out));
        EXPECT_TRUE((*second)->decode(Octets{0}, out));
        EXPECT_EQ(out.size(), 2U);
    }
    EXPECT_EQ(story.starts, 4U);
    EXPECT_EQ(story.opens, 8U);  // both, in each of the four
}

TEST(HelperDecoder, loses_no_packet_when_the_helper_had_gone_before) {
    Story story;
    auto maker = helpers(story);
    auto decoder = maker.make(g729);
    ASSERT_TRUE(decoder);
    story.gone = true;
    Samples out;
    EXPECT_TRUE((*decoder)->decode(Octets{0}, out));
    EXPECT_EQ(story.starts, 2U);
    story.gone = true;
    EXPECT_TRUE(maker.make(g729));
    EXPECT_EQ(story.starts, 3U);
}

TEST(HelperDecoder, stops_trying_a_stream_that_ends_every_helper) {
    Story story;
    auto maker = helpers(story);
    auto bad = maker.make(g729);
    auto good = maker.make(g729);
    ASSERT_TRUE(bad && good);
    Samples out;
    for (std::size_t i = 0; i < 50; ++i) {
        EXPECT_FALSE((*bad)->decode(Octets{deadly}, out));
        EXPECT_TRUE((*good)->decode(Octets{0}, out));
    }
    EXPECT_EQ(story.starts, 1 + limits::helper_deaths_per_decoder_max);
}

TEST(HelperDecoder, gives_up_a_helper_that_never_lives_to_decode) {
    Story story;
    auto maker = helpers(story);
    std::vector<std::unique_ptr<Decoder>> decoders;
    Samples out;
    for (std::size_t i = 0; i < 2 * limits::helper_restarts_in_a_row_max; ++i) {
        auto decoder = maker.make(g729);
        if (decoder) {
            EXPECT_FALSE((*decoder)->decode(Octets{deadly}, out));
        }
    }
    EXPECT_EQ(story.starts, limits::helper_restarts_in_a_row_max);
}

TEST(HelperDecoder, says_so_when_there_is_no_helper_or_no_such_decoder) {
    Story story;
    auto maker = helpers(story);
    EXPECT_EQ(maker.make({"GSM", 8'000, 1, ""}).error().code, Code::unsupported);
    EXPECT_EQ(maker.make({"EVS", 16'000, 1, ""}).error().code, Code::unsupported);
    EXPECT_EQ(maker.make({"G729", 8'000, 1, std::string(5'000, 'x')}).error().code,
              Code::unsupported);
    story.may_start = false;
    story.gone = true;
    EXPECT_EQ(maker.make(g729).error().code, Code::not_found);
}

TEST(HelperDecoder, gives_its_handle_back_when_it_goes) {
    Story story;
    auto maker = helpers(story);
    for (std::size_t i = 0; i < 3 * limits::helper_decoders_max; ++i)
        ASSERT_TRUE(maker.make(g729)) << i;
    EXPECT_EQ(story.closes, 3 * limits::helper_decoders_max);
}

TEST(HelperDecoder, opens_no_more_decoders_than_the_helper_has_room_for) {
    Story story;
    auto maker = helpers(story);
    std::vector<std::unique_ptr<Decoder>> decoders;
    for (std::size_t i = 0; i < limits::helper_decoders_max; ++i) {
        auto decoder = maker.make(g729);
        ASSERT_TRUE(decoder);
        decoders.push_back(std::move(*decoder));
    }
    EXPECT_EQ(maker.make(g729).error().code, Code::limit);
    decoders.pop_back();
    EXPECT_TRUE(maker.make(g729));
}

TEST(HelperDecoder, refuses_a_decoder_whose_rate_changes_under_it) {
    Story story;
    auto maker = helpers(story);
    auto decoder = maker.make(g729);
    ASSERT_TRUE(decoder);
    story.gone = true;
    story.rate_hz = 16'000;
    Samples out;
    EXPECT_FALSE((*decoder)->decode(Octets{0}, out));
}

}  // namespace
}  // namespace nk::sound
