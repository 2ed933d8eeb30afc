#pragma once
// What belongs to the archive and to no one recording: whose numbers are whose, albums, and how
// long recordings are kept. They go along when the archive is carried elsewhere:
//
//   <root>/people.json, <root>/albums.json, <root>/retention.json, <root>/name-templates.json
//   <root>/people/<person's id>         their pictures
//
// Each is replaced whole, by one rename. <root>/people/.turn is the lock of who writes people.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/disk.h"
#include "base/result.h"
#include "purpose/retention.h"

namespace nk::archive {

struct KnownPerson {
    std::string id;
    std::string name;
    std::vector<std::string> numbers;
    std::optional<std::uint8_t> color;  // 0..11
    std::string photo{};                // SHA-256 of the picture; empty: none
    bool operator==(const KnownPerson&) const = default;
};

Result<std::vector<KnownPerson>> read_people(Disk& disk, const std::string& root);
Result<void> write_people(Disk& disk, const std::string& root,
                          const std::vector<KnownPerson>& people);
// Several processes write people: whoever reads them to write them again holds this meanwhile. Who
// does not wait for another gets Code::busy.
Result<std::unique_ptr<FileLock>> turn_of_people(Disk& disk, const std::string& root, bool waits);
// Which writing of the file it is; absent when there is none.
std::optional<FileState> people_written(Disk& disk, const std::string& root);

// A picture, under the person's id. Requires: is_small_id(person).
Result<std::vector<std::uint8_t>> read_photo(Disk& disk, const std::string& root,
                                             std::string_view person);
Result<void> write_photo(Disk& disk, const std::string& root, std::string_view person,
                         Bytes picture);
Result<void> remove_photo(Disk& disk, const std::string& root, std::string_view person);

struct Album {
    std::string id;
    std::string name;
    bool is_library = false;           // for training; else an album of a family
    std::string by;                    // the account that made it
    std::vector<std::string> members;  // accounts that were let into an album
    std::vector<std::string> calls;    // ids
    bool operator==(const Album&) const = default;
};

Result<std::vector<Album>> read_albums(Disk& disk, const std::string& root);
Result<void> write_albums(Disk& disk, const std::string& root, const std::vector<Album>& albums);

// Without a file: the usual ones.
Result<std::vector<purpose::RetentionRule>> read_retention(Disk& disk, const std::string& root);
Result<void> write_retention(Disk& disk, const std::string& root,
                             const std::vector<purpose::RetentionRule>& rules);

// How this house's recorders name their files, as people wrote it down (intake/import's
// name_template.h). Without a file: none.
Result<std::vector<std::string>> read_name_templates(Disk& disk, const std::string& root);
Result<void> write_name_templates(Disk& disk, const std::string& root,
                                  const std::vector<std::string>& templates);

// As the window gives them: letters, digits and a hyphen.
bool is_small_id(std::string_view text);

}  // namespace nk::archive
