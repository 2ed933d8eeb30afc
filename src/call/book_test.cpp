// The book of calls, told by SIP text and media packets as a tap would hand them in.

#include "call/book.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.h"

namespace nk::call {
namespace {

struct Ended {
    CallFacts facts;
    std::uint64_t media_packets;
};

class Listener : public Ear {
public:
    void hears(Call&, Track& track, const MediaPacket&) override { ++heard[track.party]; }
    void learns(Call&, Track& track, MonoTime) override { may_send[track.party] = track.may_send; }
    void ends(Call& call, MonoTime) override {
        ended.push_back({call.facts(call.began), call.media_packets});
    }
    void passes(MonoTime) override {}
    void tells(Call&, MonoTime) override {}
    std::array<int, 8> heard{};
    std::array<bool, 8> may_send{true, true};
    std::vector<Ended> ended;
};

struct Sip {
    std::string start;
    std::string cseq;
    std::string from_tag = "a";
    std::string to_tag{};
    std::string media{};  // "192.0.2.1 4000" and what follows it in the SDP
    std::string call_id = "one@192.0.2.1";
    std::string extra{};
};

class BookTest : public ::testing::Test {
protected:
    void tell(const Sip& sip) {
        std::string text = sip.start +
                           "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: \"Ann\" "
                           "<sip:100@192.0.2.1>;tag=" +
                           sip.from_tag + "\r\nTo: <sip:200@192.0.2.2>" +
                           (sip.to_tag.empty() ? "" : ";tag=" + sip.to_tag) +
                           "\r\nCall-ID: " + sip.call_id + "\r\nCSeq: " + sip.cseq +
                           "\r\nMax-Forwards: 70\r\n" + sip.extra;
        std::string body;
        if (!sip.media.empty()) {
            const auto space = sip.media.find(' ');
            const auto end = sip.media.find_first_of(" \r", space + 1);
            const std::string address = sip.media.substr(0, space);
            const std::string port =
                sip.media.substr(space + 1, end == std::string::npos ? end : end - space - 1);
            body = "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address +
                   "\r\nt=0 0\r\nm=audio " + port + " RTP/AVP 8 0\r\n" +
                   (end == std::string::npos ? "" : sip.media.substr(end + 1));
            text += "Content-Type: application/sdp\r\n";
        }
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        const auto message = wire::parse_sip(as_bytes(text));
        ASSERT_TRUE(message) << text;
        book_.tick(now_);
        book_.on_sip(*message, now_, WallTime{now_.ns});
    }
    void media(const std::string& from, std::uint16_t from_port, const std::string& to,
               std::uint16_t to_port, int packets = 50) {
        for (int i = 0; i < packets; ++i) {
            pass(milliseconds(20));
            const auto route = book_.route(book_.media().at({*wire::parse_ip(from), from_port}),
                                           book_.media().at({*wire::parse_ip(to), to_port}));
            if (route.call == nullptr) {
                ++unrouted_;
                continue;
            }
            book_.on_media(*route.call, *route.track,
                           {.arrival = now_,
                            .ssrc = 1,
                            .sequence = static_cast<std::uint16_t>(i),
                            .payload_type = 8,
                            .payload = {}});
        }
    }
    void pass(Nanos time) {
        now_ = now_ + time;
        book_.tick(now_);
    }
    void set_up(const std::string& call_id = "one@192.0.2.1") {
        tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "192.0.2.1 4000", call_id});
        tell({"SIP/2.0 180 Ringing", "1 INVITE", "a", "b", "", call_id});
        tell({"SIP/2.0 200 OK", "1 INVITE", "a", "b", "192.0.2.2 5000", call_id});
        tell({"ACK sip:200@192.0.2.2 SIP/2.0", "1 ACK", "a", "b", "", call_id});
    }
    void hang_up(const std::string& call_id = "one@192.0.2.1") {
        tell({"BYE sip:200@192.0.2.2 SIP/2.0", "2 BYE", "a", "b", "", call_id});
        tell({"SIP/2.0 200 OK", "2 BYE", "a", "b", "", call_id});
    }
    Listener listener_;
    Book book_{listener_};
    MonoTime now_{seconds(1'000).count()};
    int unrouted_ = 0;
};

TEST_F(BookTest, media_of_both_parties_is_known_by_the_ports_their_sdp_named) {
    set_up();
    media("192.0.2.1", 4000, "192.0.2.2", 5000, 30);
    media("192.0.2.2", 5000, "192.0.2.1", 4000, 20);
    hang_up();
    pass(seconds(2));
    EXPECT_EQ(listener_.heard[0], 30);
    EXPECT_EQ(listener_.heard[1], 20);
    ASSERT_EQ(listener_.ended.size(), 1U);
    const auto& facts = listener_.ended[0].facts;
    EXPECT_TRUE(facts.answered);
    EXPECT_EQ(facts.ending, Ending::bye);
    EXPECT_EQ(facts.parties[0].number, "100");
    EXPECT_EQ(facts.parties[0].name, "Ann");
    EXPECT_EQ(facts.parties[1].number, "200");
    EXPECT_EQ(book_.in_progress(), 0U);
}

TEST_F(BookTest, media_from_behind_a_nat_is_known_by_its_destination_and_back_by_its_source) {
    set_up();
    media("198.51.100.9", 61'000, "192.0.2.2", 5000, 10);
    media("192.0.2.2", 5000, "198.51.100.9", 61'000, 10);
    EXPECT_EQ(listener_.heard[0], 10);
    EXPECT_EQ(listener_.heard[1], 10);
}

TEST_F(BookTest, a_reply_that_overtakes_its_request_opens_the_same_call) {
    tell({"SIP/2.0 200 OK", "1 INVITE", "a", "b", "192.0.2.2 5000"});
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "192.0.2.1 4000"});
    media("192.0.2.1", 4000, "192.0.2.2", 5000, 5);
    media("192.0.2.2", 5000, "192.0.2.1", 4000, 5);
    EXPECT_EQ(book_.in_progress(), 1U);
    EXPECT_EQ(listener_.heard[0], 5);
    EXPECT_EQ(listener_.heard[1], 5);
}

TEST_F(BookTest, retransmissions_change_nothing) {
    set_up();
    set_up();
    hang_up();
    hang_up();
    pass(seconds(2));
    ASSERT_EQ(listener_.ended.size(), 1U);
    std::size_t answered = 0;
    for (const auto& event : listener_.ended[0].facts.events)
        answered += event.what == "answered" ? 1 : 0;
    EXPECT_EQ(answered, 1U);
}

TEST_F(BookTest, a_fork_is_one_call_whose_branches_are_all_heard) {
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "192.0.2.1 4000"});
    tell({"SIP/2.0 183 Session Progress", "1 INVITE", "a", "b", "192.0.2.2 5000"});
    media("192.0.2.2", 5000, "192.0.2.1", 4000, 5);
    tell({"SIP/2.0 183 Session Progress", "1 INVITE", "a", "c", "192.0.2.3 6000"});
    media("192.0.2.3", 6000, "192.0.2.1", 4000, 5);
    tell({"SIP/2.0 200 OK", "1 INVITE", "a", "c", "192.0.2.3 6000"});
    media("192.0.2.1", 4000, "192.0.2.3", 6000, 5);
    EXPECT_EQ(book_.in_progress(), 1U);
    EXPECT_EQ(listener_.heard[1], 10);
    EXPECT_EQ(listener_.heard[0], 5);
}

