#include "intake/import/file_kind.h"

#include <string>

#include <gtest/gtest.h>

namespace nk::importing {
namespace {

FileKind kind(std::string_view name, std::string_view head) {
    return kind_of(name, as_bytes(head));
}

TEST(file_kind, goes_by_what_is_in_a_file_before_what_it_is_called) {
    EXPECT_EQ(kind("oma", "#!AMR\nxxxx"), FileKind::sound);
    EXPECT_EQ(kind("oma.bak", std::string("\0\0\0 ftypM4A ", 12)), FileKind::sound);
    EXPECT_EQ(kind("photo.jpg", std::string("\0\0\0 ftypheic", 12)), FileKind::other);
    EXPECT_EQ(kind("call.m4a", "PK\x03\x04.."), FileKind::archive);
    EXPECT_EQ(kind("phone", "PK\x03\x04.."), FileKind::archive);
    EXPECT_EQ(kind("letter.docx", "PK\x03\x04.."), FileKind::other);
    EXPECT_EQ(kind("x.mp3", "\xff\xfb\x90"), FileKind::sound);
    EXPECT_EQ(kind("x", "\xff\xfb\x90"), FileKind::sound);
    EXPECT_EQ(kind("x", "\xff\xf1\x50"), FileKind::sound);     // AAC
    EXPECT_EQ(kind("text", "\xff\xfe\x20"), FileKind::other);  // UTF-16
    EXPECT_EQ(kind("photo", "\xff\xd8\xff\xe0"), FileKind::other);
}

TEST(file_kind, goes_by_the_name_when_the_head_tells_nothing) {
    EXPECT_EQ(kind("a.AMR", "rotten"), FileKind::sound);
    EXPECT_EQ(kind("a.json", "{}"), FileKind::sidecar);
    EXPECT_EQ(kind("a.html", "<html>"), FileKind::sidecar);
    EXPECT_EQ(kind("calls-2024.xml", "<?xml?><calls count=\"2\">"), FileKind::call_log);
    EXPECT_EQ(kind("feed.xml", "<?xml?><rss>"), FileKind::other);
    EXPECT_EQ(kind("people.vcf", "BEGIN:VCARD"), FileKind::contacts);
    EXPECT_EQ(kind("phone.TAR.gz", "\x1f\x8b\x08"), FileKind::archive);
    EXPECT_EQ(kind("notes.txt.gz", "\x1f\x8b\x08"), FileKind::other);
    EXPECT_EQ(kind("notes.txt", "hello"), FileKind::other);
    EXPECT_EQ(kind("a.m4a", ""), FileKind::empty);
}

TEST(file_kind, keeps_an_ending_only_when_it_is_a_plain_one) {
    EXPECT_EQ(original_extension("Oma.M4A"), "m4a");
    EXPECT_EQ(original_extension("Oma"), "bin");
    EXPECT_EQ(original_extension("Oma.m4a/../x"), "bin");
    EXPECT_EQ(original_extension("Oma.verylongending"), "bin");
    EXPECT_EQ(original_extension("a.m\xc3\xa9"), "bin");
    EXPECT_EQ(original_extension("a."), "bin");
}

}  // namespace
}  // namespace nk::importing
