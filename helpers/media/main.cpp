// naklank-media: reads files of sound and archives that strangers made. A request comes over the
// socket on standard input with two descriptors, the file and a socket for the answer
// (base/media_protocol.h); for each a process is forked that can do nothing but read the one and
// write to the other, so that a file which is its end costs that file alone. Several may be read at
// once. It never logs what it reads.

#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <optional>

extern "C" {
#include <libavutil/log.h>
}
#include <poll.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/media_protocol.h"
#include "cage/cage.h"
#include "reply.h"
#include "verbs.h"
#include "warm_up.h"

namespace {

using nk::Result;
namespace protocol = nk::media_protocol;

constexpr std::uint64_t memory_bytes_max = 768UL * 1024 * 1024;

tl::unexpected<nk::Error> machine(const char* what) {
    return nk::refuse(nk::Code::io, nk::Blame::machine,
                      std::string(what) + ": " + std::strerror(errno));
}

struct Asked {
    protocol::Request request;
    int file = -1;
    int answer = -1;
};

// Nullopt when nobody asks any more.
std::optional<Asked> receive() {
    std::array<std::uint8_t, protocol::request_bytes> bytes{};
    std::size_t filled = 0;
    Asked asked;
    while (filled < bytes.size()) {
        iovec into{.iov_base = bytes.data() + filled, .iov_len = bytes.size() - filled};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
        msghdr message{};
        message.msg_iov = &into;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const auto got = recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return std::nullopt;
        filled += static_cast<std::size_t>(got);
        const cmsghdr* head = CMSG_FIRSTHDR(&message);
        if (head != nullptr && head->cmsg_type == SCM_RIGHTS &&
            head->cmsg_len == CMSG_LEN(2 * sizeof(int))) {
            std::memcpy(&asked.file, CMSG_DATA(head), sizeof(int));
            std::memcpy(&asked.answer, CMSG_DATA(head) + sizeof(int), sizeof(int));
        }
    }
    const auto request = protocol::read_request(bytes);
    if (!request || asked.file < 0 || asked.answer < 0)
        return std::nullopt;
    asked.request = *request;
    return asked;
}

Result<void> answer(const protocol::Request& request) {
    switch (request.verb) {
        case protocol::Verb::look:
            return nk::media::look(request);
        case protocol::Verb::decode:
            return nk::media::decode(request);
        case protocol::Verb::wrap_anew:
            return nk::media::wrap_anew(request);
        case protocol::Verb::unpack:
            return nk::media::unpack();
    }
    return {};
}

// In the process that was forked for it. It ends with the one that forked it.
Result<void> close_the_cage(const nk::cage::Filter& filter, std::uint32_t cpu_s) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return machine("cannot ask to end with who asked");
    NK_TRY(nk::cage::take_no_more_than({.memory_bytes = memory_bytes_max, .cpu_s = cpu_s}));
    return filter.close();
}

[[noreturn]] void serve(const Asked& asked, const nk::cage::Filter& filter) {
    if (dup2(asked.file, STDIN_FILENO) < 0 || dup2(asked.answer, STDOUT_FILENO) < 0)
        _exit(1);
    close(asked.file);
    close(asked.answer);
    if (const auto closed = close_the_cage(filter, asked.request.cpu_s); !closed) {
        nk::media::say_failed(closed.error());
        _exit(0);
    }
    std::set_new_handler([] { _exit(protocol::out_of_memory); });
    const auto done = answer(asked.request);
    if (done)
        nk::media::say(protocol::Piece::done);
    else
        nk::media::say_failed(done.error());
    _exit(0);
}

// All that have ended; false when nobody asks any more.
bool tell_who_ended(std::map<pid_t, std::uint32_t>& reading) {
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        const auto known = reading.find(pid);
        if (known == reading.end())
            continue;
        const auto code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
        const auto bytes = protocol::write_ending(
            {known->second, WIFSIGNALED(status), static_cast<std::uint8_t>(code)});
        reading.erase(known);
        if (send(STDIN_FILENO, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(bytes.size()))
            return false;
    }
    return true;
}

// Children end at any moment: the signal that says so is let through only while there is nothing to
// do but wait.
Result<sigset_t> hold_back_ends() {
    struct sigaction action{};
    action.sa_handler = [](int) {};
    sigset_t held;
    sigset_t before;
    sigemptyset(&held);
    sigaddset(&held, SIGCHLD);
    if (sigaction(SIGCHLD, &action, nullptr) != 0 || sigprocmask(SIG_BLOCK, &held, &before) != 0)
        return machine("cannot hold back a signal");
    return before;
}

Result<void> run() {
    av_log_set_level(AV_LOG_QUIET);
    std::setlocale(LC_CTYPE, "C.UTF-8");  // names in archives
    setenv("TZ", "UTC0", 1);              // times in them; looked up now
    tzset();
    std::signal(SIGPIPE, SIG_IGN);
    NK_TRY(nk::cage::give_up_rights());
    constexpr auto calls =
        std::to_array<int>({SCMP_SYS(gettimeofday), SCMP_SYS(getpid), SCMP_SYS(rt_sigprocmask)});
    // newfstatat is fstat by its newer name, with a descriptor; never with a path alone.
    constexpr auto on_the_file = std::to_array<int>(
        {SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(newfstatat)});
    NK_TAKE(const auto filter, nk::cage::Filter::make({.any = calls, .on_input = on_the_file}));
    nk::media::warm_up();
    NK_TAKE(const auto while_waiting, hold_back_ends());
    std::map<pid_t, std::uint32_t> reading;
    while (tell_who_ended(reading)) {
        pollfd ready{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        if (ppoll(&ready, 1, nullptr, &while_waiting) <= 0)
            continue;
        const auto asked = receive();
        if (!asked)
            return {};
        const pid_t pid = fork();
        if (pid == 0)
            serve(*asked, filter);
        close(asked->file);
        close(asked->answer);
        if (pid < 0)
            return machine("cannot fork");
        reading[pid] = asked->request.number;
    }
    return {};
}

}  // namespace

int main() {
    if (isatty(STDIN_FILENO) != 0) {
        std::fputs("naklank-media is started by naklank; it does nothing by itself.\n", stderr);
        return 2;
    }
    const auto done = run();
    if (!done)
        std::fprintf(stderr, "naklank-media: %s\n", done.error().what.c_str());
    return done ? 0 : 1;
}
