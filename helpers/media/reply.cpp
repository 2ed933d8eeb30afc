#include "reply.h"

#include <array>
#include <cerrno>

#include <unistd.h>

#include "base/pack.h"

namespace nk::media {

namespace {

void write_all(Bytes bytes) {
    while (!bytes.empty()) {
        const auto put = write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR)
            _exit(0);  // nobody listens
        bytes = bytes.subspan(put < 0 ? 0 : static_cast<std::size_t>(put));
    }
}

}  // namespace

void say(media_protocol::Piece piece, Bytes body) {
    std::array<std::uint8_t, media_protocol::piece_head_bytes> head{
        static_cast<std::uint8_t>(piece)};
    put_le(head.data() + 1, static_cast<std::uint32_t>(body.size()));
    write_all(head);
    write_all(body);
}

void say_failed(const Error& error) {
    say(media_protocol::Piece::failed, media_protocol::write_failure(error));
}

}  // namespace nk::media
