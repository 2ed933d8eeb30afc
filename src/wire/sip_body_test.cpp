#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "wire/sip.h"

namespace nk::wire {
namespace {

std::vector<BodyPart> parts_of(std::string_view type, const std::string& body) {
    return body_parts(type, as_bytes(body));
}

TEST(body_parts, gives_a_plain_body_as_one_part) {
    const std::string body = "v=0\r\n";
    const auto parts = parts_of("application/sdp; charset=x", body);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].content_type, "application/sdp");
    EXPECT_EQ(as_text(parts[0].body), body);
    EXPECT_TRUE(parts_of("application/sdp", "").empty());
}

TEST(body_parts, cuts_a_multipart_body) {
    const std::string body =
        "preamble\r\n--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b1  \r\n"
        "content-type:\r\n application/rs-metadata+xml ; x=y\r\nContent-ID: <id@x>\r\n"
        "Content-Disposition: recording-session;handling=optional\r\n\r\n<a>\r\n--b12\r\n</a>\r\n"
        "--b1--\r\nepilogue\r\n--b1\r\n\r\nnot this";
    const auto parts = parts_of("Multipart/Mixed; x=y; boundary=\"b1\"", body);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0].content_type, "application/sdp");
    EXPECT_EQ(as_text(parts[0].body), "v=0\r\n");
    EXPECT_EQ(parts[1].content_type, "application/rs-metadata+xml");
    EXPECT_EQ(parts[1].content_id, "id@x");
    EXPECT_EQ(parts[1].disposition, "recording-session");
    EXPECT_EQ(as_text(parts[1].body), "<a>\r\n--b12\r\n</a>");
}

TEST(body_parts, reads_a_part_without_header_fields) {
    const std::string body = "--b\r\n\r\nhello\r\n--b--";
    const auto parts = parts_of("multipart/mixed;boundary=b", body);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].content_type, "");
    EXPECT_EQ(as_text(parts[0].body), "hello");
}

TEST(body_parts, survives_a_missing_boundary_parameter_blank_line_and_end) {
    const std::string body = "--xy\nContent-Type: application/sdp\nv=0\no=- 1 1 IN IP4 h\n";
    const auto parts = parts_of("multipart/mixed", body);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].content_type, "application/sdp");
    EXPECT_EQ(as_text(parts[0].body), "v=0\no=- 1 1 IN IP4 h\n");
}

TEST(body_parts, opens_multipart_parts_in_their_place) {
    const std::string body =
        "--o\r\nContent-Type: multipart/related;boundary=i\r\n\r\n"
        "--i\r\nContent-Type: a/1\r\n\r\n1\r\n--i\r\nContent-Type: a/2\r\n\r\n2\r\n--i--\r\n"
        "--o\r\nContent-Type: a/3\r\n\r\n3\r\n--o--\r\n";
    const auto parts = parts_of("multipart/mixed;boundary=o", body);
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].content_type, "a/1");
    EXPECT_EQ(parts[1].content_type, "a/2");
    EXPECT_EQ(parts[2].content_type, "a/3");
    EXPECT_EQ(as_text(parts[2].body), "3");
}

TEST(body_parts, gives_a_multipart_body_without_boundaries_whole) {
    const std::string body = "no boundary here";
    const auto parts = parts_of("multipart/mixed;boundary=b", body);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(as_text(parts[0].body), body);
}

TEST(body_parts, gives_no_more_parts_than_the_limit) {
    std::string body;
    for (std::size_t i = 0; i < 2 * limits::sip_body_parts_max; ++i)
        body += "--b\r\n\r\nx\r\n";
    EXPECT_EQ(parts_of("multipart/mixed;boundary=b", body).size(), limits::sip_body_parts_max);
}

RC_GTEST_PROP(body_parts_property, what_was_packed_is_unpacked, ()) {
    // Any bytes, as long as no line is a boundary: the boundary's letters do not occur.
    const auto bodies = *rc::gen::resize(
        limits::sip_body_parts_max, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
                                        rc::gen::container<std::string>(rc::gen::elementOf(
                                            std::string("abc-:; \t\r\n<>\"\0v=", 17))))));
    RC_PRE(bodies.size() <= limits::sip_body_parts_max);
    const auto end = *rc::gen::element<std::string>("\r\n", "\n");
    std::string packed = *rc::gen::element<std::string>("", "preamble\r\n", "\r\n");
    for (const auto& body : bodies)
        packed += "--XYZ" + end + "Content-Type: t/s" + end + end + body + end;
    packed += "--XYZ--" + end;
    const auto parts = parts_of("multipart/mixed;boundary=XYZ", packed);
    RC_ASSERT(parts.size() == bodies.size());
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        RC_ASSERT(parts[i].content_type == "t/s");
        // A bare CR at the end cannot be told from the boundary's own line end.
        if (end == "\n" && bodies[i].ends_with('\r'))
            continue;
        RC_ASSERT(as_text(parts[i].body) == bodies[i]);
    }
}

}  // namespace
}  // namespace nk::wire
