#include "host/media_helper.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/media_protocol.h"
#include "base/pack.h"
#include "host/child_process.h"
#include "host/descriptor.h"

namespace nk::host {

namespace {

namespace protocol = media_protocol;
using protocol::Piece;

constexpr std::uint64_t bytes_per_cpu_s = 4 * 1024 * 1024;  // a processor does a multiple of it

tl::unexpected<Error> machine(const std::string& what, int error) {
    return refuse(error == ENOENT ? Code::not_found : Code::io, Blame::machine,
                  what + ": " + std::generic_category().message(error));
}

// A sentence on a process that ended before it had answered.
Error how_it_ended(const protocol::Ending& ending) {
    const auto because = [](const char* what) {
        return Error{Code::malformed, Blame::owner, what};
    };
    if (!ending.by_signal)
        return ending.code == protocol::out_of_memory
                   ? because("reading it took more memory than a file of sound may need")
                   : because("reading it ended early");
    switch (ending.code) {
        case SIGXCPU:
            return because("reading it took longer than a file of its size may need");
        case SIGSYS:
            return because("reading it asked for what reading does not need");
        case SIGKILL:
            return {Code::io, Blame::machine,
                    "reading it was ended from outside, or the machine had no memory left"};
        default:
            return because("reading it made the reader crash");
    }
}

}  // namespace

// naklank-media as it runs.
class MediaHelper::Process {
public:
    explicit Process(std::unique_ptr<ChildProcess> child) : child_(std::move(child)) {}

