// A process that closes the cage behind itself, and what becomes of it when it asks for more.

#include "cage/cage.h"

#include <array>
#include <csignal>
#include <functional>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nk::cage {
namespace {

constexpr std::uint64_t memory_bytes = 512UL * 1024 * 1024;
constexpr int fine = 40;

// How a process ends that does this in the cage: what it gives, or minus the signal.
int ends_with(const std::function<int()>& deed, std::uint32_t cpu_s = 0) {
    const pid_t pid = fork();
    if (pid == 0) {
        constexpr auto calls = std::to_array<int>({SCMP_SYS(getpid)});
        constexpr auto on_input = std::to_array<int>({SCMP_SYS(lseek)});
        const int null = open("/dev/null", O_RDWR);
        for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            dup2(null, number);
        const auto filter = Filter::make({.any = calls, .on_input = on_input});
        if (!filter || !give_up_rights() ||
            !take_no_more_than({.memory_bytes = memory_bytes, .cpu_s = cpu_s}) || !filter->close())
            _exit(1);
        _exit(deed());
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

bool has_a_filter() {
    return ends_with([] { return static_cast<int>(getppid()); }) == -SIGSYS;
}

TEST(cage, lets_a_reader_read_and_answer) {
    EXPECT_EQ(ends_with([] {
                  char byte = 'x';
                  const bool is_good = read(STDIN_FILENO, &byte, 1) == 0 &&
                                       write(STDOUT_FILENO, &byte, 1) == 1 &&
                                       lseek(STDIN_FILENO, 0, SEEK_SET) == 0 && getpid() > 0;
                  return is_good ? fine : 2;
              }),
              fine);
}

TEST(cage, ends_who_asks_for_what_no_reader_needs) {
    if (!has_a_filter())
        GTEST_SKIP() << "a sanitizer's run-time needs more";
    EXPECT_EQ(ends_with([] { return open("/etc/passwd", O_RDONLY); }), -SIGSYS);
    EXPECT_EQ(ends_with([] { return socket(AF_INET, SOCK_STREAM, 0); }), -SIGSYS);
    EXPECT_EQ(ends_with([] { return static_cast<int>(fork()); }), -SIGSYS);
    EXPECT_EQ(ends_with([] { return kill(getpid(), 0); }), -SIGSYS);
    EXPECT_EQ(ends_with([] { return static_cast<int>(lseek(STDOUT_FILENO, 0, SEEK_SET)); }),
              -SIGSYS);
    EXPECT_EQ(ends_with([] {
                  mmap(nullptr, 4'096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  return 0;
              }),
              -SIGSYS);
    EXPECT_EQ(ends_with([] { return write(STDERR_FILENO, "x", 1) == -1 ? fine : 2; }), fine);
}

TEST(cage, has_so_much_memory_and_no_more) {
    if (!has_a_filter())
        GTEST_SKIP() << "a sanitizer's shadow memory is terabytes";
    const auto can_have = [](std::size_t bytes) {
        return ends_with([bytes] {
            void* got = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            return got == MAP_FAILED ? 2 : fine;
        });
    };
    EXPECT_EQ(can_have(memory_bytes / 4), fine);
    EXPECT_EQ(can_have(memory_bytes), 2);
}

TEST(cage, ends_who_takes_too_long_with_the_signal_that_says_so) {
    const auto go_on = [] {
        while (getpid() > 0) {
        }
        return 0;
    };
    EXPECT_EQ(ends_with(go_on, 1), -SIGXCPU);
}

TEST(cage, leaves_nobody_in_it_with_roots_rights) {
    if (geteuid() != 0)
        GTEST_SKIP() << "only root has them";
    const pid_t pid = fork();
    if (pid == 0)
        _exit(give_up_rights() && geteuid() != 0 && getegid() != 0 && setuid(0) != 0 ? fine : 2);
    int status = 0;
    waitpid(pid, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), fine);
}

}  // namespace
}  // namespace nk::cage
