#include "wire/form_data.h"

#include <gtest/gtest.h>

namespace nk::wire {

namespace {

constexpr std::string_view type = "multipart/form-data; boundary=xyz";

Result<std::vector<FormPart>> parse(std::string_view body, std::string_view header = type) {
    return parse_form_data(header, as_bytes(body));
}

TEST(form_data, gives_fields_and_files) {
    const auto parts = parse(
        "--xyz\r\nContent-Disposition: form-data; name=\"secret\"\r\n\r\nnk_1\r\n"
        "--xyz\r\ncontent-disposition: form-data; name=file; filename=\"a \\\"b\\\" "
        "\xc3\xa9.m4a\"\r\n"
        "Content-Type: audio/mp4\r\nContent-Length: 6\r\n\r\n\r\n--xy\r\n--xyz--\r\n");
    ASSERT_TRUE(parts) << parts.error().what;
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ((*parts)[0].name, "secret");
    EXPECT_EQ((*parts)[0].file_name, "");
    EXPECT_EQ(as_text((*parts)[0].body), "nk_1");
    EXPECT_EQ((*parts)[1].name, "file");
    EXPECT_EQ((*parts)[1].file_name, "a \"b\" \xc3\xa9.m4a");
    EXPECT_EQ(as_text((*parts)[1].body), "\r\n--xy");  // nearly the boundary
}

TEST(form_data, reads_around_what_is_allowed) {
    const auto parts = parse(
        "a preamble\r\n--a b \t\r\nContent-Disposition: form-data; x; name=\"n\"\r\n\r\n\r\n"
        "--a b--an epilogue",
        "Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"");
    ASSERT_TRUE(parts) << parts.error().what;
    ASSERT_EQ(parts->size(), 1U);
    EXPECT_EQ((*parts)[0].name, "n");
    EXPECT_TRUE((*parts)[0].body.empty());
    EXPECT_TRUE(parse("--xyz--")->empty());
}

TEST(form_data, refuses_what_is_none_and_what_is_cut_off) {
    EXPECT_EQ(parse("--xyz--", "application/json").error().code, Code::unsupported);
    for (const char* header : {"multipart/form-data", "multipart/form-data; boundary="})
        EXPECT_EQ(parse("--xyz--", header).error().code, Code::malformed) << header;
    const std::string part = "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nbody\r\n";
    for (const std::string& body :
         {std::string(), std::string("xyz"), part, part + "--xy", std::string("--xyz\r\n--xyz--"),
          std::string("--xyz\r\nbody\r\n--xyz--"), std::string("--xyz\r\n\r\nbody\r\n--xyz--"),
          std::string("--xyzContent-Disposition: form-data; name=a\r\n\r\nb\r\n--xyz--"),
          std::string("--xyz\r\nContent-Disposition: attachment; name=a\r\n\r\nb\r\n--xyz--")}) {
        const auto parts = parse(body);
        ASSERT_FALSE(parts) << body;
        EXPECT_EQ(parts.error().code, Code::malformed) << body;
    }
    std::string many;
    for (std::size_t i = 0; i <= form_parts_max; ++i)
        many += part;
    EXPECT_FALSE(parse(many + "--xyz--"));
}

}  // namespace

}  // namespace nk::wire
