#include "recording/journal/journal.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace nk::recording::journal {

namespace {

constexpr std::size_t batch_blocks = 64;
constexpr std::size_t free_blocks_max = 1'024;

bool is_before(const Place& a, const Place& b) {
    return a.segment != b.segment ? a.segment < b.segment : a.offset < b.offset;
}

// Once more than in the segments' heads: without it nothing of a segment can be read.
Result<void> write_seed(Disk& disk, const std::string& folder, const Options& options) {
    NK_TAKE(const auto file, disk.create(folder + "/" + seed_name));
    std::array<std::uint8_t, segment_head_bytes> head{};
    write_segment_head(head.data(), {0, options.seed});
    NK_TRY(file->write(head));
    return options.is_durable ? file->sync() : Result<void>{};
}

Result<std::unique_ptr<FileLock>> lock_new(Disk& disk, const std::string& folder) {
    // It holds what is said and the keys to it: for nobody but its owner.
    // Who recovers other runs' journals may take the empty folder away before it is locked.
    NK_TRY(disk.make_private_folder(folder));
    auto lock = disk.lock(folder + "/" + lock_name);
    const auto is_gone = [&] { return lock && !disk.exists(folder + "/" + lock_name); };
    for (int i = 0; i < 3 && (is_gone() || (!lock && lock.error().code != Code::refused)); ++i) {
        lock = refuse(Code::busy, Blame::machine, "");
        NK_TRY(disk.make_private_folder(folder));
        lock = disk.lock(folder + "/" + lock_name);
    }
    return lock;
}

// What stands in the folder before the first segment, brought to the disk.
Result<void> settle(Disk& disk, const std::string& folder, const Options& options) {
    NK_TRY(write_seed(disk, folder, options));
    if (options.is_durable) {  // a new name lives in its parent: the run in the journals', those in
                               // the archive
        std::string parent = folder;
        for (int i = 0; i < 2 && parent.rfind('/') != std::string::npos; ++i) {
            parent.resize(std::max<std::size_t>(parent.rfind('/'), 1));
            NK_TRY(disk.sync_folder(parent));
        }
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::begin(Disk& disk, const Clock& clock, std::string folder,
                                                const Options& options) {
    NK_CHECK(options.segment_bytes <= limits::journal_segment_bytes);
    auto lock = lock_new(disk, folder);
    if (!lock) {
        (void)disk.remove_empty_folder(folder);
        return tl::unexpected(lock.error());
    }
    if (auto settled = settle(disk, folder, options); !settled) {
        (void)remove_run(disk, folder);  // a start that fails leaves nothing behind
        return tl::unexpected(settled.error());
    }
    return std::make_unique<Journal>(Begun{}, disk, clock, std::move(folder), options,
                                     *std::move(lock));
}

Journal::Journal(Begun, Disk& disk, const Clock& clock, std::string folder, const Options& options,
                 std::unique_ptr<FileLock> lock)
    : disk_(disk),
      clock_(clock),
      folder_(std::move(folder)),
      options_(options),
      lock_(std::move(lock)) {}

Journal::~Journal() = default;

Block Journal::block(std::size_t body_capacity) {
    {
        const std::lock_guard guard(mutex_);
        if (!free_.empty() && free_.back().capacity() == body_capacity) {
            Block used = std::move(free_.back());
            free_.pop_back();
            return used;
        }
    }
    return Block(body_capacity);
}

Place Journal::append(BlockKind kind, std::uint64_t call, Block block) {
    NK_CHECK(!block.is_empty() && block.size() <= limits::journal_block_bytes_max);
    Pending pending;
    pending.bytes = block.close(kind, call, options_.seed);
    pending.since = clock_.now();
    pending.block = std::move(block);
    const std::lock_guard guard(mutex_);
    const auto bytes = static_cast<std::uint32_t>(pending.bytes.size());
    if (next_.offset + bytes > options_.segment_bytes && next_.offset > segment_head_bytes) {
        ++next_.segment;
        next_.offset = segment_head_bytes;
    }
    pending.place = {next_.segment, next_.offset, bytes, kind};
    next_.offset += bytes;
    auto& segment = segments_[pending.place.segment];
    if (kind != BlockKind::sealed && kind != BlockKind::alive) {
        ++segment.live;
        ++live_blocks_;
    }
    const Place place = pending.place;
    pending_bytes_ += bytes;
    pending_.push_back(std::move(pending));
    if (pending_.size() == batch_blocks)
        work_.notify_one();
    return place;
}

Place Journal::append(BlockKind kind, std::uint64_t call, Bytes body) {
    Block block(body.size());
    block.add(body);
    return append(kind, call, std::move(block));
}

std::size_t Journal::pending_bytes() const {
    const std::lock_guard guard(mutex_);
    return pending_bytes_;
}

Nanos Journal::lag() const {
    const std::lock_guard guard(mutex_);
    if (oldest_taken_)
        return clock_.now() - *oldest_taken_;
    return pending_.empty() ? Nanos{0} : clock_.now() - pending_.front().since;
}

// Requires: the mutex is held. Of the writing strand.
void Journal::note_oldest() {
    oldest_taken_.reset();
    if (!unsynced_.empty())
        oldest_taken_ = unsynced_.front().since;
    else if (!writing_.empty())
        oldest_taken_ = writing_.front().since;
}

void Journal::wait_for_room(Nanos at_most) {
    std::unique_lock guard(mutex_);
    work_.notify_one();
    room_.wait_for(guard, at_most, [this] { return pending_bytes_ < options_.pending_bytes_max; });
}

void Journal::wait_for_work(Nanos at_most) {
    std::unique_lock guard(mutex_);
    work_.wait_for(guard, at_most, [this] { return pending_.size() >= batch_blocks; });
}

Result<void> Journal::step() {
    if (must_write_again_)
        NK_TRY(write_again());
    for (;;) {
        if (writing_.empty()) {
            const std::lock_guard guard(mutex_);
            while (!pending_.empty() && writing_.size() < batch_blocks) {
                writing_.push_back(std::move(pending_.front()));
                pending_.pop_front();
            }
            note_oldest();
        }
        if (writing_.empty())
            break;
        NK_TRY(write_batch());
        NK_TRY(sync_when_due());
    }
    NK_TRY(sync_when_due());
    if (unsynced_.empty())
        drop_released();
    return {};
}

Result<void> Journal::sync_when_due() {
    const bool is_due = !unsynced_.empty() && clock_.now() - unsynced_since_ >= options_.sync_every;
    return is_due ? sync() : Result<void>{};
}

Result<void> Journal::flush() {
    NK_TRY(step());
    return unsynced_.empty() ? Result<void>{} : sync();
}

Result<void> Journal::open_segment(std::uint32_t number) {
    if (file_ && !unsynced_.empty())
        NK_TRY(sync());
    const std::string path = folder_ + "/" + segment_name(number);
    file_.reset();
    NK_TRY(disk_.remove_tree(path));  // of an attempt that failed
    NK_TAKE(auto file, disk_.create(path));
    std::array<std::uint8_t, segment_head_bytes> head{};
    write_segment_head(head.data(), {number, options_.seed});
    NK_TRY(file->write(head));
    if (options_.is_durable) {
        NK_TRY(file->sync());
        NK_TRY(disk_.sync_folder(folder_));
    }
    file_ = std::move(file);
    file_number_ = number;
    file_end_ = segment_head_bytes;
    return {};
}

// The front of writing_, as far as it lies in one segment.
Result<void> Journal::write_batch() {
    const std::uint32_t number = writing_.front().place.segment;
    if (!file_ || file_number_ != number)
        NK_TRY(open_segment(number));
    std::vector<Bytes> pieces;
    std::size_t bytes = 0;
    for (const auto& pending : writing_) {
        if (pending.place.segment != number)
            break;
        NK_CHECK(pending.place.offset == file_end_ + bytes);
        pieces.push_back(pending.bytes);
        bytes += pending.bytes.size();
    }
    NK_TRY(file_->write_all(pieces));
    file_end_ += bytes;
    if (unsynced_.empty())
        unsynced_since_ = clock_.now();
    std::deque<Pending> done;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        (options_.is_durable ? unsynced_ : done).push_back(std::move(writing_.front()));
        writing_.pop_front();
    }
    {
        const std::lock_guard guard(mutex_);
        written_ = {number, static_cast<std::uint32_t>(file_end_), 0, BlockKind::call};
        pending_bytes_ -= bytes;
    }
    room_.notify_all();
    recycle(done);
    return {};
}

Result<void> Journal::sync() {
    if (auto synced = file_->sync(); !synced) {
        // What the disk did with the pages is unknown from here on: they are written again.
        must_write_again_ = true;
        return synced;
    }
    recycle(unsynced_);
    drop_released();
    return {};
}

Result<void> Journal::write_again() {
    for (const auto& pending : unsynced_)
        NK_TRY(file_->write_at(pending.place.offset, pending.bytes));
    must_write_again_ = false;
    return sync();
}

void Journal::recycle(std::deque<Pending>& blocks) {
    const std::lock_guard guard(mutex_);
    for (auto& pending : blocks) {
        if (free_.size() >= free_blocks_max ||
            pending.block.capacity() != limits::journal_chunk_bytes)
            continue;
        pending.block.clear();
        free_.push_back(std::move(pending.block));
    }
    blocks.clear();
    note_oldest();
}

bool Journal::is_written(const Place& place) const {
    const std::lock_guard guard(mutex_);
    return is_before(place, written_);
}

void Journal::release(std::span<const Place> places) {
    const std::lock_guard guard(mutex_);
    NK_CHECK(live_blocks_ >= places.size());
    live_blocks_ -= places.size();
    released_.push_back({next_, {places.begin(), places.end()}});
}

// The word that a call is sealed is on the disk before anything else of the call goes.
void Journal::drop_released() {
    std::vector<std::string> dead;
    {
        const std::lock_guard guard(mutex_);
        while (!released_.empty() && !is_before(written_, released_.front().after)) {
            for (const auto& place : released_.front().places) {
                auto& segment = segments_.at(place.segment);
                NK_CHECK(segment.live > 0);
                --segment.live;
            }
            released_.pop_front();
        }
        // Oldest first and never out of order, so that a call's "sealed" outlives its other blocks.
        while (segments_.size() > 1 && segments_.begin()->second.live == 0 &&
               segments_.begin()->first < written_.segment) {
            dead.push_back(folder_ + "/" + segment_name(segments_.begin()->first));
            segments_.erase(segments_.begin());
        }
    }
    for (const auto& path : dead)
        (void)disk_.remove_tree(path);  // what stays is removed with the folder
}

std::uint32_t Journal::first_segment() const {
    const std::lock_guard guard(mutex_);
    return segments_.empty() ? 0 : segments_.begin()->first;
}

std::uint64_t Journal::live_blocks() const {
    const std::lock_guard guard(mutex_);
    return live_blocks_;
}

Result<void> Journal::remove() {
    NK_CHECK(live_blocks() == 0);
    file_.reset();
    return remove_run(disk_, folder_);
}

}  // namespace nk::recording::journal
