#include "recording/journal/reader.h"

#include <algorithm>
#include <array>

#include "base/checksum.h"
#include "base/limits.h"
#include "recording/journal/folder.h"
#include "recording/journal/seed.h"

namespace nk::recording::journal {

namespace {

constexpr std::size_t block_alignment = 8;
constexpr std::size_t resume_bytes = 64 * 1024;  // searched at a time for the next good block

tl::unexpected<Error> left() {
    return refuse(Code::busy, Blame::owner, "what earlier runs left was not read to its end");
}

// One segment while it is scanned.
class Segment {
public:
    Segment(File& file, std::uint64_t size, std::uint64_t seed, const GoesOn& goes_on)
        : file_(file), size_(size), seed_(seed), goes_on_(goes_on) {}

    // Where the next good block's head lies at or after `from`; the end when there is none.
    Result<std::uint64_t> next_head(std::uint64_t from) {
        while (from + block_head_bytes <= size_) {
            if (!goes_on_())
                return left();
            room_.resize(std::min<std::uint64_t>(resume_bytes, size_ - from));
            NK_TAKE(const auto got, file_.read_at(from, room_));
            std::size_t at = 0;
            for (; at + block_head_bytes <= got; at += block_alignment)
                if (read_block_head(room_.data() + at, seed_))
                    return from + at;
            if (at == 0)
                break;
            from += at;
        }
        return size_;
    }
    // The block at `at`: its head, and its body in `body`; no value when it is not whole.
    Result<std::optional<BlockHead>> block(std::uint64_t at, std::vector<std::uint8_t>& body) {
        std::array<std::uint8_t, block_head_bytes> raw{};
        NK_TAKE(const auto got, file_.read_at(at, raw));
        if (got < raw.size())
            return std::nullopt;
        const auto head = read_block_head(raw.data(), seed_);
        if (!head)
            return std::nullopt;
        body.resize(head->body_bytes);
        NK_TAKE(const auto filled, file_.read_at(at + block_head_bytes, body));
        if (filled < body.size() || checksum(body, seed_) != head->body_checksum)
            return std::nullopt;
        return head;
    }

private:
    File& file_;
    std::uint64_t size_;
    std::uint64_t seed_;
    const GoesOn& goes_on_;
    std::vector<std::uint8_t> room_;
};

Result<void> scan_segment(Disk& disk, const std::string& path, bool is_last,
                          const OnBlock& on_block, const GoesOn& goes_on, Scanned& scanned) {
    NK_TAKE(const auto file, disk.open_plain(path));
    NK_TAKE(const auto whole, file->size());
    const auto size = std::min<std::uint64_t>(whole, limits::journal_segment_bytes);
    if (whole > size) {
        scanned.damaged.push_back(path + ": " + std::to_string(whole - size) + " bytes from byte " +
                                  std::to_string(size) +
                                  " on are more than a segment holds, and were not read");
        ++scanned.unread;
    }
    NK_TAKE(auto head, head_of(*file));
    const auto number = segment_number(path.substr(path.rfind('/') + 1));
    if (const auto seed = !head && number && size > segment_head_bytes
                              ? seed_of_run(disk, path.substr(0, path.rfind('/')))
                              : std::nullopt) {
        head = SegmentHead{*number, *seed};
        scanned.bytes_damaged += segment_head_bytes;
        scanned.damaged.push_back(path + ": its head is damaged; its blocks are read all the same");
    }
    if (!head || !path.ends_with("/" + segment_name(head->number))) {
        if (is_last && size > 0 && size <= segment_head_bytes) {  // it holds nothing yet
            scanned.torn.push_back(path + ": its head was not written whole");
        } else if (size > 0) {
            scanned.damaged.push_back(path + " does not begin as the journal it is named");
            ++scanned.unread;
        }
        return {};
    }
    Segment segment(*file, size, head->seed, goes_on);
    std::vector<std::uint8_t> body;
    std::uint64_t at = segment_head_bytes;
    while (at < size) {
        if (!goes_on())
            return left();
        NK_TAKE(const auto block, segment.block(at, body));
        if (block) {
            on_block(
                *block,
                {head->number, static_cast<std::uint32_t>(at), block->whole_bytes(), block->kind},
                body);
            ++scanned.blocks;
            at += block->whole_bytes();
            continue;
        }
        NK_TAKE(const auto next, segment.next_head(at + block_alignment));
        scanned.bytes_damaged += next - at;
        const bool is_torn = is_last && next == size;
        auto& told = is_torn ? scanned.torn : scanned.damaged;
        scanned.unread += is_torn ? 0 : 1;
        told.push_back(path + ": " + std::to_string(next - at) + " bytes from byte " +
                       std::to_string(at) +
                       (next < size ? " on are damaged" : " on were not written whole"));
        at = next;
    }
    return {};
}

}  // namespace

Result<Reader::OpenSegment*> Reader::open(std::uint32_t segment) {
    if (const auto known = open_.find(segment); known != open_.end())
        return &known->second;
    if (open_.size() >= limits::journal_segments_open_max)
        open_.clear();
    NK_TAKE(auto file, disk_.open_plain(folder_ + "/" + segment_name(segment)));
    NK_TAKE(const auto head, head_of(*file));
    const auto seed = head ? head->seed : seed_of_run(disk_, folder_).value_or(0);
    auto& made = open_[segment];
    made = {std::move(file), seed};
    return &made;
}

Result<Bytes> Reader::read(const Place& place, std::uint64_t call,
                           std::vector<std::uint8_t>& room) {
    NK_TAKE(auto* segment, open(place.segment));
    room.resize(place.bytes);
    NK_TAKE(const auto got, segment->file->read_at(place.offset, room));
    const auto head =
        got >= block_head_bytes ? read_block_head(room.data(), segment->seed) : std::nullopt;
    const auto bad = [&] {
        return refuse(Code::malformed, Blame::machine,
                      folder_ + "/" + segment_name(place.segment) + ": the block at byte " +
                          std::to_string(place.offset) + " is not what was written there");
    };
    if (!head || got < place.bytes || head->call != call || head->kind != place.kind ||
        head->whole_bytes() != place.bytes)
        return bad();
    const Bytes body = Bytes(room).subspan(block_head_bytes, head->body_bytes);
    if (checksum(body, segment->seed) != head->body_checksum)
        return bad();
    return body;
}

Result<Scanned> scan(Disk& disk, const std::string& folder, const OnBlock& on_block,
                     const GoesOn& goes_on) {
    NK_TAKE(const auto entries, disk.list(folder));
    Scanned scanned;
    std::vector<std::string> paths;
    for (const auto& entry : entries) {  // sorted by name, and so by number
        const std::string path = folder + "/" + entry.name;
        if (is_segment(entry)) {
            paths.push_back(path);
        } else if (segment_number(entry.name)) {
            scanned.damaged.push_back(path + " is no plain file, and was not read");
            ++scanned.unread;
        }
    }
    for (const auto& path : paths)
        NK_TRY(scan_segment(disk, path, path == paths.back(), on_block, goes_on, scanned));
    return scanned;
}

}  // namespace nk::recording::journal
