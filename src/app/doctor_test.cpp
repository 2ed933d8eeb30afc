// What the doctor thinks of what it finds. That it finds it is for tests/siprec/service_test.py.
#include <gtest/gtest.h>

#include "app/doctor_rules.h"

namespace nk::app {
namespace {

constexpr WallTime now{1'795'000'000LL * 1'000'000'000};  // in November of 2026
constexpr Nanos day = hours(24);

TEST(doctor, wants_four_files_for_each_call) {
    EXPECT_EQ(judge_files(65'536, 2'000).verdict, Verdict::ok);
    EXPECT_EQ(judge_files(8'512, 2'000).verdict, Verdict::ok);
    const auto few = judge_files(8'511, 2'000);
    EXPECT_EQ(few.verdict, Verdict::warning);
    EXPECT_NE(few.sentence.find("LimitNOFILE="), std::string::npos);
    EXPECT_NE(few.sentence.find("1999 calls"), std::string::npos) << few.sentence;
    EXPECT_EQ(judge_files(256, 1).verdict, Verdict::wrong);
}

TEST(doctor, counts_pairs_of_ports_that_nobody_has) {
    MediaPorts ports{.first = 20'000, .last = 20'009, .taken = {}, .given_out = {}, .reserved = {}};
    EXPECT_EQ(judge_media_ports(ports, 2).verdict, Verdict::ok);
    EXPECT_NE(judge_media_ports(ports, 2).sentence.find("5 of the 5 pairs"), std::string::npos);
    EXPECT_EQ(judge_media_ports(ports, 3).verdict, Verdict::warning);
    ports.taken = {20'001, 20'004};  // of two pairs one port each
    EXPECT_NE(judge_media_ports(ports, 2).sentence.find("3 of the 5 pairs"), std::string::npos);
    EXPECT_EQ(judge_media_ports(ports, 2).verdict, Verdict::warning);
    ports.taken = {20'000, 20'002, 20'004, 20'006, 20'008};
    EXPECT_EQ(judge_media_ports(ports, 1).verdict, Verdict::wrong);
}

TEST(doctor, makes_no_pair_of_what_the_range_cuts_off) {
    MediaPorts ports{.first = 20'001, .last = 20'004, .taken = {}, .given_out = {}, .reserved = {}};
    EXPECT_NE(judge_media_ports(ports, 1).sentence.find("of the 1 pairs"), std::string::npos)
        << judge_media_ports(ports, 1).sentence;
    ports = {.first = 65'533, .last = 65'535, .taken = {}, .given_out = {}, .reserved = {}};
    EXPECT_NE(judge_media_ports(ports, 1).sentence.find("1 of the 1 pairs"), std::string::npos);
}

TEST(doctor, warns_of_ports_that_the_kernel_may_give_to_others) {
    MediaPorts ports{.first = 20'000,
                     .last = 59'999,
                     .taken = {},
                     .given_out = MediaPorts::Range{32'768, 60'999},
                     .reserved = {}};
    EXPECT_EQ(judge_media_ports(ports, 2'000).verdict, Verdict::ok);  // the rest is enough
    const auto many = judge_media_ports(ports, 5'000);
    EXPECT_EQ(many.verdict, Verdict::warning);
    EXPECT_NE(many.sentence.find("ip_local_reserved_ports=20000-59999"), std::string::npos);
    ports.reserved = {{20'000, 59'999}};
    EXPECT_EQ(judge_media_ports(ports, 5'000).verdict, Verdict::ok);
}

TEST(doctor, says_what_to_set_for_small_socket_buffers) {
    EXPECT_EQ(judge_buffer(4'194'304, 4'194'304).verdict, Verdict::ok);
    const auto small = judge_buffer(212'992, 4'194'304);
    EXPECT_EQ(small.verdict, Verdict::warning);
    EXPECT_NE(small.sentence.find("net.core.rmem_max=4194304"), std::string::npos);
    EXPECT_EQ(judge_buffer(std::nullopt, 1).verdict, Verdict::wrong);
}

TEST(doctor, knows_what_memory_and_processors_are_enough) {
    EXPECT_EQ(judge_memory(600'000'000, 2'000).verdict, Verdict::ok);
    EXPECT_EQ(judge_memory(599'999'999, 2'000).verdict, Verdict::warning);
    EXPECT_EQ(judge_memory(std::nullopt, 1).verdict, Verdict::warning);
    EXPECT_EQ(judge_processors(1).verdict, Verdict::warning);
    EXPECT_EQ(judge_processors(2).verdict, Verdict::ok);
}

TEST(doctor, believes_no_clock_of_another_century) {
    EXPECT_EQ(judge_clock(true, now).verdict, Verdict::ok);
    EXPECT_EQ(judge_clock(false, now).verdict, Verdict::warning);
    EXPECT_EQ(judge_clock(std::nullopt, now).verdict, Verdict::warning);
    EXPECT_EQ(judge_clock(true, {}).verdict, Verdict::wrong);
    EXPECT_EQ(judge_clock(true, {4'200'000'000LL * 1'000'000'000}).verdict, Verdict::wrong);
}

TEST(doctor, tells_how_long_the_disk_lasts) {
    constexpr std::uint64_t gigabyte = 1'000'000'000;
    EXPECT_EQ(judge_space(200'000'000, gigabyte, 1).verdict, Verdict::wrong);
    EXPECT_EQ(judge_space(100 * gigabyte, 200 * gigabyte, 2'000).verdict, Verdict::warning);
    EXPECT_EQ(judge_space(10'000 * gigabyte, 20'000 * gigabyte, 2'000).verdict, Verdict::ok);
    const auto soon = judge_space(100 * gigabyte, 200 * gigabyte, 2'000).sentence;
    EXPECT_NE(soon.find("--calls-max"), std::string::npos) << soon;
    EXPECT_EQ(judge_space(gigabyte, 200 * gigabyte, std::nullopt).verdict, Verdict::ok);
    EXPECT_EQ(judge_space(200'000'000, gigabyte, std::nullopt).verdict, Verdict::wrong);
    EXPECT_NE(judge_space(72 * gigabyte, 200 * gigabyte, 10).sentence.find("1000 call hours"),
              std::string::npos);
}

TEST(doctor, measures_the_disk_by_what_the_calls_need) {
    EXPECT_EQ(judge_syncs({milliseconds(1), milliseconds(2), milliseconds(30)}).verdict,
              Verdict::ok);
    EXPECT_EQ(judge_syncs({milliseconds(1), milliseconds(2), seconds(2)}).verdict,
              Verdict::warning);
    EXPECT_EQ(judge_syncs({milliseconds(150)}).verdict, Verdict::warning);
    EXPECT_EQ(judge_syncs({seconds(1), seconds(1), seconds(1)}).verdict, Verdict::wrong);
    EXPECT_EQ(judge_writing(39e6, 2'000).verdict, Verdict::wrong);
    EXPECT_EQ(judge_writing(79e6, 2'000).verdict, Verdict::warning);
    EXPECT_EQ(judge_writing(81e6, 2'000).verdict, Verdict::ok);
}

TEST(doctor, says_what_is_wrong_with_an_archive) {
    const Folder good{.path = "/srv/calls"};
    EXPECT_EQ(judge_archive(good, "/srv/calls", true).verdict, Verdict::ok);
    auto other = good;
    other.is_there = false;
    EXPECT_EQ(judge_archive(other, "/srv", true).verdict, Verdict::ok);
    EXPECT_EQ(judge_archive(other, "/srv", false).verdict, Verdict::wrong);
    other = good;
    other.is_folder = false;
    EXPECT_EQ(judge_archive(other, "/srv", true).verdict, Verdict::wrong);
    other = good;
    other.is_writable = false;
    EXPECT_EQ(judge_archive(other, "/srv", true).verdict, Verdict::wrong);
    other = good;
    other.is_ours = false;
    EXPECT_EQ(judge_archive(other, "/srv", true).verdict, Verdict::warning);
    other = good;
    other.mode = 0755;
    EXPECT_NE(judge_archive(other, "/srv", true).sentence.find("chmod o= /srv/calls"),
              std::string::npos);
}

TEST(doctor, wants_journals_that_only_their_owner_can_enter) {
    EXPECT_EQ(judge_journals({}).verdict, Verdict::ok);
    EXPECT_EQ(judge_journals({{.path = "a", .mode = 0700}}).verdict, Verdict::ok);
    EXPECT_EQ(judge_journals({{.path = "a", .mode = 0700}, {.path = "b", .mode = 0750}}).verdict,
              Verdict::wrong);
}

TEST(doctor, wants_pages_for_the_window) {
    EXPECT_EQ(judge_site("/srv/pages", true).verdict, Verdict::ok);
    EXPECT_NE(judge_site("/srv/pages", false).sentence.find("/srv/pages has no index.html"),
              std::string::npos);
    EXPECT_EQ(judge_site("", false).verdict, Verdict::wrong);
}

TEST(doctor, wants_secrets_that_not_everybody_can_read) {
    EXPECT_EQ(judge_secret("key.pem", 0600U).verdict, Verdict::ok);
    EXPECT_EQ(judge_secret("key.pem", 0640U).verdict, Verdict::ok);
    EXPECT_EQ(judge_secret("key.pem", 0644U).verdict, Verdict::wrong);
    EXPECT_EQ(judge_secret("key.pem", std::nullopt).verdict, Verdict::wrong);
}

TEST(doctor, warns_a_month_before_a_certificate_ends) {
    const auto judge = [](Nanos from, Nanos to) {
        return judge_certificate("a.pem", now + from, now + to, now).verdict;
    };
    EXPECT_EQ(judge(-day, 31 * day), Verdict::ok);
    EXPECT_EQ(judge(-day, 29 * day), Verdict::warning);
    EXPECT_EQ(judge(-day, -Nanos(1)), Verdict::wrong);
    EXPECT_EQ(judge(day, 90 * day), Verdict::wrong);
}

}  // namespace
}  // namespace nk::app