TEST_F(BookTest, a_bye_to_one_answered_branch_does_not_end_the_other) {
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "192.0.2.1 4000"});
    tell({"SIP/2.0 200 OK", "1 INVITE", "a", "b", "192.0.2.2 5000"});
    tell({"SIP/2.0 200 OK", "1 INVITE", "a", "c", "192.0.2.3 6000"});
    tell({"BYE sip:200@192.0.2.2 SIP/2.0", "2 BYE", "a", "b"});
    pass(minutes(1));
    EXPECT_EQ(book_.in_progress(), 1U);
    tell({"BYE sip:200@192.0.2.3 SIP/2.0", "3 BYE", "a", "c"});
    pass(minutes(1));
    EXPECT_EQ(book_.in_progress(), 0U);
}

TEST_F(BookTest, a_busy_branch_is_no_end_while_another_rings) {
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "192.0.2.1 4000"});
    tell({"SIP/2.0 486 Busy Here", "1 INVITE", "a", "b"});
    pass(seconds(5));
    tell({"SIP/2.0 180 Ringing", "1 INVITE", "a", "c"});
    pass(seconds(60));
    tell({"SIP/2.0 200 OK", "1 INVITE", "a", "c", "192.0.2.3 6000"});
    media("192.0.2.1", 4000, "192.0.2.3", 6000, 5);
    EXPECT_EQ(listener_.heard[0], 5);
    EXPECT_EQ(book_.counts().attempts, 0U);
}

TEST_F(BookTest, an_offer_that_is_refused_changes_nothing) {
    set_up();
    media("192.0.2.1", 4000, "192.0.2.2", 5000, 1);
    media("192.0.2.2", 5000, "192.0.2.1", 4000, 1);
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "7 INVITE", "a", "b",
          "192.0.2.1 4000 a=sendonly\r\n"});
    EXPECT_TRUE(listener_.may_send[1]) << "an offer alone holds nobody";
    tell({"SIP/2.0 488 Not Acceptable Here", "7 INVITE", "a", "b"});
    EXPECT_TRUE(listener_.may_send[1]);
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "8 INVITE", "a", "b",
          "192.0.2.1 4000 a=sendonly\r\n"});
    tell({"SIP/2.0 200 OK", "8 INVITE", "a", "b", "192.0.2.2 5000 a=recvonly\r\n"});
    EXPECT_FALSE(listener_.may_send[1]);
}

