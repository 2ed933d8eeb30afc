#include "intake/tap/look_ahead.h"

#include <array>
#include <cstdint>

#include "base/check.h"
#include "base/limits.h"
#include "base/prefetch.h"

namespace nk::tap {

namespace {

bool may_be_media(const std::optional<wire::Frame>& frame) {
    return frame && frame->transport == wire::Transport::udp && !frame->fragment;
}

template <class T>
struct Few {
    std::array<T, limits::packets_at_once> all;
    std::size_t count = 0;
    void add(T one) { all[count++] = one; }
    [[nodiscard]] std::span<const T> span() const { return {all.data(), count}; }
};

}  // namespace

void look_ahead(std::span<const std::optional<wire::Frame>> frames, const Flows& flows,
                const call::Book& book) {
    NK_CHECK(frames.size() <= limits::packets_at_once);
    Few<std::uint64_t> hashes;
    for (const auto& frame : frames)
        if (may_be_media(frame))
            hashes.add(flows.expect(frame->source, frame->destination));
    Few<const Flow*> known;
    for (const auto hash : hashes.span())
        if (const Flow* flow = flows.guess(hash)) {
            prefetch_to_write(flow, sizeof *flow);
            known.add(flow);
        }
    for (const Flow* flow : known.span()) {
        prefetch(flow->source_record);
        prefetch(flow->destination_record);
        prefetch(flow->track);
    }
    Few<const call::Call*> calls;
    for (const Flow* flow : known.span())
        if (flow->call != nullptr && flow->is_up_to_date())
            calls.add(flow->call);
    book.expect(calls.span());
}

}  // namespace nk::tap
