#include "recording/journal/reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/checksum.h"
#include "base/limits.h"
#include "recording/journal/folder.h"
#include "recording/journal/seed.h"

namespace nk::recording::journal {

namespace {

constexpr std::size_t block_alignment = 8;
constexpr std::size_t resume_bytes = 64 * 1024;  // searched at a time for the next good block
constexpr std::size_t sector_bytes = 4096;       // read at a time where a disk cannot read
constexpr std::uint64_t told_per_segment_max = 8;

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
            NK_TAKE(const auto got, read(from, room_));
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
        NK_TAKE(const auto got, read(at, raw));
        if (got < raw.size())
            return std::nullopt;
        const auto head = read_block_head(raw.data(), seed_);
        if (!head)
            return std::nullopt;
        body.resize(head->body_bytes);
        NK_TAKE(const auto filled, read(at + block_head_bytes, body));
        if (filled < body.size() || checksum(body, seed_) != head->body_checksum)
            return std::nullopt;
        return head;
    }
    // Why something before `end` cannot be read, since this was last asked; empty when all can.
    std::string trouble_before(std::uint64_t end) {
        const auto trouble = std::exchange(trouble_, std::nullopt);
        return trouble && trouble->at < end ? trouble->what : std::string();
    }

private:
    // As File::read_at; what cannot be read is zeros, in which no block begins and none fits.
    Result<std::size_t> read(std::uint64_t from, std::span<std::uint8_t> out) {
        auto at_once = file_.read_at(from, out);
        if (at_once || at_once.error().code != Code::io)
            return at_once;
        std::size_t done = 0;
        while (done < out.size()) {
            const std::uint64_t at = from + done;
            const auto piece = out.subspan(
                done, std::min<std::size_t>(sector_bytes - at % sector_bytes, out.size() - done));
            const auto got = file_.read_at(at, piece);
            if (!got && got.error().code != Code::io)
                return got;
            if (!got) {
                std::fill(piece.begin(), piece.end(), std::uint8_t{0});
                if (!trouble_ || at < trouble_->at)
                    trouble_ = Trouble{at, got.error().what};
            }
            done += got.value_or(piece.size());
            if (got && *got < piece.size())
                break;
        }
        return done;
    }

    struct Trouble {
        std::uint64_t at = 0;
        std::string what;
    };
    std::optional<Trouble> trouble_;  // the first
    File& file_;
    std::uint64_t size_;
    std::uint64_t seed_;
    const GoesOn& goes_on_;
    std::vector<std::uint8_t> room_;
};

// What is said of one segment's damaged stretches: a few sentences, and how much else there is.
class Stretches {
public:
    Stretches(std::string path, Scanned& scanned) : path_(std::move(path)), scanned_(scanned) {}
    void add(std::uint64_t at, std::uint64_t bytes, bool is_torn, const std::string& how) {
        scanned_.bytes_damaged += bytes;
        scanned_.unread += is_torn ? 0 : 1;
        if (!is_torn && told_++ >= told_per_segment_max) {
            ++more_;
            more_bytes_ += bytes;
            return;
        }
        (is_torn ? scanned_.torn : scanned_.damaged)
            .push_back(path_ + ": " + std::to_string(bytes) + " bytes from byte " +
                       std::to_string(at) + how);
    }
    void finish() {
        if (more_ > 0)
            scanned_.damaged.push_back(path_ + ": and " + std::to_string(more_) +
                                       " more stretches, " + std::to_string(more_bytes_) +
                                       " bytes");
    }

private:
    std::string path_;
    Scanned& scanned_;
    std::uint64_t told_ = 0;
    std::uint64_t more_ = 0;
    std::uint64_t more_bytes_ = 0;
};

Result<void> scan_blocks(Segment& segment, std::uint64_t size, std::uint32_t number, bool is_last,
                         const OnBlock& on_block, const GoesOn& goes_on, Stretches& stretches,
                         Scanned& scanned) {
    std::vector<std::uint8_t> body;
    std::uint64_t at = segment_head_bytes;
    while (at < size) {
        if (!goes_on())
            return left();
        NK_TAKE(const auto block, segment.block(at, body));
        if (block) {
            on_block(*block,
                     {number, static_cast<std::uint32_t>(at), block->whole_bytes(), block->kind},
                     body);
            ++scanned.blocks;
            at += block->whole_bytes();
            continue;
        }
        NK_TAKE(const auto next, segment.next_head(at + block_alignment));
        const std::string trouble = segment.trouble_before(next);
        const bool is_torn = is_last && next == size && trouble.empty();
        stretches.add(at, next - at, is_torn,
                      !trouble.empty() ? " on cannot be read: " + trouble
                      : next < size    ? " on are damaged"
                                       : " on were not written whole");
        at = next;
    }
    return {};
}

