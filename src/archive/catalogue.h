#pragma once
// The index of an archive, in SQLite: what `list` shows, whom a number belongs to, and which
// recordings are one conversation. It is no truth of its own; rebuild() makes it again from the
// files, and gives the same answers whatever the order in which recordings came.
//
// Two recordings belong together when they share a conversation key, or the same media on enough
// tracks while their times overlap; whoever belongs together with one of a conversation is in it.
// Several processes may use one catalogue; a writer waits for another up to limits::catalogue_wait.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archive/conversation.h"
#include "base/result.h"
#include "call/known.h"
#include "recording/facts.h"

namespace nk::archive {

struct Filter {
    std::optional<WallTime> since;  // started at or after
    std::optional<WallTime> until;  // started before
    // Of a party's number, without blanks, dashes, dots, slashes, brackets and pluses; empty: any.
    std::function<bool(const std::string& number)> is_number;
    std::uint64_t newest = 0;  // only the newest so many; 0 for all
};

// The facts without gaps, events, key presses and media marks: those are in the vCon.
struct Entry {
    recording::RecordingFacts facts;
    std::optional<Conversation> conversation;
};

// What a list shows of a recording, in a form that is read in a microsecond.
struct Brief {
    struct Party {
        std::string number;
        std::string name;  // as signalled
        bool operator==(const Party&) const = default;
    };
    std::string id;
    WallTime started;
    Nanos duration{};
    purpose::Purpose purpose = purpose::Purpose::wording;
    purpose::Basis basis = purpose::Basis::own_line;
    purpose::Door door = purpose::Door::tap;
    bool is_answered = false;
    bool has_sound = false;
    bool is_cut_off = false;  // its recorder was stopped while the call ran
    // Of what was brought, by what was found when it was sealed (call/known.h).
    call::Direction direction = call::Direction::unknown;
    bool is_brought = false;
    bool is_message = false;
    bool is_unsure = false;
    std::size_t own = 0;         // which of its parties recorded it
    std::vector<Party> parties;  // the caller first
    bool operator==(const Brief&) const = default;
};

// How far somebody has followed a catalogue.
struct Followed {
    std::string generation;    // of the catalogue: another one is to be read from the beginning
    std::int64_t entered = 0;  // of its rows
};

struct Listing {
    std::vector<Entry> entries;           // oldest first, like a log
    std::vector<std::string> unreadable;  // ids whose rows cannot be read
};

// All that the catalogue keeps of one recording: its columns, then its numbers, keys and marks, as
// text to be compared with another catalogue's.
struct Cell {
    std::string column;
    std::string value;
};
using Row = std::vector<Cell>;
inline constexpr std::string_view conversation_column = "conversation";

class Catalogue {
public:
    // Opens or makes it. ":memory:" keeps it in memory, and "" in a file of its own that is gone
    // when it is closed. A catalogue of a newer program, or a file
    // that is none, is refused.
    static Result<std::unique_ptr<Catalogue>> open(const std::string& path);
    // One that is there, and nothing is ever written into it. What is read of one that is not
    // writable is Code::busy when a recorder begins to write meanwhile.
    static Result<std::unique_ptr<Catalogue>> open_to_read(const std::string& path,
                                                           bool folder_is_writable);
    struct Rows;  // of catalogue.cpp alone
    explicit Catalogue(std::unique_ptr<Rows> rows);
    ~Catalogue();
    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;

    // Enters a recording, in place of an earlier one of the same id. When another file has taken
    // the place of the one that was opened, as a rebuild may put there, it goes into that one.
    Result<void> insert(const recording::RecordingFacts& facts);
    // All of them, in one step, or none.
    Result<void> insert_all(std::span<const recording::RecordingFacts* const> all);
    // Those who follow see it again: more is known of it, which is in no row. No error when it is
    // not there.
    Result<void> touch(const std::string& id);
    // The recordings that it held together may fall apart without it. No error when it is not
    // there.
    Result<void> remove(const std::string& id);
    // Oldest first, like a log.
    Result<Listing> list(const Filter& filter);
    // What was entered since, in the order of entry, at most so many; `followed` is moved on. True
    // when it is of another generation: whatever was taken from the one before is over.
    Result<bool> follow(Followed& followed, std::size_t most, std::vector<Brief>& into);
    // The first recording that is known by that key.
    Result<std::optional<std::string>> with_key(const std::string& key);
    // Every recording that some table names, sorted.
    Result<std::vector<std::string>> ids();
    // A value is empty where there is none.
    Result<Row> row_of(const std::string& id);
    // Code::malformed when its pages or its indexes are damaged.
    Result<void> check();
    // What `look` reads is of one moment, whoever writes meanwhile. It writes nothing.
    Result<void> at_one_moment(const std::function<Result<void>()>& look);
    // None when the recording stands alone or is not known here.
    Result<std::optional<Conversation>> conversation_of(const std::string& id);
    // Takes over another catalogue's rows in place of its own, in one step. `late` runs inside that
    // step, when no other process can write, and may insert what came meanwhile.
    Result<void> replace_by(const std::string& other_path,
                            const std::function<Result<void>(Catalogue&)>& late);

private:
    static Result<std::unique_ptr<Rows>> open_rows(const std::string& path, bool makes_one);
    Result<void> follow_the_file();
    std::unique_ptr<Rows> rows_;
};

}  // namespace nk::archive
