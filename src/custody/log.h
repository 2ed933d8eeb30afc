#pragma once
// The custody log: who heard, took along, shared, changed or was refused what, and when. Lines of
// JSON that only grow, each with the SHA-256 of the one before, in files that any program can read:
//
//   <folder>/000000000001.jsonl      named by the number of its first event
//
// An event is on the disk before append() returns: what it tells of may happen from then on. A file
// is begun by each process, when one is full, and when the disk refused a line: of that line nobody
// knows whether it is there, and the file that follows has its number anew. A line that a power cut
// tore off ends its file, and the chain goes on behind the last whole one.
// One strand.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/disk.h"
#include "base/result.h"

namespace nk::custody {

struct Event {
    std::string what{};       // docs/LANGUAGE.md has the names: "heard", "downloaded", "denied" ...
    std::string who{};        // an account's id, "link:" and a link's, or "system"
    std::string from{};       // the address that it was asked from
    std::string recording{};  // its id; empty when it concerns none
    std::optional<std::int64_t> from_ms{};  // of the recording: what was heard
    std::optional<std::int64_t> to_ms{};
    std::string detail{};  // why it was refused, to whom it was given; never a spoken word
    bool operator==(const Event&) const = default;
};

struct Entry {
    std::uint64_t number = 0;  // from 1 on, without a hole
    WallTime at;
    Event event;
};

struct Filter {
    std::string who{};         // empty: anybody
    std::string recording{};   // empty: any
    std::string what{};        // empty: anything
    std::uint64_t before = 0;  // numbers below this; 0: from the newest on
    std::size_t limit = 100;
};

struct Check {
    std::uint64_t events = 0;
    std::vector<std::string> problems;  // sentences; empty when the chain is whole
};

class Log {
    struct Key {};  // only open has it

public:
    Log(Key key, Disk& disk, const Clock& clock, std::string folder);
    // Makes the folder, for its owner's eyes alone. Disk and clock must outlive it.
    static Result<std::unique_ptr<Log>> open(Disk& disk, const Clock& clock, std::string folder);

    // The number that it got. After an error nothing was written that counts.
    Result<std::uint64_t> append(const Event& event);
    // Newest first. These two read the files alone: on any strand, while another appends.
    static Result<std::vector<Entry>> read(Disk& disk, const std::string& folder,
                                           const Filter& filter);
    static Result<Check> check(Disk& disk, const std::string& folder);

    [[nodiscard]] std::uint64_t last() const { return last_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }

private:
    Result<void> begin_file();

    Disk& disk_;
    const Clock& clock_;
    std::string folder_;
    std::unique_ptr<File> file_;
    std::uint64_t file_bytes_ = 0;
    std::uint64_t last_ = 0;  // number of the last event
    std::string last_sum_;    // of its line
};

}  // namespace nk::custody
