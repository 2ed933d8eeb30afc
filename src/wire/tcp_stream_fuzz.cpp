// Reads its input as segments: port, flags, sequence number (three bytes), length, time passed, and
// the bytes. Every flow begins once, ends once, and says nothing before or after.

#include <map>

#include "base/check.h"
#include "wire/tcp_stream.h"

namespace {

using nk::wire::TcpPiece;

void check(std::span<const TcpPiece> pieces, std::map<std::uint64_t, bool>& is_open) {
    for (const TcpPiece& piece : pieces) {
        const bool is_known = is_open.contains(piece.flow);
        NK_CHECK((piece.kind == TcpPiece::Kind::begin) == !is_known);
        NK_CHECK(!is_known || is_open[piece.flow]);
        NK_CHECK((piece.kind == TcpPiece::Kind::data) == !piece.bytes.empty());
        NK_CHECK((piece.kind == TcpPiece::Kind::hole) == (piece.missing > 0));
        is_open[piece.flow] = piece.kind != TcpPiece::Kind::end;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nk::wire::TcpTable table;
    std::map<std::uint64_t, bool> is_open;
    nk::MonoTime now{0};
    nk::Bytes rest(data, size);
    while (rest.size() >= 7) {
        nk::wire::Frame frame;
        frame.transport = nk::wire::Transport::tcp;
        frame.source.port = rest[0] % 3;
        frame.tcp_fin = (rest[1] & 1) != 0;
        frame.tcp_syn = (rest[1] & 2) != 0;
        frame.tcp_rst = (rest[1] & 4) != 0;
        frame.cut_short = (rest[1] & 8) != 0;
        // The lower bits move a little, the upper ones a lot.
        frame.tcp_sequence = nk::be24(&rest[2]) & 0xffff;
        if ((rest[1] & 16) != 0)
            frame.tcp_sequence += std::uint32_t{rest[2]} << 24;
        now = now + nk::milliseconds(rest[6] * 50);
        const std::size_t length = std::min<std::size_t>(rest[5], rest.size() - 7);
        frame.payload = rest.subspan(7, length);
        rest = rest.subspan(7 + length);
        check(table.add(frame, now), is_open);
    }
    check(table.expire(now + nk::hours(1)), is_open);
    check(table.finish(), is_open);
    for (const auto& [flow, still] : is_open)
        NK_CHECK(!still);
    return 0;
}
