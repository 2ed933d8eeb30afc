// A journal that a stranger wrote: the input is a run of blocks, or of anything else, that stand in
// a segment. What can be read of it is recovered and sealed.

#include "recording/journal/entries.h"
#include "recording/recovery.h"
#include "recording/testing_house.h"

namespace {

using namespace nk;
using namespace nk::recording;

void put(std::vector<std::uint8_t>& out, Bytes bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

// A packet of next week is no fault, but its week of silence takes longer than a fuzzer waits, and
// so do minutes in each of hundreds of calls.
class SoonEnough : public journal::EntryReader {
public:
    void on_track(call::Track, MonoTime) override {}
    void on_packet(std::size_t, const call::MediaPacket& packet) override {
        is_soon = is_soon && packet.arrival.ns >= 0 && packet.arrival < MonoTime{} + seconds(20);
    }
    void on_dropped(const journal::Dropped&) override {}
    bool is_soon = true;
};
bool is_soon(Bytes body) {
    SoonEnough reader;
    journal::read_entries(body, {}, reader);
    return reader.is_soon;
}

}  // namespace

// Each piece: a kind (0 for bytes as they are), a call, a length of two bytes, and the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::uint8_t> segment(journal::segment_head_bytes);
    journal::write_segment_head(segment.data(), {1, 7});
    Bytes rest(data, size);
    while (rest.size() >= 4) {
        const auto kind = rest[0];
        const auto call = rest[1];
        const std::size_t bytes = std::min<std::size_t>(be16(rest.data() + 2), rest.size() - 4);
        const Bytes body = rest.subspan(4, bytes);
        rest = rest.subspan(4 + bytes);
        if (kind == 2 && !is_soon(body))
            continue;
        if (kind == 0) {
            put(segment, body);
            continue;
        }
        journal::Block block(body.size());
        if (!body.empty())
            block.add(body);
        put(segment, block.close(static_cast<journal::BlockKind>(kind), call, 7));
    }
    testing::TestHouse house;
    house.disk.put("/left/20260101T000000Z-aaaaaa/" + journal::segment_name(1), segment);
    auto recovered = recover(house.disk, "/left", WallTime{1'700'000'100'000'000'000});
    NK_CHECK(recovered.has_value());
    for (auto& job : recovered->jobs)
        house.sealer->push(std::move(job));
    recovered->jobs.clear();
    while (house.sealer->step()) {
    }
    NK_CHECK(house.sealer->waiting() == 0);
    return 0;
}
