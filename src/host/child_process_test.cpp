#include "host/child_process.h"

#include <cerrno>
#include <csignal>
#include <numeric>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace nk::host {
namespace {

std::string heard(Pipe& pipe, std::size_t bytes) {
    std::vector<std::uint8_t> out(bytes);
    const auto got = pipe.receive(out);
    return got ? std::string(as_text(out)) : "error: " + got.error().what;
}

TEST(ChildProcess, carries_bytes_both_ways) {
    auto child = start_child("/bin/cat", {});
    ASSERT_TRUE(child) << child.error().what;
    ASSERT_TRUE((*child)->send(as_bytes("hello, ")));
    ASSERT_TRUE((*child)->send(as_bytes("cat")));
    EXPECT_EQ(heard(**child, 4), "hell");
    EXPECT_EQ(heard(**child, 6), "o, cat");
}

TEST(ChildProcess, carries_more_than_its_buffer_holds) {
    auto child = start_child("/bin/cat", {});
    ASSERT_TRUE(child);
    std::vector<std::uint8_t> sent(100'000);
    std::iota(sent.begin(), sent.end(), std::uint8_t{0});
    ASSERT_TRUE((*child)->send(sent));
    std::vector<std::uint8_t> back(sent.size());
    ASSERT_TRUE((*child)->receive(back));
    EXPECT_EQ(back, sent);
}

TEST(ChildProcess, says_when_there_is_no_such_program) {
    const auto child = start_child("/bin/there-is-no-such-program", {});
    ASSERT_FALSE(child);
    EXPECT_EQ(child.error().code, Code::not_found);
}

TEST(ChildProcess, reports_a_process_that_was_killed_and_does_not_die_of_it) {
    auto child = start_child("/bin/cat", {});
    ASSERT_TRUE(child);
    ASSERT_EQ(kill((*child)->pid(), SIGKILL), 0);
    std::uint8_t one = 0;
    EXPECT_FALSE((*child)->receive({&one, 1}));
    EXPECT_FALSE((*child)->send(as_bytes("are you there?")));
}

TEST(ChildProcess, ends_and_reaps_a_process_that_does_not_end_by_itself) {
    pid_t pid = 0;
    {
        auto child = start_child("/bin/sleep", {"600"});
        ASSERT_TRUE(child);
        pid = (*child)->pid();
        EXPECT_EQ(kill(pid, 0), 0);
    }
    EXPECT_EQ(kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
}

TEST(ChildProcess, hands_on_no_descriptor_and_no_environment) {
    const int open_here = open("/dev/null", O_RDONLY);  // on purpose without O_CLOEXEC
    ASSERT_GE(open_here, 0);
    auto child =
        start_child("/bin/sh", {"-c", "cd /proc/self/fd && echo *; exec cat /proc/self/environ"});
    ASSERT_TRUE(child);
    const std::string expected = "0 1 2";
    EXPECT_EQ(heard(**child, expected.size()), expected);
    std::string rest;
    for (std::uint8_t c = 0; (*child)->receive({&c, 1});)
        rest += static_cast<char>(c);
    EXPECT_EQ(rest.find("PATH="), std::string::npos) << rest;
    close(open_here);
}

TEST(ChildProcess, finds_no_helper_where_there_is_none) {
    const auto found = find_helper();
    if (found)
        EXPECT_NE(found->find("naklank-decode"), std::string::npos);
    else
        EXPECT_EQ(found.error().code, Code::not_found);
}

}  // namespace
}  // namespace nk::host
