#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "wire/sip.h"

namespace nk::wire {
namespace {

TEST(name_addr, reads_quoted_plain_and_absent_names) {
    const auto quoted = parse_name_addr(R"("Ann \"A\" Lee, jr" <sip:ann@example.com>;tag=x)");
    ASSERT_TRUE(quoted);
    EXPECT_EQ(quoted->display_name, R"(Ann "A" Lee, jr)");
    EXPECT_EQ(quoted->uri, "sip:ann@example.com");
    EXPECT_EQ(quoted->tag, "x");
    const auto plain = parse_name_addr("Ann Lee<sip:ann@example.com>; x=\"tag=no\" ; TAG = y");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->display_name, "Ann Lee");
    EXPECT_EQ(plain->tag, "y");
    const auto bare = parse_name_addr(" sip:ann@example.com ;tag=z");
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->display_name, "");
    EXPECT_EQ(bare->uri, "sip:ann@example.com");
    EXPECT_EQ(bare->tag, "z");
}

TEST(name_addr, does_not_take_the_tag_of_the_uri_or_of_the_next_address) {
    const auto address = parse_name_addr("<sip:ann@example.com;tag=inner>, <sip:b@c>;tag=next");
    ASSERT_TRUE(address);
    EXPECT_EQ(address->tag, "");
}

TEST(name_addr, repairs_what_a_person_could) {
    // RFC 4475 3.1.2.15: a comma in a name without quotes.
    const auto comma = parse_name_addr("Bell, Ann <sip:ann@example.com>;tag=43");
    ASSERT_TRUE(comma);
    EXPECT_EQ(comma->display_name, "Bell, Ann");
    EXPECT_EQ(comma->tag, "43");
    const auto open_quote = parse_name_addr("\"Ann <sip:ann@example.com>;tag=1");
    ASSERT_TRUE(open_quote);
    EXPECT_EQ(open_quote->display_name, "Ann");
    EXPECT_EQ(open_quote->uri, "sip:ann@example.com");
    EXPECT_EQ(open_quote->tag, "1");
    const auto open_bracket = parse_name_addr("<sip:ann@example.com");
    ASSERT_TRUE(open_bracket);
    EXPECT_EQ(open_bracket->uri, "sip:ann@example.com");
    const auto blanks = parse_name_addr("\"A\" < sip:ann@example.com >");
    ASSERT_TRUE(blanks);
    EXPECT_EQ(blanks->uri, "sip:ann@example.com");
}

TEST(name_addr, refuses_what_names_nobody) {
    for (const std::string_view value : {"", "*", "<>", "\"Ann\"", "\"Ann\" <", ";tag=1", "  "})
        EXPECT_FALSE(parse_name_addr(value)) << value;
}

struct UriCase {
    std::string_view uri;
    std::string_view scheme;
    std::string user;
    std::string_view host;
    std::uint16_t port;
};

TEST(uri, gives_number_and_place) {
    const UriCase cases[]{
        {"sip:ann@example.com", "sip", "ann", "example.com", 0},
        {"SIPS:+31201234567@192.0.2.1:5061;user=phone", "sips", "+31201234567", "192.0.2.1", 5061},
        {"sip:example.com", "sip", "", "example.com", 0},
        {"sip:ann:secret@example.com", "sip", "ann", "example.com", 0},
        {"sip:0201234;phone-context=+31@example.com", "sip", "0201234", "example.com", 0},
        {"sip:sips%3Aann%40example.com@example.net", "sip", "sips:ann@example.com", "example.net",
         0},
        {"sip:%75se%72@example.com", "sip", "user", "example.com", 0},
        {"sip:a-%00-b@example.com", "sip", std::string("a-\0-b", 5), "example.com", 0},
        {"sip:100%@example.com", "sip", "100%", "example.com", 0},
        {"sip:%23%2A31%23@h", "sip", "#*31#", "h", 0},
        {"sip:ann@home@example.com", "sip", "ann@home", "example.com", 0},
        {"sip:example.com;x=a@b", "sip", "example.com", "b", 0},
        {"sip:ann@[2001:db8::10]:5070", "sip", "ann", "2001:db8::10", 5070},
        {"sip:[2001:db8::10:5070]", "sip", "", "2001:db8::10:5070", 0},
        {"sip:why?/not@example.com?Subject=x", "sip", "why?/not", "example.com", 0},
        {"tel:+31-20-123;ext=4", "tel", "+31-20-123", "", 0},
    };
    for (const UriCase& one : cases) {
        const auto parts = parse_uri(one.uri);
        ASSERT_TRUE(parts) << one.uri;
        EXPECT_EQ(parts->scheme, one.scheme) << one.uri;
        EXPECT_EQ(parts->user, one.user) << one.uri;
        EXPECT_EQ(parts->host, one.host) << one.uri;
        EXPECT_EQ(parts->port, one.port) << one.uri;
    }
}

TEST(uri, refuses_what_has_no_readable_place) {
    for (const std::string_view uri :
         {"", "sip", "sip:", "sip:ann@", "sip:ann@:5060", "sip:2001:db8::10", "sip:a@b:70000",
          "sip:a@[2001:db8::1", "sip:a@[::1]x", "tel:", "mailto:a@b", "http://a", "a@b"})
        EXPECT_FALSE(parse_uri(uri)) << uri;
}

RC_GTEST_PROP(uri_property, a_user_written_with_escapes_is_read_back, ()) {
    const auto user = *rc::gen::nonEmpty(rc::gen::arbitrary<std::string>());
    constexpr std::string_view hex = "0123456789abcdef";
    std::string uri = "sip:";
    for (const char c : user) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_plain && *rc::gen::arbitrary<bool>()) {
            uri += c;
        } else {
            uri += '%';
            uri += hex[static_cast<unsigned char>(c) >> 4];
            uri += hex[static_cast<unsigned char>(c) & 15];
        }
    }
    const auto port = *rc::gen::arbitrary<std::uint16_t>();
    uri += "@host.example.com:" + std::to_string(port) + ";lr";
    const auto parts = parse_uri(uri);
    RC_ASSERT(parts.has_value());
    RC_ASSERT(parts->user == user);
    RC_ASSERT(parts->host == "host.example.com");
    RC_ASSERT(parts->port == port);
}

RC_GTEST_PROP(uri_property, a_name_written_with_quotes_is_read_back, (const std::string& name)) {
    std::string value = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\' || *rc::gen::weightedElement<int>({{9, 0}, {1, 1}}) == 1)
            value += '\\';
        value += c;
    }
    value += "\" <sip:a@b>;tag=t";
    const auto address = parse_name_addr(value);
    RC_ASSERT(address.has_value());
    RC_ASSERT(address->display_name == name);
    RC_ASSERT(address->tag == "t");
}

}  // namespace
}  // namespace nk::wire