TEST_F(BookTest, encryption_that_is_offered_and_not_taken_is_none) {
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "",
          "192.0.2.1 4000 a=crypto:1 AES_CM_128_HMAC_SHA1_80 "
          "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n"});
    tell({"SIP/2.0 200 OK", "1 INVITE", "a", "b", "192.0.2.2 5000"});
    const auto route = book_.route(book_.media().at({*wire::parse_ip("192.0.2.1"), 4000}),
                                   book_.media().at({*wire::parse_ip("192.0.2.2"), 5000}));
    ASSERT_NE(route.track, nullptr);
    EXPECT_FALSE(route.track->secured);
}

// RFC 4568 5.1.3: the answer's tag says which of the offered keys the caller uses.
TEST_F(BookTest, each_side_sends_with_the_key_of_its_own_that_the_answer_chose) {
    const auto crypto = [](int tag, char first) {
        return "a=crypto:" + std::to_string(tag) + " AES_CM_128_HMAC_SHA1_80 inline:" + first +
               std::string(39, 'A') + "\r\n";
    };
    const auto first_letters = [&](std::size_t party) {
        const auto a = book_.media().find({*wire::parse_ip("192.0.2.1"), 4000});
        const auto* track = a->call->track(party, 0);
        std::string letters;
        for (const auto& key : track->keys ? *track->keys : SrtpKeys())
            letters += static_cast<char>('A' + (key.key[0] >> 2));
        return letters;
    };
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "",
          "192.0.2.1 4000 " + crypto(1, 'B') + crypto(2, 'C')});
    EXPECT_EQ(first_letters(0), "BC");
    tell({"SIP/2.0 200 OK", "1 INVITE", "a", "b", "192.0.2.2 5000 " + crypto(2, 'D')});
    EXPECT_EQ(first_letters(0), "CBD");
    EXPECT_EQ(first_letters(1), "DCB");
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "2 INVITE", "a", "b",
          "192.0.2.1 4000 " + crypto(1, 'E')});
    EXPECT_EQ(first_letters(0), "CBD") << "an offer changes nothing before it is accepted";
    tell({"SIP/2.0 200 OK", "2 INVITE", "a", "b", "192.0.2.2 5000 " + crypto(1, 'F')});
    EXPECT_EQ(first_letters(0), "ECFD") << "what was in use is still known";
    EXPECT_EQ(first_letters(1), "FDEC");
}

TEST_F(BookTest, what_a_stranger_says_is_kept_as_long_as_it_can_mean_something) {
    set_up();
    for (int i = 0; i < 3; ++i)
        tell({"REFER sip:200@192.0.2.2 SIP/2.0", "5 REFER", "a", "b", "", "one@192.0.2.1",
              "Refer-To: <sip:" + std::string(20'000, 'x') + "@192.0.2.9>\r\n"});
    hang_up();
    pass(seconds(2));
    std::size_t transfers = 0;
    for (const auto& event : listener_.ended.at(0).facts.events) {
        transfers += event.what == "transferred" ? 1 : 0;
        EXPECT_LE(event.detail.size(), limits::kept_text_bytes_max);
    }
    EXPECT_EQ(transfers, 1U);
}

TEST_F(BookTest, two_calls_may_share_a_call_id_when_their_tags_differ) {
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "192.0.2.1 4000"});
    tell({"INVITE sip:300@192.0.2.3 SIP/2.0", "1 INVITE", "x", "", "192.0.2.8 7000"});
    EXPECT_EQ(book_.in_progress(), 2U);
    tell({"SIP/2.0 200 OK", "1 INVITE", "x", "y", "192.0.2.3 8000"});
    media("192.0.2.3", 8000, "192.0.2.8", 7000, 3);
    EXPECT_EQ(listener_.heard[1], 3);
}

TEST_F(BookTest, hold_and_resume_are_told_with_the_moved_port) {
    set_up();
    media("192.0.2.1", 4000, "192.0.2.2", 5000, 5);
    media("192.0.2.2", 5000, "192.0.2.1", 4000, 5);
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "2 INVITE", "a", "b",
          "192.0.2.1 4000 a=sendonly\r\n"});
    tell({"SIP/2.0 200 OK", "2 INVITE", "a", "b", "192.0.2.2 5000 a=recvonly\r\n"});
    EXPECT_FALSE(listener_.may_send[1]);
    EXPECT_TRUE(listener_.may_send[0]);
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "3 INVITE", "a", "b",
          "192.0.2.1 4010 a=sendrecv\r\n"});
    tell({"SIP/2.0 200 OK", "3 INVITE", "a", "b", "192.0.2.2 5000 a=sendrecv\r\n"});
    EXPECT_TRUE(listener_.may_send[1]);
    media("192.0.2.2", 5000, "192.0.2.1", 4010, 5);
    EXPECT_EQ(listener_.heard[1], 10);
    hang_up();
    pass(seconds(2));
    std::string story;
    for (const auto& event : listener_.ended.at(0).facts.events)
        story += event.what + " ";
    EXPECT_EQ(story, "invited ringing answered held moved resumed ended ");
}

