#pragma once
// The journal of calls in progress: an append-only log on the disk, shared by all running calls.
//
// Three strands meet here. The receiving one appends blocks and never waits for the disk: a block
// gets its place at once, and waits in memory until the writing strand has put it there. The
// sealing strand reads blocks back when a call is over, and releases them when the recording rests
// in the archive. Segments go, oldest first, when nothing in them is needed any more.
//
// A disk that fails loses nothing as long as memory lasts: the same blocks are written again at the
// next step, at the same place. Nothing is ever deleted to make room.

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/disk.h"
#include "base/limits.h"
#include "base/result.h"
#include "recording/journal/block.h"
#include "recording/journal/folder.h"

namespace nk::recording::journal {

struct Options {
    std::size_t segment_bytes = limits::journal_segment_bytes;  // at most; no more is read of one
    // What may wait in memory for the disk.
    std::size_t pending_bytes_max = limits::journal_pending_bytes_max;
    // Whether what was written is brought safely to the disk, and after how long at the latest. A
    // capture file can be read again; a call cannot.
    bool is_durable = true;
    Nanos sync_every = limits::journal_sync_every;
    // Of its checksums; to be drawn by chance.
    std::uint64_t seed = 0;
};

class Journal {
    struct Begun {};  // only begin() makes one

public:
    Journal(Begun, Disk& disk, const Clock& clock, std::string folder, const Options& options,
            std::unique_ptr<FileLock> lock);
    // Makes `folder` and locks it for as long as the journal lives.
    static Result<std::unique_ptr<Journal>> begin(Disk& disk, const Clock& clock,
                                                  std::string folder, const Options& options);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // The receiving strand.
    // An empty block, used before or new.
    Block block(std::size_t body_capacity);
    // Requires: the block is not empty.
    Place append(BlockKind kind, std::uint64_t call, Block block);
    Place append(BlockKind kind, std::uint64_t call, Bytes body);
    // More waits for the disk than may: whoever can wait should, and who cannot must drop.
    [[nodiscard]] bool is_full() const { return pending_bytes() >= options_.pending_bytes_max; }
    [[nodiscard]] bool is_half_full() const {
        return pending_bytes() >= options_.pending_bytes_max / 2;
    }
    [[nodiscard]] std::size_t pending_bytes() const;
    // How long ago the oldest of what a power cut would take was appended; zero when all is safe.
    [[nodiscard]] Nanos lag() const;
    // Returns when there is room, or `at_most` has passed.
    void wait_for_room(Nanos at_most);

    // The writing strand.
    // Writes what waits, and syncs when that is due. An error is the disk's; the next step tries
    // again.
    Result<void> step();
    // Everything to the disk, now.
    Result<void> flush();
    // Returns when something waits, or `at_most` has passed.
    void wait_for_work(Nanos at_most);

    // The sealing strand.
    // Whether that block can be read.
    [[nodiscard]] bool is_written(const Place& place) const;
    // These blocks are needed no more, once all that was appended until now is on the disk.
    void release(std::span<const Place> places);

    // Any strand.
    [[nodiscard]] const std::string& folder() const { return folder_; }
    // The oldest that is still there.
    [[nodiscard]] std::uint32_t first_segment() const;
    // Blocks of calls that are not released.
    [[nodiscard]] std::uint64_t live_blocks() const;
    // Takes its files away, and the folder when nothing else lies in it. Requires: no live blocks,
    // and the writing strand has ended.
    Result<void> remove();

private:
    struct Pending {
        Place place;
        Block block;
        Bytes bytes;
        MonoTime since;  // when it was appended
    };
    struct Segment {
        std::uint64_t live = 0;  // blocks of it that are needed
    };
    struct Released {
        Place after;  // once everything before it is safe
        std::vector<Place> places;
    };
    Result<void> write_batch();
    Result<void> open_segment(std::uint32_t number);
    Result<void> sync_when_due();
    Result<void> sync();
    Result<void> write_again();
    void drop_released();
    void recycle(std::deque<Pending>& blocks);
    void note_oldest();

    Disk& disk_;
    const Clock& clock_;
    const std::string folder_;
    const Options options_;
    std::unique_ptr<FileLock> lock_;

    // Of all strands, under the mutex.
    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable room_;
    std::deque<Pending> pending_;
    std::size_t pending_bytes_ = 0;
    std::optional<MonoTime> oldest_taken_;  // of what the writing strand has and is not safe
    std::vector<Block> free_;
    Place next_{1, segment_head_bytes, 0, BlockKind::call};
    Place written_{1, 0, 0, BlockKind::call};  // everything before it was written
    std::map<std::uint32_t, Segment> segments_;
    std::uint64_t live_blocks_ = 0;
    std::deque<Released> released_;

    // Of the writing strand alone.
    std::deque<Pending> writing_;   // taken, and not yet written
    std::deque<Pending> unsynced_;  // written, and not yet safe
    std::unique_ptr<File> file_;
    std::uint32_t file_number_ = 0;
    std::uint64_t file_end_ = 0;
    MonoTime unsynced_since_{};
    bool must_write_again_ = false;
};

}  // namespace nk::recording::journal
