#include "host/pcap_records.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "host/link_type.h"

namespace nk::host {

namespace {

constexpr std::size_t buffer_bytes = 512 * 1024;
constexpr std::size_t record_head_bytes = 16;
constexpr std::uint32_t captured_bytes_max = 262'144;  // what tcpdump and libpcap take for sane
constexpr int idle_wait_ms = 100;

std::uint32_t word(const std::uint8_t* at, bool is_swapped) {
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return is_swapped ? __builtin_bswap32(value) : value;
}

class PcapRecords : public PacketSource {
public:
    PcapRecords(std::unique_ptr<ByteReader> reader, const PcapHead& head, std::string name)
        : reader_(std::move(reader)), head_(head), name_(std::move(name)), buffer_(buffer_bytes) {}

    Result<Next> next(CapturedPacket& out) override {
        if (failed_)
            return tl::unexpected<Error>(*failed_);
        if (!is_past_head_) {
            NK_TAKE(const auto head, fill(pcap_head_bytes));
            if (head != Filled::enough)
                return head == Filled::waiting ? Next::idle : Next::end;
            take(pcap_head_bytes);
            is_past_head_ = true;
        }
        NK_TAKE(const auto filled, fill(record_head_bytes));
        if (filled == Filled::waiting)
            return Next::idle;
        if (filled == Filled::over && begin_ == end_)
            return Next::end;
        if (filled == Filled::over)
            return fail(Code::cut_off, "its last record's head is not whole");
        const std::uint32_t captured = captured_bytes();
        if (captured > captured_bytes_max)
            return fail(Code::malformed,
                        "a packet there would be of " + std::to_string(captured) + " bytes");
        return packet(out, captured);
    }
    std::size_t more(std::span<CapturedPacket> out) override {
        std::size_t count = 0;
        while (count < out.size() && is_whole_at_hand())
            give(out[count++], captured_bytes());
        return count;
    }
    [[nodiscard]] SourceCounts counts() const override { return counts_; }
    [[nodiscard]] double progress() const override { return reader_->progress(); }

private:
    enum class Filled { enough, waiting, over };

    Result<Next> packet(CapturedPacket& out, std::uint32_t captured) {
        NK_TAKE(const auto filled, fill(record_head_bytes + captured));
        if (filled == Filled::waiting)
            return Next::idle;
        if (filled == Filled::over)
            return fail(Code::cut_off, "its last packet is not whole");
        give(out, captured);
        return Next::packet;
    }
    // Of the record at begin_, whose head is at hand.
    [[nodiscard]] std::uint32_t captured_bytes() const {
        return word(buffer_.data() + begin_ + 8, head_.is_swapped);
    }
    // What is not waits for next(), which says what is wrong with it.
    [[nodiscard]] bool is_whole_at_hand() const {
        const std::size_t bytes = end_ - begin_;
        return bytes >= record_head_bytes && captured_bytes() <= captured_bytes_max &&
               bytes - record_head_bytes >= captured_bytes();
    }
    void give(CapturedPacket& out, std::uint32_t captured) {
        const std::uint8_t* record = buffer_.data() + begin_;
        const std::int64_t fraction = word(record + 4, head_.is_swapped);
        out.time = {std::int64_t{word(record, head_.is_swapped)} * 1'000'000'000 +
                    (head_.has_nanoseconds ? fraction : fraction * 1'000)};
        out.bytes = Bytes(record + record_head_bytes, captured);
        out.wire_bytes = word(record + 12, head_.is_swapped);
        out.link = head_.link;
        take(record_head_bytes + captured);
        ++counts_.received;
    }
    void take(std::size_t bytes) {
        begin_ += bytes;
        at_ += bytes;
    }
    // At least `bytes` from begin_ on. What was handed out before is gone when it has to read.
    Result<Filled> fill(std::size_t bytes) {
        if (end_ - begin_ >= bytes) [[likely]]
            return Filled::enough;
        std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data());
        end_ -= std::exchange(begin_, 0);
        while (end_ < bytes) {
            if (reader_->is_live() && !reader_->is_ready(idle_wait_ms))
                return Filled::waiting;
            auto got = reader_->read(std::span(buffer_).subspan(end_));
            if (!got)
                return fail(got.error().code, got.error().what, got.error().blame);
            if (*got == 0)
                return Filled::over;
            end_ += *got;
        }
        return Filled::enough;
    }
    tl::unexpected<Error> fail(Code code, const std::string& why, Blame blame = Blame::peer) {
        failed_ = Error{
            .code = code,
            .blame = blame,
            .what = name_ + (code == Code::cut_off ? " is cut off" : " cannot be read on") +
                    " after packet " + std::to_string(counts_.received) + ", at byte " +
                    std::to_string(code == Code::cut_off ? at_ + end_ - begin_ : at_) + ": " + why};
        return tl::unexpected<Error>(*failed_);
    }

    std::unique_ptr<ByteReader> reader_;
    PcapHead head_;
    std::string name_;
    std::vector<std::uint8_t> buffer_;
    std::size_t begin_ = 0;  // what is read and not handed out: [begin_, end_)
    std::size_t end_ = 0;
    std::uint64_t at_ = 0;  // where begin_ is in the file
    bool is_past_head_ = false;
    SourceCounts counts_;
    std::optional<Error> failed_;
};

}  // namespace

std::optional<PcapHead> pcap_head(Bytes start) {
    if (start.size() < pcap_head_bytes)
        return std::nullopt;
    PcapHead head;
    const std::uint32_t magic = word(start.data(), false);
    head.is_swapped = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
    const std::uint32_t kind = head.is_swapped ? __builtin_bswap32(magic) : magic;
    if (kind != 0xa1b2c3d4 && kind != 0xa1b23c4d)
        return std::nullopt;
    head.has_nanoseconds = kind == 0xa1b23c4d;
    const std::uint32_t version = word(start.data() + 4, head.is_swapped);
    if (version != (head.is_swapped ? 0x0002'0004U : 0x0004'0002U))
        return std::nullopt;
    const auto link = link_type_of_file(word(start.data() + 20, head.is_swapped));
    if (!link)
        return std::nullopt;
    head.link = *link;
    return head;
}

std::unique_ptr<PacketSource> pcap_records(std::unique_ptr<ByteReader> bytes, const PcapHead& head,
                                           std::string name) {
    return std::make_unique<PcapRecords>(std::move(bytes), head, std::move(name));
}

}  // namespace nk::host
