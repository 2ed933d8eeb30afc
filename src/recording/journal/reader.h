#pragma once
// Reading a journal's folder: one block by its place, or all blocks in their order.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "recording/journal/block.h"

namespace nk::recording::journal {

// Reads blocks by their places. One strand.
class Reader {
public:
    Reader(Disk& disk, std::string folder) : disk_(disk), folder_(std::move(folder)) {}
    // The block's body, in `room`, which is good until it is used again. Code::malformed when what
    // lies there is not that block.
    Result<Bytes> read(const Place& place, std::uint64_t call, std::vector<std::uint8_t>& room);
    // Lets go of segments that were dropped; their room on the disk is free only then.
    void forget_before(std::uint32_t segment) {
        open_.erase(open_.begin(), open_.lower_bound(segment));
    }
    [[nodiscard]] const std::string& folder() const { return folder_; }

private:
    Disk& disk_;
    std::string folder_;
    struct OpenSegment {
        std::unique_ptr<File> file;
        std::uint64_t seed = 0;
    };
    Result<OpenSegment*> open(std::uint32_t segment);
    std::map<std::uint32_t, OpenSegment> open_;  // by number
};

// Everything that is whole in a journal's folder, in the order in which it was written.
struct Scanned {
    std::uint64_t blocks = 0;
    std::uint64_t bytes_damaged = 0;   // within segments
    std::vector<std::string> damaged;  // sentences
    // The same of the last segment's end, which was being written when the run was stopped: nothing
    // is wrong with it.
    std::vector<std::string> torn;
    std::uint64_t unread = 0;  // stretches of segments, or whole ones, that nobody could read
    // Segments that are missing or empty, with others before and behind them. They matter to a call
    // that has blocks before them and is not sealed: those of sealed calls go.
    struct Hole {
        std::uint32_t segment = 0;  // the first
        std::string what;           // a sentence
    };
    std::vector<Hole> holes;
};
using OnBlock = std::function<void(const BlockHead& head, const Place& place, Bytes body)>;
// Asked between blocks; when it says no, what is not read yet is left.
using GoesOn = std::function<bool()>;
inline bool always() {
    return true;
}
// What is named as a segment and is no plain file is not read. A sector that cannot be read costs
// the blocks that it lies in. Of one segment no more than a few sentences are said, and the rest is
// counted. Code::busy when it was left.
Result<Scanned> scan(Disk& disk, const std::string& folder, const OnBlock& on_block,
                     const GoesOn& goes_on = always);

}  // namespace nk::recording::journal
