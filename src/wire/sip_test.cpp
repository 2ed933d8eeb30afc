#include "wire/sip.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"

namespace nk::wire {
namespace {

const std::string plain_invite =
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\n"
    "From: \"Ann\" <sip:ann@example.com>;tag=a1\r\n"
    "To: <sip:bob@example.com>\r\n"
    "Call-ID: one@192.0.2.1\r\n"
    "CSeq: 7 INVITE\r\n"
    "Max-Forwards: 70\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 5\r\n"
    "\r\n"
    "v=0\r\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

// A message looks into the bytes it was read from: both are kept together.
struct Reading : SipMessage {
    std::unique_ptr<const std::string> bytes;
};

Reading read(const std::string& text) {
    Reading reading;
    reading.bytes = std::make_unique<const std::string>(text);
    auto message = parse_sip(as_bytes(*reading.bytes));
    EXPECT_TRUE(message) << text;
    if (message)
        static_cast<SipMessage&>(reading) = std::move(*message);
    return reading;
}

bool has_fault(const SipMessage& message, std::string_view part) {
    return std::any_of(message.faults.begin(), message.faults.end(), [&](const std::string& fault) {
        return fault.find(part) != std::string::npos;
    });
}

TEST(sip, reads_a_request) {
    const auto message = read(plain_invite);
    EXPECT_TRUE(message.is_request);
    EXPECT_EQ(message.method, "INVITE");
    EXPECT_EQ(message.request_uri, "sip:bob@example.com");
    EXPECT_EQ(message.headers.size(), 8U);
    EXPECT_EQ(message.header("call-id"), "one@192.0.2.1");
    EXPECT_EQ(message.call_id(), "one@192.0.2.1");
    EXPECT_EQ(message.from_tag(), "a1");
    EXPECT_EQ(message.to_tag(), "");
    EXPECT_EQ(message.cseq(), 7U);
    EXPECT_EQ(as_text(message.body), "v=0\r\n");
    EXPECT_TRUE(message.trailing.empty());
    EXPECT_TRUE(message.faults.empty()) << message.faults.front();
}

TEST(sip, reads_a_response_and_takes_its_method_from_cseq) {
    auto text =
        replaced(plain_invite, "INVITE sip:bob@example.com SIP/2.0", "SIP/2.0 183 In Progress");
    const auto message = read(text);
    EXPECT_FALSE(message.is_request);
    EXPECT_EQ(message.status, 183);
    EXPECT_EQ(message.reason, "In Progress");
    EXPECT_EQ(message.method, "INVITE");
    EXPECT_TRUE(message.faults.empty()) << message.faults.front();
}

TEST(sip, reads_a_response_without_a_reason) {
    auto text = replaced(plain_invite, "INVITE sip:bob@example.com SIP/2.0", "SIP/2.0 100 ");
    EXPECT_TRUE(read(text).faults.empty());
    text = replaced(plain_invite, "INVITE sip:bob@example.com SIP/2.0", "SIP/2.0 100");
    EXPECT_EQ(read(text).status, 100);
}

TEST(sip, knows_every_compact_form) {
    const std::string text =
        "OPTIONS sip:b@example.com SIP/2.0\r\n"
        "v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nf: <sip:a@example.com>;tag=1\r\n"
        "t: <sip:b@example.com>\r\ni: x\r\nCSeq: 1 OPTIONS\r\nm: <sip:a@192.0.2.1>\r\n"
        "c: text/plain\r\ne: gzip\r\nl: 1\r\ns: s\r\nk: 100rel\r\na: *\r\nb: "
        "<sip:c@example.com>\r\n"
        "u: x\r\no: y\r\nr: <sip:d@example.com>\r\nx: 90\r\ny: z\r\nd: fork\r\nj: *\r\nn: "
        "<http://x>\r\n"
        "\r\n!";
    const auto message = read(text);
    for (const char* name : {"Via",
                             "From",
                             "To",
                             "Call-ID",
                             "Contact",
                             "Content-Type",
                             "Content-Encoding",
                             "Content-Length",
                             "Subject",
                             "Supported",
                             "Accept-Contact",
                             "Referred-By",
                             "Allow-Events",
                             "Event",
                             "Refer-To",
                             "Session-Expires",
                             "Identity",
                             "Request-Disposition",
                             "Reject-Contact",
                             "Identity-Info"})
        EXPECT_FALSE(message.header(name).empty()) << name;
    EXPECT_TRUE(message.faults.empty()) << message.faults.front();
}

TEST(sip, joins_folded_values_with_one_blank) {
    const auto message = read(replaced(plain_invite, "Max-Forwards: 70",
                                       "Subject: one\r\n  two\r\n\tthree\r\nMax-Forwards:\r\n 70"));
    EXPECT_EQ(message.header("Subject"), "one two three");
    EXPECT_EQ(message.header("Max-Forwards"), "70");
    EXPECT_TRUE(message.faults.empty()) << message.faults.front();
}

TEST(sip, keeps_folded_values_when_the_message_is_moved) {
    auto first = read(replaced(plain_invite, "Max-Forwards: 70", "Subject: a\r\n b"));
    const SipMessage second = std::move(first);
    Reading third;
    third = read(replaced(plain_invite, "Max-Forwards: 70", "Subject: c\r\n d"));
    EXPECT_EQ(second.header("Subject"), "a b");
    EXPECT_EQ(third.header("Subject"), "c d");
}

TEST(sip, gives_every_line_of_a_header_that_stands_several_times) {
    const auto message = read(
        replaced(plain_invite, "Max-Forwards: 70",
                 "Record-Route: <sip:a.example.com;lr>\r\nrecord-route: <sip:b.example.com;lr>"));
    ASSERT_EQ(message.all("Record-Route").size(), 2U);
    EXPECT_EQ(message.all("Record-Route")[1], "<sip:b.example.com;lr>");
}

TEST(sip, takes_the_rest_of_a_datagram_as_body_without_content_length) {
    const auto message = read(replaced(plain_invite, "Content-Length: 5\r\n", ""));
    EXPECT_EQ(as_text(message.body), "v=0\r\n");
    EXPECT_TRUE(message.faults.empty());
}

TEST(sip, ends_the_body_where_content_length_says) {
    const auto message = read(plain_invite + "BYE sip:x SIP/2.0\r\n\r\n");
    EXPECT_EQ(as_text(message.body), "v=0\r\n");
    EXPECT_EQ(as_text(message.trailing), "BYE sip:x SIP/2.0\r\n\r\n");
    EXPECT_TRUE(message.faults.empty());  // RFC 4475 3.1.1.8
}

TEST(sip, takes_what_is_there_when_content_length_says_more) {
    const auto message = read(replaced(plain_invite, "Content-Length: 5", "Content-Length: 9999"));
    EXPECT_EQ(as_text(message.body), "v=0\r\n");
    EXPECT_TRUE(has_fault(message, "fewer bytes"));
}

TEST(sip, notes_content_lengths_that_cannot_be_believed) {
    EXPECT_TRUE(has_fault(read(replaced(plain_invite, "Length: 5", "Length: -999")), "unreadable"));
    EXPECT_TRUE(
        has_fault(read(replaced(plain_invite, "Length: 5", "Length: 5\r\nl: 3")), "differ"));
    EXPECT_TRUE(
        has_fault(read(replaced(plain_invite, "Length: 5", "Length: 5\r\nl: 5")), "several"));
    const auto huge = read(replaced(plain_invite, "Length: 5", "Length: 99999999999999999999999"));
    EXPECT_EQ(huge.body.size(), 5U);
}

TEST(sip, skips_junk_in_front_of_the_start_line) {
    for (const std::string junk : {"\r\n\r\n", "hello\r\nworld\r\n", "\n", "\r", "\x01\x02\r\n"}) {
        const std::string text = junk + plain_invite;
        const auto message = read(text);
        EXPECT_EQ(message.method, "INVITE");
        EXPECT_EQ(message.cseq(), 7U);
        EXPECT_TRUE(has_fault(message, "in front of the start line"));
    }
}

TEST(sip, reads_lines_that_end_in_lf_or_cr_alone) {
    for (const std::string end : {"\n", "\r"}) {
        std::string text;
        for (const char c : plain_invite.substr(0, plain_invite.size() - 5))
            if (c != '\r')
                text += c == '\n' ? end : std::string(1, c);
        text += "v=0\r\n";
        const auto message = read(text);
        EXPECT_EQ(message.headers.size(), 8U);
        EXPECT_EQ(as_text(message.body), "v=0\r\n");
        EXPECT_TRUE(has_fault(message, "CRLF"));
    }
}

TEST(sip, reads_a_message_whose_header_section_is_cut_off) {
    const std::string text = plain_invite.substr(0, plain_invite.find("Max-Forwards") + 9);
    const auto message = read(text);
    EXPECT_EQ(message.cseq(), 7U);
    EXPECT_EQ(message.headers.size(), 5U);  // half a line is no header
    EXPECT_TRUE(has_fault(message, "cut off"));
    EXPECT_TRUE(message.body.empty());
}

TEST(sip, reads_over_lines_that_are_no_header) {
    const auto message = read(replaced(plain_invite, "Max-Forwards: 70", "what is this\r\n  more"));
    EXPECT_EQ(message.headers.size(), 7U);
    EXPECT_TRUE(has_fault(message, "a colon"));
    EXPECT_TRUE(has_fault(message, "continuation"));
}

TEST(sip, is_not_broken_by_control_characters) {
    std::string text = plain_invite;
    text[text.find("one@")] = '\0';
    const auto message = read(text);
    EXPECT_EQ(message.call_id(), std::string_view("\0ne@192.0.2.1", 13));
    EXPECT_TRUE(has_fault(message, "control"));
}

TEST(sip, refuses_what_has_no_start_line) {
    for (const std::string_view text :
         {"", "\r\n\r\n", "INVITE", "INVITE sip:a", "INVITE sip:a@b\r\n\r\n", "0 0 SIP\r\nV:\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
          "SIP/2.0 4294967301 x\r\n"})
        EXPECT_FALSE(parse_sip(as_bytes(text))) << text;
}

TEST(sip, refuses_more_than_the_limits_allow) {
    const std::string large = plain_invite + std::string(limits::sip_message_bytes_max, 'x');
    const auto too_large = parse_sip(as_bytes(large));
    ASSERT_FALSE(too_large);
    EXPECT_EQ(too_large.error().code, Code::limit);
    std::string many = "OPTIONS sip:a SIP/2.0\r\n";
    for (std::size_t i = 0; i < limits::sip_headers_max; ++i)
        many += "X: y\r\n";
    EXPECT_TRUE(parse_sip(as_bytes(many + "\r\n")));
    EXPECT_FALSE(parse_sip(as_bytes(many + "X: y\r\n\r\n")));
}

TEST(sip, lists_no_more_faults_than_the_limit) {
    std::string text = "OPTIONS <> SIP/9.9\n";
    for (int i = 0; i < 100; ++i)
        text += "To" + std::to_string(i) +
                "\nFrom: \"\nVia: ,,,\nContact: ,;,\nDate: x\nCSeq: x\n"
                "Max-Forwards: x\nExpires: x\nWarning: x\nCall-ID: \x01 \n";
    const auto message = parse_sip(as_bytes(text.substr(0, 2'000)));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->faults.size(), limits::faults_max);
}

TEST(sip, tells_sip_from_other_datagrams_cheaply) {
    for (const std::string_view text :
         {std::string_view(plain_invite), std::string_view("SIP/2.0 200 OK\r\n"),
          std::string_view("\r\n\r\nBYE sip:a@b SIP/2.0\r\n"),
          std::string_view("INVITE sip:cut@off-by-a-snap-len"),
          std::string_view("OPTIONS  sip:a  SIP/7.0 \r\n")})
        EXPECT_TRUE(looks_like_sip(as_bytes(text))) << text;
    for (const std::string_view text :
         {std::string_view(""), std::string_view("\r\n\r\n"), std::string_view("\x80\x08 abc"),
          std::string_view("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250\r\n"),
          std::string_view("NOTIFY * HTTP/1.1\r\n"), std::string_view("hello world"),
          std::string_view("\0\0\0\0", 4), std::string_view("RSIP 1 aaln/1@mg MGCP 1.0\r\n")})
        EXPECT_FALSE(looks_like_sip(as_bytes(text))) << text;
}

TEST(split_list, respects_quotes_and_angle_brackets) {
    const auto elements =
        split_list(R"("a, \"b" <sip:c@d;x=1,2> ;q=1 , <sip:e@f> ,, sip:g@h;y="1,2")");
    ASSERT_EQ(elements.size(), 3U);
    EXPECT_EQ(elements[0], R"("a, \"b" <sip:c@d;x=1,2> ;q=1)");
    EXPECT_EQ(elements[1], "<sip:e@f>");
    EXPECT_EQ(elements[2], R"(sip:g@h;y="1,2")");
    EXPECT_TRUE(split_list("").empty());
    EXPECT_EQ(split_list("\"never, ends").size(), 1U);
}

// Header fields as devices write them: any case, blanks, folds, empty values.
rc::Gen<std::pair<std::string, std::string>> any_header() {
    const auto word = rc::gen::nonEmpty(
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcXYZ019;=\"<>,@:-.%"))));
    return rc::gen::pair(rc::gen::map(rc::gen::nonEmpty(rc::gen::container<std::string>(
                                          rc::gen::elementOf(std::string("abcdeXYZ-019")))),
                                      [](const std::string& name) { return "X-" + name; }),
                         rc::gen::map(rc::gen::container<std::vector<std::string>>(word),
                                      [](const std::vector<std::string>& words) {
                                          std::string value;
                                          for (const auto& one : words)
                                              value += (value.empty() ? "" : " ") + one;
                                          return value;
                                      }));
}

RC_GTEST_PROP(sip_property, what_was_written_is_read, ()) {
    const auto headers = *rc::gen::resize(
        20, rc::gen::container<std::vector<std::pair<std::string, std::string>>>(any_header()));
    const auto body = *rc::gen::arbitrary<std::string>();
    std::string text = "NOTIFY sip:a@example.com SIP/2.0\r\n";
    for (const auto& [name, value] : headers) {
        text += name + *rc::gen::element<std::string>(": ", ":", " :\t", ":\r\n ");
        for (const char c : value)
            text += c == ' ' ? *rc::gen::element<std::string>(" ", "\r\n ", " \r\n\t")
                             : std::string(1, c);
        text += "\r\n";
    }
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    const std::size_t head_bytes = text.size() - body.size();
    text += *rc::gen::arbitrary<std::string>();

    const auto message = parse_sip(as_bytes(text));
    RC_ASSERT(message.has_value());
    RC_ASSERT(message->headers.size() == headers.size() + 1);
    for (std::size_t i = 0; i < headers.size(); ++i) {
        RC_ASSERT(message->headers[i].name == headers[i].first);
        RC_ASSERT(message->headers[i].value == headers[i].second);
    }
    RC_ASSERT(as_text(message->body) == body);
    RC_ASSERT(message->trailing.size() == text.size() - head_bytes - body.size());
}

RC_GTEST_PROP(sip_property, a_damaged_message_is_read_or_refused_within_the_limits, ()) {
    std::string text = plain_invite;
    const auto damages = *rc::gen::inRange(1, 10);
    for (int i = 0; i < damages && !text.empty(); ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        if (*rc::gen::arbitrary<bool>())
            text[at] = *rc::gen::element('\0', '\r', '\n', '"', '<', '>', ';', ' ', '\\', ',', '%');
        else
            text.erase(at, *rc::gen::inRange<std::size_t>(1, 20));
    }
    const auto message = parse_sip(as_bytes(text));
    if (!message)
        return;
    RC_ASSERT(message->faults.size() <= limits::faults_max);
    RC_ASSERT(message->body.size() + message->trailing.size() <= text.size());
}

}  // namespace
}  // namespace nk::wire