// Its head; of one that is damaged, with the seed of the run.
Result<std::optional<SegmentHead>> find_head(Disk& disk, File& file, const std::string& path,
                                             bool is_last, std::uint64_t size, Scanned& scanned) {
    const auto read = head_of(file);
    if (!read && read.error().code != Code::io)
        return read;
    const auto number = segment_number(path.substr(path.rfind('/') + 1));
    auto head = read ? *read : std::nullopt;
    if (!head && size > segment_head_bytes && number) {
        if (const auto seed = seed_of_run(disk, path.substr(0, path.rfind('/')))) {
            head = SegmentHead{*number, *seed};
            scanned.bytes_damaged += segment_head_bytes;
            scanned.damaged.push_back(path +
                                      ": its head is damaged; its blocks are read all the same");
        }
    }
    if (head && head->number == number)
        return head;
    if (read && is_last && size <= segment_head_bytes) {  // it holds nothing yet
        scanned.torn.push_back(path + ": its head was not written whole");
    } else {
        scanned.damaged.push_back(path + " does not begin as the journal it is named");
        ++scanned.unread;
    }
    return std::nullopt;
}

Scanned::Hole hole(const std::string& folder, std::uint32_t first, std::uint32_t segments) {
    const std::string path = folder + "/" + segment_name(first);
    return {first, segments == 1 ? path + " is missing"
                                 : path + " is missing, and the " + std::to_string(segments - 1) +
                                       " that follow it"};
}

// A disk that cannot read the segment at all costs that one and no other.
Result<void> pass_over(const Error& error, const std::string& path, Scanned& scanned) {
    if (error.code != Code::io)
        return tl::unexpected(error);
    scanned.damaged.push_back(path + " cannot be read: " + error.what);
    ++scanned.unread;
    return {};
}

Result<void> scan_segment(Disk& disk, const std::string& path, std::uint32_t number, bool is_last,
                          const OnBlock& on_block, const GoesOn& goes_on, Scanned& scanned) {
    // A disk that fails once is asked again, before a segment is given up.
    auto file = disk.open_plain(path);
    if (!file && file.error().code == Code::io)
        file = disk.open_plain(path);
    if (!file)
        return pass_over(file.error(), path, scanned);
    auto whole = (*file)->size();
    if (!whole && whole.error().code == Code::io)
        whole = (*file)->size();
    if (!whole)
        return pass_over(whole.error(), path, scanned);
    const auto size = std::min<std::uint64_t>(*whole, limits::journal_segment_bytes);
    if (*whole > size) {
        scanned.damaged.push_back(path + ": " + std::to_string(*whole - size) +
                                  " bytes from byte " + std::to_string(size) +
                                  " on are more than a segment holds, and were not read");
        ++scanned.unread;
    }
    if (!is_last && size <= segment_head_bytes)
        scanned.holes.push_back({number, path + " is empty, and others follow it"});
    if (size == 0)
        return {};
    NK_TAKE(const auto head, find_head(disk, **file, path, is_last, size, scanned));
    if (!head)
        return {};
    Segment segment(**file, size, head->seed, goes_on);
    Stretches stretches(path, scanned);
    NK_TRY(scan_blocks(segment, size, number, is_last, on_block, goes_on, stretches, scanned));
    stretches.finish();
    return {};
}

}  // namespace

Result<Reader::OpenSegment*> Reader::open(std::uint32_t segment) {
    if (const auto known = open_.find(segment); known != open_.end())
        return &known->second;
    if (open_.size() >= limits::journal_segments_open_max)
        open_.clear();
    NK_TAKE(auto file, disk_.open_plain(folder_ + "/" + segment_name(segment)));
    const auto head = head_of(*file);
    if (!head && head.error().code != Code::io)
        return tl::unexpected(head.error());
    const auto seed = head && *head ? (*head)->seed : seed_of_run(disk_, folder_).value_or(0);
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
    std::vector<std::uint32_t> numbers;
    std::optional<std::uint32_t> before;
    for (const auto& entry : entries) {  // sorted by name, and so by number
        const auto number = segment_number(entry.name);
        if (!number)
            continue;
        if (before && *number - *before > 1)
            scanned.holes.push_back(hole(folder, *before + 1, *number - *before - 1));
        before = number;
        if (is_segment(entry)) {
            numbers.push_back(*number);
        } else {
            scanned.damaged.push_back(folder + "/" + entry.name +
                                      " is no plain file, and was not read");
            ++scanned.unread;
        }
    }
    for (const auto number : numbers)
        NK_TRY(scan_segment(disk, folder + "/" + segment_name(number), number,
                            number == numbers.back(), on_block, goes_on, scanned));
    return scanned;
}

}  // namespace nk::recording::journal
