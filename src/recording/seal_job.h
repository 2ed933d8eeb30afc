#pragma once
// A call that is over and waits to be made a recording: where its packets lie in a journal, and its
// story.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "call/story.h"
#include "recording/journal/call_card.h"
#include "recording/journal/journal.h"
#include "recording/journal/reader.h"

namespace nk::recording {

// The journal that the call lies in: of this run, or one that an earlier run left.
class SealSource {
public:
    virtual ~SealSource() = default;
    virtual journal::Reader& reader() = 0;
    // Whether that block is on the disk already.
    [[nodiscard]] virtual bool is_written(const journal::Place& place) const = 0;
    // A block of it is not what was written, or cannot be read: whether the recording is made
    // without it. With an error it is not made now.
    virtual Result<void> passes_over(const Error& error) {
        return error.code == Code::malformed ? Result<void>{} : tl::unexpected(error);
    }
    // The call's first recording is about to be made, of so many blocks. With an error it is not.
    virtual Result<void> will_seal(std::uint64_t /*call*/, std::uint64_t /*blocks*/) { return {}; }
    // A recording of so many blocks rests in the archive beside the first.
    virtual void on_further(std::uint64_t /*call*/, std::uint64_t /*blocks*/) {}
    // The recording rests in the archive.
    virtual void on_sealed(std::uint64_t call, std::span<const journal::Place> places) = 0;
};

struct SealJob {
    std::shared_ptr<SealSource> source;
    std::uint64_t call = 0;  // its number in the journal
    journal::CallHead head;
    call::Story story;
    std::vector<journal::Place> places;  // in the order in which they were written
    bool may_be_sealed_already = false;  // of an earlier run: it may have been stopped right after
    std::uint64_t blocks = 0;            // of an earlier run: those that were read and understood
    // Its recording, if there is one, was made of fewer blocks. Then a further one is made.
    bool is_more = false;
    bool is_first_try = true;
    // Whether its sound tells of packets that we dropped: then it is read for them first.
    bool may_have_drops = true;
};

// This run's own journal.
class LiveSource : public SealSource {
public:
    LiveSource(Disk& disk, journal::Journal& journal)
        : journal_(journal), reader_(disk, journal.folder()) {}
    journal::Reader& reader() override { return reader_; }
    [[nodiscard]] bool is_written(const journal::Place& place) const override {
        return journal_.is_written(place);
    }
    void on_sealed(std::uint64_t call, std::span<const journal::Place> places) override {
        static constexpr std::array<std::uint8_t, 1> nothing{};
        journal_.append(journal::BlockKind::sealed, call, nothing);
        journal_.release(places);
        reader_.forget_before(journal_.first_segment());
    }

private:
    journal::Journal& journal_;
    journal::Reader reader_;
};

}  // namespace nk::recording
