#include "host/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"

extern "C" {  // Debian 12's header forgets to say so
#include <sys/pidfd.h>
}

namespace nk::host {

namespace {

using Instant = std::chrono::steady_clock::time_point;

Instant now() {
    return std::chrono::steady_clock::now();
}

tl::unexpected<Error> machine(const std::string& what, int error) {
    return refuse(error == ENOENT ? Code::not_found : Code::io, Blame::machine,
                  what + ": " + std::generic_category().message(error));
}

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    void close() {
        if (fd_ >= 0)
            ::close(std::exchange(fd_, -1));
    }
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

// Both ends, closed on exec; the near one gives up a wait after limits::helper_answer_wait.
Result<std::pair<Descriptor, Descriptor>> make_sockets() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return machine("cannot make a socket pair", errno);
    std::pair<Descriptor, Descriptor> pair{Descriptor(ends[0]), Descriptor(ends[1])};
    const timeval wait{.tv_sec = static_cast<time_t>(
                           std::chrono::ceil<seconds>(limits::helper_answer_wait).count()),
                       .tv_usec = 0};
    for (const int way : {SO_RCVTIMEO, SO_SNDTIMEO})
        if (setsockopt(ends[0], SOL_SOCKET, way, &wait, sizeof wait) != 0)
            return machine("cannot limit a socket's wait", errno);
    return pair;
}

class Child : public ChildProcess {
public:
    Child(Descriptor socket, pid_t pid) : socket_(std::move(socket)), pid_(pid) {}
    ~Child() override;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    Result<void> send(Bytes bytes) override;
    Result<void> send_with(Bytes bytes, std::span<const int> descriptors) override;
    Result<void> receive(std::span<std::uint8_t> out) override;
    [[nodiscard]] pid_t pid() const override { return pid_; }

private:
    Result<void> fill();
    void end_and_reap() const;

    Descriptor socket_;
    pid_t pid_;
    // What arrived and was not asked for yet: a reply's head and body mostly come in one piece.
    std::array<std::uint8_t, 16 * 1024> buffer_{};
    Bytes arrived_;
};

Child::~Child() {
    socket_.close();
    end_and_reap();
}

void Child::end_and_reap() const {
    const Descriptor handle(pidfd_open(pid_, 0));
    pollfd ended{.fd = handle.get(), .events = POLLIN, .revents = 0};
    const auto wait_ms = static_cast<int>(to_ms(limits::child_end_wait));
    if (handle.get() < 0 || poll(&ended, 1, wait_ms) <= 0)
        kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Result<void> Child::send(Bytes bytes) {
    const auto deadline = now() + limits::helper_answer_wait;
    while (!bytes.empty()) {
        const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return machine("cannot send to a process of ours", errno);
        bytes = bytes.subspan(sent < 0 ? 0 : static_cast<std::size_t>(sent));
        if (!bytes.empty() && now() > deadline)
            return machine("cannot send to a process of ours", ETIMEDOUT);
    }
    return {};
}

// They go with the first of the bytes.
Result<void> Child::send_with(Bytes bytes, std::span<const int> descriptors) {
    constexpr std::size_t descriptors_max = 4;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(descriptors_max * sizeof(int))> control{};
    if (bytes.empty() || descriptors.empty() || descriptors.size() > descriptors_max)
        return machine("cannot send descriptors", EINVAL);
    iovec piece{.iov_base = const_cast<std::uint8_t*>(bytes.data()), .iov_len = bytes.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(head), descriptors.data(), descriptors.size_bytes());
    ssize_t sent = -1;
    do
        sent = sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return machine("cannot send to a process of ours", errno);
    return send(bytes.subspan(static_cast<std::size_t>(sent)));
}

// Waits for bytes. A signal is no answer and no end.
Result<void> Child::fill() {
    for (;;) {
        const auto got = recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
        if (got > 0) {
            arrived_ = Bytes(buffer_).first(static_cast<std::size_t>(got));
            return {};
        }
        if (got == 0)
            return refuse(Code::io, Blame::machine, "a process of ours has ended");
        if (errno == EAGAIN)
            return machine("a process of ours does not answer", ETIMEDOUT);
        if (errno != EINTR)
            return machine("cannot hear from a process of ours", errno);
    }
}

Result<void> Child::receive(std::span<std::uint8_t> out) {
    const bool is_here = out.size() <= arrived_.size();
    const auto deadline = is_here ? Instant() : now() + limits::helper_answer_wait;
    for (;;) {
        const auto count = std::min(out.size(), arrived_.size());
        std::copy_n(arrived_.begin(), count, out.begin());
        arrived_ = arrived_.subspan(count);
        out = out.subspan(count);
        if (out.empty())
            return {};
        // A process that answers drop by drop must not hold us longer than one that is silent.
        if (now() > deadline)
            return machine("a process of ours does not answer", ETIMEDOUT);
        NK_TRY(fill());
    }
}

class SpawnOptions {
public:
    SpawnOptions() {
        posix_spawn_file_actions_init(&files_);
        posix_spawnattr_init(&attributes_);
    }
    ~SpawnOptions() {
        posix_spawn_file_actions_destroy(&files_);
        posix_spawnattr_destroy(&attributes_);
    }
    SpawnOptions(const SpawnOptions&) = delete;
    SpawnOptions& operator=(const SpawnOptions&) = delete;

    // `socket` becomes standard input and output; standard error stays; all else is closed. Signals
    // are as in a fresh process, whatever this one blocks or ignores.
    int set(int socket) {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        const auto steps = std::to_array<int>(
            {posix_spawn_file_actions_adddup2(&files_, socket, STDIN_FILENO),
             posix_spawn_file_actions_adddup2(&files_, socket, STDOUT_FILENO),
             posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1),
             posix_spawnattr_setsigmask(&attributes_, &none),
             posix_spawnattr_setsigdefault(&attributes_, &all),
             posix_spawnattr_setflags(&attributes_,
                                      POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)});
        const auto* wrong = std::find_if(steps.begin(), steps.end(), [](int e) { return e != 0; });
        return wrong == steps.end() ? 0 : *wrong;
    }
    [[nodiscard]] const posix_spawn_file_actions_t* files() const { return &files_; }
    [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

}  // namespace

Result<std::unique_ptr<ChildProcess>> start_child(const std::string& program_path,
                                                  const std::vector<std::string>& arguments) {
    NK_TAKE(auto sockets, make_sockets());
    SpawnOptions options;
    if (const int error = options.set(sockets.second.get()); error != 0)
        return machine("cannot prepare " + program_path, error);
    std::vector<std::string> words{program_path};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (auto& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<char*, 1> environment{nullptr};
    pid_t pid = -1;
    const int error = posix_spawn(&pid, program_path.c_str(), options.files(), options.attributes(),
                                  argv.data(), environment.data());
    if (error != 0)
        return machine("cannot start " + program_path, error);
    return std::make_unique<Child>(std::move(sockets.first), pid);
}

Result<std::string> find_helper(const std::string& name) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error)
        return machine("cannot tell where this program is", error.value());
    const auto folder = self.parent_path();
    for (const auto& place : {folder / name, folder.parent_path() / "libexec" / "naklank" / name})
        if (access(place.c_str(), X_OK) == 0)
            return place.string();
    return refuse(Code::not_found, Blame::machine,
                  name + " is neither beside this program nor in ../libexec/naklank/");
}

}  // namespace nk::host