    // Gives the request's number.
    Result<std::uint32_t> ask(protocol::Request request, const std::array<int, 2>& descriptors) {
        request.number = next_++;
        NK_TRY(child_->send_with(protocol::write_request(request), descriptors));
        asked_[request.number] = std::nullopt;
        return request.number;
    }
    // Waits for the end of who answers that request; nullopt: all of naklank-media has gone.
    std::optional<protocol::Ending> end_of(std::uint32_t number) {
        while (!asked_[number]) {
            std::array<std::uint8_t, protocol::ending_bytes> bytes{};
            if (!child_->receive(bytes))
                return std::nullopt;
            const auto ending = protocol::read_ending(bytes);
            if (const auto known = asked_.find(ending.number); known != asked_.end())
                known->second = ending;
        }
        return asked_[number];
    }
    void forget(std::uint32_t number) { asked_.erase(number); }

private:
    std::unique_ptr<ChildProcess> child_;
    std::uint32_t next_ = 0;
    std::map<std::uint32_t, std::optional<protocol::Ending>> asked_;  // and how they ended
};

// One request and its answer.
class MediaHelper::Talk {
public:
    static Result<Talk> begin(MediaHelper& helper, const std::string& path,
                              protocol::Request request) {
        const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
        struct stat about{};
        if (file.number() < 0 || fstat(file.number(), &about) != 0)
            return machine("cannot open " + path, errno);
        if (!S_ISREG(about.st_mode))
            return refuse(Code::unsupported, Blame::owner, path + " is no plain file");
        request.cpu_s = helper.cpu_s_ +
                        static_cast<std::uint32_t>(std::min<std::uint64_t>(
                            static_cast<std::uint64_t>(about.st_size) / bytes_per_cpu_s, 3'600));
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
            return machine("cannot make a socket pair", errno);
        Descriptor ours(ends[0]);
        const Descriptor theirs(ends[1]);
        // One that has gone since it was last asked is started again, once.
        for (const bool is_last : {false, true}) {
            NK_TAKE(auto process, helper.process());
            const auto number = process->ask(request, {file.number(), theirs.number()});
            if (number)
                return Talk(helper, std::move(process), *number, std::move(ours));
            helper.process_.reset();
            if (is_last)
                return tl::unexpected(number.error());
        }
        return refuse(Code::broken, Blame::ourselves, "nobody was asked");
    }

    Talk(Talk&&) noexcept = default;
    Talk& operator=(Talk&&) = delete;
    // Who still answers finds nobody, and ends.
    ~Talk() {
        if (process_)
            process_->forget(number_);
    }

    // Gives each piece to `take`, until the last one.
    template <class Take>
    Result<void> listen(const Take& take) {
        for (;;) {
            std::array<std::uint8_t, protocol::piece_head_bytes> head{};
            NK_TRY(fill(head));
            const auto size = get_le<std::uint32_t>(head.data() + 1);
            if (size > protocol::piece_bytes_max)
                return refuse(Code::malformed, Blame::machine,
                              "naklank-media gave an answer of no known form");
            body_.resize(size);
            NK_TRY(fill(body_));
            const auto kind = static_cast<Piece>(head[0]);
            if (kind == Piece::done || kind == Piece::failed)
                (void)process_->end_of(number_);
            if (kind == Piece::done)
                return {};
            if (kind == Piece::failed)
                return tl::unexpected(protocol::read_failure(body_));
            NK_TRY(take(kind, Bytes(body_)));
        }
    }
    // Somebody else ended who answered: not for what was in the file.
    [[nodiscard]] bool was_ended_from_outside() const { return was_ended_from_outside_; }

private:
    Talk(MediaHelper& helper, std::shared_ptr<Process> process, std::uint32_t number,
         Descriptor socket)
        : helper_(helper),
          process_(std::move(process)),
          number_(number),
          socket_(std::move(socket)) {}

    Result<void> fill(std::span<std::uint8_t> out) {
        while (!out.empty()) {
            pollfd ready{.fd = socket_.number(), .events = POLLIN, .revents = 0};
            const int count = poll(&ready, 1, static_cast<int>(to_ms(helper_.wait_)));
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                return refuse(Code::malformed, Blame::owner,
                              "reading it took longer than a file of its size may need");
            const auto got = recv(socket_.number(), out.data(), out.size(), 0);
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return gone();
            out = out.subspan(static_cast<std::size_t>(got));
        }
        return {};
    }
    // Its side was closed in the middle of an answer: the other socket says how it ended.
    Result<void> gone() {
        const auto ending = process_->end_of(number_);
        was_ended_from_outside_ = !ending || (ending->by_signal && ending->code == SIGKILL);
        if (ending)
            return tl::unexpected(how_it_ended(*ending));
        if (helper_.process_ == process_)
            helper_.process_.reset();
        return refuse(Code::io, Blame::machine, "naklank-media has gone");
    }

    MediaHelper& helper_;
    std::shared_ptr<Process> process_;
    std::uint32_t number_;
    Descriptor socket_;
    std::vector<std::uint8_t> body_;
    bool was_ended_from_outside_ = false;
};

struct MediaHelper::Look {
    std::string path;
    std::string name;
    Talk talk;
};

MediaHelper::MediaHelper(std::string program, Nanos wait, std::uint32_t cpu_s)
    : program_(std::move(program)), wait_(wait), cpu_s_(cpu_s) {}
MediaHelper::~MediaHelper() = default;

Result<std::shared_ptr<MediaHelper::Process>> MediaHelper::process() {
    if (!process_) {
        NK_TAKE(auto child, start_child(program_, {}));
        process_ = std::make_shared<Process>(std::move(child));
    }
    return process_;
}

namespace {

tl::unexpected<Error> unexpected_piece() {
    return refuse(Code::malformed, Blame::machine, "naklank-media gave what was not asked for");
}

}  // namespace

Result<void> MediaHelper::begin_look(const std::string& path, const std::string& name) {
    NK_TAKE(auto talk, Talk::begin(*this, path, {.verb = protocol::Verb::look, .name = name}));
    looks_.push_back({path, name, std::move(talk)});
    return {};
}

Result<MediaFacts> MediaHelper::end_look() {
    if (looks_.empty())
        return refuse(Code::broken, Blame::ourselves, "nothing is being looked at");
    Look look = std::move(looks_.front());
    looks_.pop_front();
    auto facts = hear(look.talk);
    if (facts || !look.talk.was_ended_from_outside())
        return facts;
    NK_TAKE(auto again,
            Talk::begin(*this, look.path, {.verb = protocol::Verb::look, .name = look.name}));
    return hear(again);
}

Result<MediaFacts> MediaHelper::hear(Talk& talk) {
    std::optional<MediaFacts> facts;
    NK_TRY(talk.listen([&](Piece kind, Bytes body) -> Result<void> {
        if (kind != Piece::facts)
            return unexpected_piece();
        NK_TAKE(facts, protocol::read_facts(body));
        return {};
    }));
    if (!facts)
        return unexpected_piece();
    return *std::move(facts);
}

Result<void> MediaHelper::decode(const std::string& path, const std::string& name,
                                 std::int64_t from_ms, std::int64_t to_ms, const TakeShape& shape,
                                 const TakeSamples& take) {
    NK_TAKE(
        auto talk,
        Talk::begin(
            *this, path,
            {.verb = protocol::Verb::decode, .name = name, .from_ms = from_ms, .to_ms = to_ms}));
    std::uint32_t channels = 0;
    std::vector<std::int16_t> samples;
    return talk.listen([&](Piece kind, Bytes body) -> Result<void> {
        if (kind == Piece::shape && channels == 0) {
            NK_TAKE(const auto known, protocol::read_shape(body));
            channels = known.channels;
            return shape(known);
        }
        if (kind != Piece::samples || channels == 0 || body.size() % (2 * channels) != 0)
            return unexpected_piece();
        samples.resize(body.size() / 2);
        std::memcpy(samples.data(), body.data(), body.size());
        return take(samples);
    });
}

Result<void> MediaHelper::wrap_anew(const std::string& path, const std::string& name,
                                    const TakeBytes& take) {
    NK_TAKE(auto talk, Talk::begin(*this, path, {.verb = protocol::Verb::wrap_anew, .name = name}));
    return talk.listen([&](Piece kind, Bytes body) -> Result<void> {
        return kind == Piece::bytes ? take(body) : Result<void>(unexpected_piece());
    });
}

Result<void> MediaHelper::unpack(const std::string& path, const TakeFile& begin,
                                 const TakeBytes& take) {
    NK_TAKE(auto talk, Talk::begin(*this, path, {.verb = protocol::Verb::unpack, .name = ""}));
    bool has_begun = false;
    return talk.listen([&](Piece kind, Bytes body) -> Result<void> {
        if (kind == Piece::file) {
            has_begun = true;
            NK_TAKE(const auto file, protocol::read_file(body));
            return begin(file);
        }
        if (kind != Piece::bytes || !has_begun)
            return unexpected_piece();
        return take(body);
    });
}

}  // namespace nk::host