TEST_F(BookTest, a_request_of_the_called_party_turns_the_tags_around) {
    set_up();
    tell({"INVITE sip:100@192.0.2.1 SIP/2.0", "1 INVITE", "b", "a", "192.0.2.2 5020"});
    tell({"SIP/2.0 200 OK", "1 INVITE", "b", "a", "192.0.2.1 4020"});
    media("192.0.2.1", 4020, "192.0.2.2", 5020, 4);
    media("192.0.2.2", 5020, "192.0.2.1", 4020, 3);
    EXPECT_EQ(listener_.heard[0], 4);
    EXPECT_EQ(listener_.heard[1], 3);
    EXPECT_EQ(book_.in_progress(), 1U);
}

TEST_F(BookTest, five_calls_in_a_row_on_the_same_ports_are_five) {
    for (int i = 0; i < 5; ++i) {
        const std::string id = "call-" + std::to_string(i);
        set_up(id);
        media("192.0.2.1", 4000, "192.0.2.2", 5000, 10);
        hang_up(id);
        pass(milliseconds(50));
    }
    pass(seconds(6));
    ASSERT_EQ(listener_.ended.size(), 5U);
    for (const auto& call : listener_.ended)
        EXPECT_EQ(call.media_packets, 10U);
}

TEST_F(BookTest, an_attempt_nobody_answered_is_counted_and_no_call) {
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "192.0.2.1 4000"});
    tell({"CANCEL sip:200@192.0.2.2 SIP/2.0", "1 CANCEL", "a"});
    tell({"SIP/2.0 487 Request Terminated", "1 INVITE", "a", "b"});
    pass(minutes(1));
    EXPECT_EQ(book_.counts().attempts, 1U);
    EXPECT_EQ(book_.counts().calls, 0U);
    EXPECT_EQ(listener_.ended.at(0).facts.ending, Ending::cancelled);
}

TEST_F(BookTest, a_challenge_is_not_the_end_of_an_attempt) {
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "192.0.2.1 4000"});
    tell({"SIP/2.0 407 Proxy Authentication Required", "1 INVITE", "a", "p"});
    pass(milliseconds(300));
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "2 INVITE", "a", "", "192.0.2.1 4000"});
    tell({"SIP/2.0 200 OK", "2 INVITE", "a", "b", "192.0.2.2 5000"});
    pass(minutes(1));
    EXPECT_EQ(book_.in_progress(), 1U);
}

TEST_F(BookTest, a_lost_bye_ends_by_silence_and_says_so) {
    set_up();
    media("192.0.2.1", 4000, "192.0.2.2", 5000, 10);
    pass(minutes(30));
    EXPECT_EQ(book_.in_progress(), 1U) << "half an hour on hold is no end";
    pass(limits::call_silent_max);
    ASSERT_EQ(listener_.ended.size(), 1U);
    EXPECT_EQ(listener_.ended[0].facts.ending, Ending::timed_out);
    ASSERT_FALSE(listener_.ended[0].facts.oddities.empty());
    EXPECT_EQ(listener_.ended[0].facts.oddities[0].name, "bye-missing");
}

TEST_F(BookTest, a_flood_of_tags_under_one_call_id_is_bounded) {
    for (int i = 0; i < 500; ++i)
        tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "flood" + std::to_string(i), "",
              "192.0.2.1 4000"});
    EXPECT_EQ(book_.in_progress(), limits::calls_per_call_id_max);
    EXPECT_EQ(book_.counts().refused_calls, 500 - limits::calls_per_call_id_max);
}

TEST_F(BookTest, conversation_keys_are_taken_from_the_headers_made_for_them) {
    tell({"INVITE sip:200@192.0.2.2 SIP/2.0", "1 INVITE", "a", "", "", "one@192.0.2.1",
          "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000\r\n"
          "Cisco-Guid: 1-2-3-4\r\n"});
    book_.finish(Ending::capture_ended, now_);
    EXPECT_EQ(listener_.ended.at(0).facts.conversation_keys,
              (std::vector<std::string>{"session-id:ab30317f1a784dc48ff824d0d3715d86",
                                        "cisco-guid:1-2-3-4"}));
}

}  // namespace
}  // namespace nk::call
