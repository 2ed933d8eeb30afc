#pragma once
// What people made of a recording: notes at its moments, tags, another purpose, whether it is kept.
// In a file of its own beside the days, so that the sealed folder stays as it was sealed:
//
//   <root>/notes/2026/11/23/<id>.json
//
// And what becomes of it: that it is held, that its rule will let it go, that it lies in
// safekeeping. It is replaced whole, by one rename. What was deleted leaves a file that says so,
// and by whom:
//
//   <root>/notes/2026/11/23/<id>.deleted.json

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "base/time.h"
#include "call/finding.h"
#include "purpose/purpose.h"

namespace nk::archive {

struct Note {
    std::string id;
    std::optional<std::int64_t> at_ms;  // since the recording's first sample; else about all of it
    std::string text;
    std::string by;       // the account's id
    std::string by_name;  // as it was called then: the file is for people, too
    WallTime made;
    std::optional<WallTime> changed;
    bool operator==(const Note&) const = default;
};

// Who did something, and when.
struct Act {
    std::string by;       // the account's id, or "rule"
    std::string by_name;  // as it was called then
    WallTime at;
    bool operator==(const Act&) const = default;
};

struct Hold {
    Act set;
    std::string reason;
    std::vector<Act> released;  // who said that it may end; two different ones end it
    bool operator==(const Hold&) const = default;
};

struct Notes {
    std::optional<purpose::Purpose> purpose;  // in place of the one it was recorded for
    bool is_kept = false;
    std::vector<std::string> tags;
    std::vector<Note> notes;  // in the order in which they were made
    std::optional<Hold> hold{};
    std::optional<WallTime> announced{};  // that its rule will let it go
    std::optional<Act> removed{};         // it lies in safekeeping
    // What was found of a brought one since it was sealed, and what people said of it.
    std::vector<call::Finding> findings{};
    // Recordings of one talk have the same; one that is a talk by itself, as somebody said: "none".
    std::string talk{};
    std::vector<std::string> doubles{};  // names of files that were brought later and are the same
    bool operator==(const Notes&) const = default;
};

std::string notes_root(const std::string& root);

// Without a file: none. Requires: is_id(id).
Result<Notes> read_notes(Disk& disk, const std::string& root, std::string_view id);
// Durable. Requires: is_id(id).
Result<void> write_notes(Disk& disk, const std::string& root, std::string_view id,
                         const Notes& notes);
// Reads, changes and writes them while nobody else does: for who has no strand of the window's.
// `change` gives whether there is anything to be written. Requires: is_id(id).
Result<void> change_notes(Disk& disk, const std::string& root, std::string_view id,
                          const std::function<bool(Notes&)>& change);
// When nothing is left to be noted. No error when there is none. Requires: is_id(id).
Result<void> remove_notes(Disk& disk, const std::string& root, std::string_view id);

// That the recording was deleted, and by whom; nullopt when it was not. Requires: is_id(id).
Result<std::optional<Act>> read_deletion(Disk& disk, const std::string& root, std::string_view id);
Result<void> write_deletion(Disk& disk, const std::string& root, std::string_view id,
                            const Act& deleted);

// Every recording that has a file; a sentence for each that cannot be read.
Result<void> for_all_notes(Disk& disk, const std::string& root,
                           const std::function<void(std::string_view id, const Notes&)>& take,
                           std::vector<std::string>& problems);

}  // namespace nk::archive
