#include "wire/sip_rules.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nk::wire {
namespace {

// A flawless message in which a test replaces one piece.
struct Draft {
    std::string start = "REGISTER sip:example.com SIP/2.0";
    std::string via = "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx";
    std::string from = "From: <sip:ann@example.com>;tag=1";
    std::string to = "To: <sip:ann@example.com>";
    std::string call_id = "Call-ID: one@192.0.2.1";
    std::string cseq = "CSeq: 1 REGISTER";
    std::string more = "Content-Length: 0";

    [[nodiscard]] std::vector<std::string> faults() const {
        std::string text = start;
        for (const auto& line : {via, from, to, call_id, cseq, more})
            text += line.empty() ? "" : "\r\n" + line;
        text += "\r\n\r\n";
        const auto message = parse_sip(as_bytes(text));
        return message ? message->faults : std::vector<std::string>{"refused"};
    }
};

testing::AssertionResult is_judged(const Draft& draft, std::string_view part) {
    const auto faults = draft.faults();
    for (const auto& fault : faults)
        if (fault.find(part) != std::string::npos)
            return testing::AssertionSuccess();
    auto result = testing::AssertionFailure() << "no fault with '" << part << "' but:";
    for (const auto& fault : faults)
        result << "\n  " << fault;
    return result;
}

testing::AssertionResult is_flawless(const Draft& draft) {
    const auto faults = draft.faults();
    return faults.empty() ? testing::AssertionSuccess()
                          : testing::AssertionFailure() << faults.front();
}

TEST(sip_rules, a_flawless_message_has_no_faults) {
    EXPECT_TRUE(is_flawless({}));
}

TEST(sip_rules, each_header_a_dialog_needs_must_be_there) {
    for (std::string Draft::* line :
         {&Draft::via, &Draft::from, &Draft::to, &Draft::call_id, &Draft::cseq}) {
        Draft draft;
        const std::string name = (draft.*line).substr(0, (draft.*line).find(':'));
        draft.*line = "";
        EXPECT_TRUE(is_judged(draft, name + ": absent"));
    }
}

TEST(sip_rules, what_is_no_list_stands_once) {
    for (const char* line : {"From: <sip:a@b.example>;tag=2", "To: <sip:a@b.example>", "i: two",
                             "CSeq: 1 REGISTER", "Expires: 1\r\nExpires: 1"})
        EXPECT_TRUE(is_judged({.more = line}, "more than once")) << line;
    EXPECT_TRUE(is_flawless({.more = "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKy"}));
}

TEST(sip_rules, cseq_names_the_method_and_a_number_below_2_to_the_31) {
    EXPECT_TRUE(is_judged({.cseq = "CSeq: 1 register"}, "another method"));
    EXPECT_TRUE(is_judged({.cseq = "CSeq: 1 INVITE"}, "another method"));
    EXPECT_TRUE(is_judged({.cseq = "CSeq: 2147483648 REGISTER"}, "2^31"));
    EXPECT_TRUE(is_judged({.cseq = "CSeq: 36893488147419103232 REGISTER"}, "2^31"));
    EXPECT_TRUE(is_judged({.cseq = "CSeq: REGISTER"}, "CSeq: unreadable"));
    EXPECT_TRUE(is_judged({.cseq = "CSeq: -1 REGISTER"}, "CSeq: unreadable"));
    EXPECT_TRUE(is_flawless({.cseq = "CSeq: 2147483647   REGISTER"}));
    EXPECT_TRUE(is_flawless({.cseq = "cseq:\r\n 0009\r\n  REGISTER"}));
}

TEST(sip_rules, start_lines_are_divided_by_single_blanks) {
    EXPECT_TRUE(is_judged({.start = "REGISTER  sip:example.com SIP/2.0"}, "single spaces"));
    EXPECT_TRUE(is_judged({.start = "REGISTER sip:example.com  SIP/2.0"}, "single spaces"));
    EXPECT_TRUE(is_judged({.start = "REGISTER sip:example.com SIP/2.0 "}, "single spaces"));
}

TEST(sip_rules, the_version_is_2_0) {
    EXPECT_TRUE(is_judged({.start = "REGISTER sip:example.com SIP/7.0"}, "unknown SIP version"));
    EXPECT_TRUE(
        is_judged({.start = "REGISTER sip:example.com SIP/2.0/UDP"}, "unknown SIP version"));
    EXPECT_TRUE(is_judged({.start = "REGISTER sip:example.com sip/2.0"}, "lower case"));
}

TEST(sip_rules, response_codes_end_at_699) {
    EXPECT_TRUE(is_flawless({.start = "SIP/2.0 699 No"}));
    EXPECT_TRUE(is_flawless({.start = "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe"}));
    EXPECT_TRUE(is_judged({.start = "SIP/2.0 700 No"}, "response code"));
    EXPECT_TRUE(is_judged({.start = "SIP/2.0 099 No"}, "response code"));
    EXPECT_TRUE(is_judged({.start = "SIP/2.0 4294967301 better not"}, "refused"));
}

TEST(sip_rules, request_uris_follow_their_grammar) {
    for (const char* uri : {"sip:a@example.com; lr", "<sip:a@example.com>", "sip:2001:db8::10",
                            "sip:a@example.com?Route=%3Csip:b%3E", "sip:example.com?X=y", "sip:a@",
                            "sip:a%2@example.com", "sip:a@b:65536", "sip:a@b:x", "sip:@b", "a@b",
                            "sip:a#b@example.com", "sip:a@b;;lr", "sip:a@b;x=", "sip:[::1"})
        EXPECT_TRUE(
            is_judged({.start = std::string("REGISTER ") + uri + " SIP/2.0"}, "Request-URI: "))
            << uri;
    for (const char* uri :
         {"sip:[2001:db8::10]:5070", "sip:a@[2001:db8:::192.0.2.1]", "sip:ann@example.com;lr;x=%25",
          "soap.beep://192.0.2.103:3002", "nobody:knows", "tel:+31201234567;phone-context=+31",
          "sip:_it-is+odd~(but!fine)&isn't$/crazy?,/;;*:&pw=1,$wo~d@example.com",
          "sip:user;par=u%40example.net@example.com", "urn:service:sos"})
        EXPECT_TRUE(is_flawless({.start = std::string("REGISTER ") + uri + " SIP/2.0"})) << uri;
}

TEST(sip_rules, addresses_follow_their_grammar) {
    for (const char* value :
         {"\"Ann <sip:a@example.com>", "Bell, Ann <sip:a@example.com>", "<sip:a@example.com",
          "\"A\" < sip:a@example.com >", "<sip:a@example.com>;;;;", "<sip:a@example.com>;x=",
          "sip:a@example.com?Route=x", "sip:a@example.com,sip:b@example.com", "a@example.com", "",
          "<sip:a@example.com> then text", "<sip:a@example.com>;tag=\"open", "<>", "1 2 3"})
        EXPECT_TRUE(is_judged({.to = std::string("To: ") + value}, "To: ")) << value;
    for (const char* value :
         {"sip:a@example.com", "sip:a@example.com ;tag=1", "caller<sip:a@example.com>;tag=3",
          "token1~` token2'+_ token3*%!.- <sip:a@example.com>;From''~+*_!.-%=\"\xd1\x80\";tag=1",
          "\"nul \\\x01 quote \\\" end\" <sip:a@example.com>", "<tel:+31201234567>;tag=9",
          "isbn:2983792873", "<http://www.example.com>;tag=3234233", "<name:John_Smith>",
          "\"Quoted\"<sip:a@[2001:db8::1]:5060>;x=[::1]", "%Z%45 <sip:a@example.com>"})
        EXPECT_TRUE(is_flawless({.to = std::string("To: ") + value})) << value;
}

TEST(sip_rules, contacts_and_routes_are_lists_of_addresses) {
    for (const char* line :
         {"Contact: *", "m: <sip:a@b.example?Route=%3Csip:c%3E>;expires=4294967295",
          "Contact: <sip:a@b.example>, \"B, C\" <sip:b@c.example>;q=0.3",
          "Route: <sip:a.example;lr>,<sip:b.example;lr>",
          "P-Asserted-Identity: \"A\" <sip:a@b.example>, <tel:+3120>"})
        EXPECT_TRUE(is_flawless({.more = line})) << line;
    EXPECT_TRUE(is_judged({.more = "Contact: <sip:a@b.example>,,"}, "an empty element"));
    EXPECT_TRUE(is_judged({.more = "Contact: <sip:a@b>;expires=280297596632815"}, "too large"));
    EXPECT_TRUE(is_judged({.more = "Route: sip:a.example;lr"}, "without angle brackets"));
    EXPECT_TRUE(is_judged({.more = "Record-Route: <sip:a example>"}, "white space"));
}

TEST(sip_rules, a_list_is_judged_up_to_its_first_fault) {
    EXPECT_EQ(Draft{.more = "Contact: ,<sip:a b>,<sip:a@b"}.faults().size(), 1U);
}

TEST(sip_rules, vias_follow_their_grammar) {
    for (const char* via :
         {"Via: SIP/2.0/UDP 192.0.2.15;;,;,,", "Via: SIP/2.0 192.0.2.1", "Via: SIP/2.0/UDP",
          "Via: SIP/2.0/UDP a:65536", "Via: SIP/2.0/UDP a:b", "Via: SIP/2.0/UDP a;branch=z9hG4bK",
          "Via: SIP/2.0/UDP a;ttl=256", "Via:", "Via: SIP/2.0/UDP [::1", "Via: SIP/2.0/UDP a b"})
        EXPECT_TRUE(is_judged({.via = via}, "Via: ")) << via;
    for (const char* via :
         {"v:  SIP  / 2.0  / TCP     a.example   ;\r\n  branch  =   z9hG4bK9  ,\r\n SIP/2.0/UDP b",
          "Via: SIP/2.0/UNKNOWN t.example : 5060;rport", "Via: SIP/2.0/UDP [2001:db8::9:1]:6050;x",
          "Via: SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3",
          "Via: SIP/2.0/UDP a;received=[2001:db8::9:255]", "Via: SIP/2.0/UDP a;ttl=255;maddr=b"})
        EXPECT_TRUE(is_flawless({.via = via})) << via;
}

TEST(sip_rules, numbers_stay_in_their_range) {
    EXPECT_TRUE(is_judged({.more = "Max-Forwards: 256"}, "too large"));
    EXPECT_TRUE(is_judged({.more = "Max-Forwards: many"}, "not a number"));
    EXPECT_TRUE(is_judged({.more = "Expires: 4294967296"}, "too large"));
    EXPECT_TRUE(is_judged({.more = "Expires: 0xff"}, "not a number"));
    EXPECT_TRUE(is_judged({.more = "Retry-After: 949302838503028349304023988"}, "too large"));
    EXPECT_TRUE(is_judged({.more = "Warning: 1812 overture \"In Progress\""}, "three digits"));
    EXPECT_TRUE(is_flawless({.more = "Max-Forwards: 0068\r\nExpires: 4294967295"}));
    EXPECT_TRUE(
        is_flawless({.more = "Retry-After: 18000;duration=3600\r\nWarning: 307 a \"b, c\""}));
}

TEST(sip_rules, dates_are_in_gmt) {
    EXPECT_TRUE(is_flawless({.more = "Date: Sat, 15 Oct 2005 04:44:56 GMT"}));
    EXPECT_TRUE(is_judged({.more = "Date: Fri, 01 Jan 2010 16:00:00 EST"}, "not in GMT"));
    for (const char* date : {"Date: Fri, 1 Jan 2010 16:00:00 GMT", "Date: 2010-01-01", "Date:",
                             "Date: Fry, 01 Jan 2010 16:00:00 GMT", "Date: Fri, 01 Jan 2010 16:00"})
        EXPECT_TRUE(is_judged({.more = date}, "unreadable Date")) << date;
}

TEST(sip_rules, call_ids_are_one_or_two_words) {
    EXPECT_TRUE(is_flawless({.call_id = "Call-ID: a84b4c76e66710"}));
    EXPECT_TRUE(is_flawless({.call_id = "Call-ID: word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"}));
    for (const char* call_id :
         {"Call-ID:", "Call-ID: a b", "Call-ID: a@", "Call-ID: @b", "Call-ID: a@b@c"})
        EXPECT_TRUE(is_judged({.call_id = call_id}, "Call-ID: ")) << call_id;
}

TEST(sip_rules, unknown_headers_may_hold_anything_but_control_characters) {
    EXPECT_TRUE(is_flawless({.more = "UnknownHeaderWithUnusualValue: ;;,,;;,;\"<"}));
    EXPECT_TRUE(is_flawless({.more = "ext-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7"}));
    EXPECT_TRUE(is_judged({.more = "X: a\x07"}, "control characters"));
    EXPECT_TRUE(is_judged({.more = "X Y: a"}, "not a token"));
}

TEST(sip_rules, a_body_has_a_type) {
    EXPECT_TRUE(is_judged({.more = "Content-Length: 2"}, "fewer bytes"));
    const std::string text = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 1\r\n\r\nx";
    const auto message = parse_sip(as_bytes(text));
    ASSERT_TRUE(message);
    EXPECT_NE(std::find(message->faults.begin(), message->faults.end(),
                        "Content-Type: absent though there is a body"),
              message->faults.end());
    EXPECT_TRUE(is_judged({.more = "Content-Type: sdp"}, "no type and subtype"));
    EXPECT_TRUE(is_flawless({.more = "Content-Type: text/html ; charset=ISO-8859-4"}));
}

}  // namespace
}  // namespace nk::wire
