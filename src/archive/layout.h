#pragma once
// Where things lie in an archive, and by what names. Everything a recording is lies in one folder,
// named by its id and placed by its day, so that a person finds it without any program:
//
//   <root>/2026/11/23/20261123T142301Z-k3v9qd/   a finished recording
//   <root>/.incoming/<id>/                       one that is being written; readers never look here
//   <root>/.journal/<run>/                       calls in progress, packet by packet
//   <root>/catalogue.sqlite                      an index, made again from the folders at any time
//   <root>/notes/                                what people made of them (archive/notes.h)
//   <root>/people.json, people/, albums.json, retention.json      archive/house_files.h
//   <root>/.state/                               the window's accounts and its custody log
//
// Ids and file names from outside reach a path only after is_id() or is_file_name().

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/disk.h"
#include "base/result.h"
#include "base/time.h"

namespace nk::archive {

inline constexpr std::string_view vcon_file = "call.vcon.json";
inline constexpr std::string_view import_prefix = "import-";  // of a folder under .incoming
inline constexpr std::string_view import_turn_file = "import-turn";

// The start in UTC to the second, and 30 random bits in Crockford's base32, which has no
// look-alikes: 20261123T142301Z-k3v9qd.
std::string make_id(WallTime started, Random& random);
// Another one of the same second. Requires: is_id(id).
std::string make_id_like(std::string_view id, Random& random);
// A UUID of version 8 (RFC 9562 5.8): milliseconds since 1970, then chance.
std::string make_uuid(WallTime started, Random& random);

bool is_id(std::string_view text);
// A plain name inside a recording's folder: no separator, not hidden, no control characters.
bool is_file_name(std::string_view text);

// Requires: is_id(id).
std::string day_folder(const std::string& root, std::string_view id);
std::string recording_folder(const std::string& root, std::string_view id);
// Whether that recording is in its day. A year, month or day that is a link is none of the archive:
// what it leads to may change or go without it.
bool is_in_its_day(Disk& disk, const std::string& root, std::string_view id);
std::string incoming_root(const std::string& root);
std::string journal_root(const std::string& root);
std::string catalogue_path(const std::string& root);

// The name at the end of a path.
std::string last_name(std::string_view path);
// What is wrong with the misplaced recording at `path`, and what to do about it.
std::string misplacement(const std::string& path);

struct Inventory {
    std::vector<std::string> ids;         // sorted, so oldest first
    std::vector<std::string> misplaced;   // paths: recordings that nothing finds where they lie
    std::vector<std::string> strangers;   // paths: what is no recording, and no part of an archive
    std::vector<std::string> unlistable;  // sentences: folders that nobody could look into
};
// Walks the year, month and day folders, links left aside; reads no recording. Paths are below
// `root`. An error when the root itself cannot be listed.
Result<Inventory> take_inventory(Disk& disk, const std::string& root);

// Journals that no recorder holds: calls that one was cut off from. `naklank recover` finishes
// them.
std::vector<std::string> list_left_journals(Disk& disk, const std::string& root);
// Paths of runs that could not be read whole, and that recovery put aside.
std::vector<std::string> list_set_aside(Disk& disk, const std::string& root);
// Whether somebody holds a journal: a recorder, or who makes recordings of what one left.
bool is_being_recorded(Disk& disk, const std::string& root);
// Recordings that were never finished: being written now, or cut off by a crash. Nothing takes
// them away by itself.
std::vector<std::string> list_unfinished(Disk& disk, const std::string& root);

}  // namespace nk::archive
