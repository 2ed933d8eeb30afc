// naklank-decode: the codecs that libavcodec has, in a process that can do nothing else. It reads
// requests from its standard input and writes replies to its standard output (the protocol is in
// sound/helper_protocol.h) and ends when its input does. It never logs what it decodes.

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

extern "C" {
#include <libavutil/log.h>
}
#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/limits.h"
#include "cage/cage.h"
#include "session.h"
#include "sound/helper_protocol.h"

namespace {

using nk::Bytes;
using nk::Result;
namespace protocol = nk::sound::helper;

// Large enough for one whole request at any time, so that most need a single read.
constexpr std::size_t buffer_bytes = 2 * (protocol::head_bytes + protocol::request_body_bytes_max);

bool write_all(Bytes bytes) {
    while (!bytes.empty()) {
        const auto put = write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR)
            return false;
        bytes = bytes.subspan(put < 0 ? 0 : static_cast<std::size_t>(put));
    }
    return true;
}

// What libavcodec builds, looks up or allocates on first use happens here, before the filter of
// system calls: each decoder is opened once and given a frame.
void warm_up(nk::helper::Session& session) {
    struct Sample {
        nk::sound::Codec codec;
        std::size_t payload_bytes;
    };
    const auto samples = std::to_array<Sample>({{{"G722", 8'000, 1, ""}, 160},
                                                {{"G729", 8'000, 1, ""}, 10},
                                                {{"G723", 8'000, 1, ""}, 24},
                                                {{"GSM", 8'000, 1, ""}, 33},
                                                {{"iLBC", 8'000, 1, ""}, 50},
                                                {{"speex", 8'000, 1, ""}, 38},
                                                {{"AMR", 8'000, 1, ""}, 14},
                                                {{"AMR-WB", 16'000, 1, ""}, 18},
                                                {{"G726-32", 8'000, 1, ""}, 80},
                                                {{"AAL2-G726-32", 8'000, 1, ""}, 80}});
    protocol::Message request;
    protocol::Message reply;
    const auto ask = [&] {
        if (const auto whole = protocol::read_request(request); whole && *whole)
            session.answer(**whole, reply);
    };
    for (const auto& sample : samples) {
        protocol::write_open(0, sample.codec, request);
        ask();
        protocol::write_decode(0, std::vector<std::uint8_t>(sample.payload_bytes), request);
        ask();
    }
    protocol::write_close(0, request);
    ask();
}

// Answers every whole request in `bytes` and gives how many bytes those were.
Result<std::size_t> answer_all(nk::helper::Session& session, Bytes bytes,
                               protocol::Message& reply) {
    std::size_t used = 0;
    for (;;) {
        NK_TAKE(const auto request, protocol::read_request(bytes.subspan(used)));
        if (!request)
            return used;
        used += request->bytes;
        session.answer(*request, reply);
        if (!write_all(reply))
            return nk::refuse(nk::Code::io, nk::Blame::machine, "the recorder has gone");
    }
}

Result<void> serve(nk::helper::Session& session) {
    std::vector<std::uint8_t> buffer(buffer_bytes);
    protocol::Message reply;
    reply.reserve(protocol::head_bytes + protocol::reply_body_bytes_max);
    std::size_t filled = 0;
    for (;;) {
        const auto got = read(STDIN_FILENO, buffer.data() + filled, buffer.size() - filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return {};  // the recorder has closed its side
        filled += static_cast<std::size_t>(got);
        NK_TAKE(const auto used, answer_all(session, Bytes(buffer).first(filled), reply));
        std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(used),
                  buffer.begin() + static_cast<std::ptrdiff_t>(filled), buffer.begin());
        filled -= used;
    }
}

// The kernel sends its signal when the *thread* that started us ends, which may be long before the
// recorder does; this is how to tell the two apart.
const pid_t started_by = getppid();

extern "C" void on_parent_thread_end(int) {
    if (getppid() != started_by)
        _exit(0);
}

Result<void> end_with_the_recorder() {
    struct sigaction action{};
    action.sa_handler = on_parent_thread_end;
    action.sa_flags = SA_RESTART;
    if (sigaction(SIGUSR1, &action, nullptr) != 0 || prctl(PR_SET_PDEATHSIG, SIGUSR1) != 0)
        return nk::refuse(
            nk::Code::io, nk::Blame::machine,
            std::string("cannot ask to be told of the recorder's end: ") + std::strerror(errno));
    return {};
}

Result<void> run() {
    NK_TRY(nk::cage::give_up_rights());
    NK_TRY(end_with_the_recorder());  // who changes its rights has to ask anew
    constexpr auto calls =
        std::to_array<int>({SCMP_SYS(getppid), SCMP_SYS(restart_syscall)});  // for that signal
    NK_TAKE(const auto filter, nk::cage::Filter::make({.any = calls, .on_input = {}}));
    NK_TRY(nk::cage::take_no_more_than({.memory_bytes = nk::limits::helper_memory_bytes_max}));
    av_log_set_level(AV_LOG_QUIET);
    const auto session = std::make_unique<nk::helper::Session>();
    warm_up(*session);
    NK_TRY(filter.close());
    return serve(*session);
}

}  // namespace

int main() {
    if (isatty(STDIN_FILENO) != 0) {
        std::fputs("naklank-decode is started by naklank; it does nothing by itself.\n", stderr);
        return 2;
    }
    const auto done = run();
    if (!done)
        std::fprintf(stderr, "naklank-decode: %s\n", done.error().what.c_str());
    return done ? 0 : 1;
}
