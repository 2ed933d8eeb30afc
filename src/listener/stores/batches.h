#pragma once
// What is on its way in from people's own machines, in files, so that a service that ends in the
// middle goes on where it was:
//
//   <state>/imports/<id>/import.json     whose it is, and what for
//   <state>/imports/<id>/parts/<n>.json  a file that was named; parts/<n> is what came of it
//   <state>/imports/<id>/files/...       those that are whole
//   <state>/imports/<id>/started         all of it is here: it is being brought

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "base/time.h"
#include "purpose/purpose.h"

namespace nk::listener {

struct KeptBatch {
    std::string account;
    WallTime began;
    purpose::Purpose purpose = purpose::Purpose::wording;
    std::string own_number;
    std::string zone;
    std::string note{};  // of a program that sent one recording
    bool operator==(const KeptBatch&) const = default;
};

struct KeptFile {
    std::string path;  // in files/
    std::uint64_t bytes = 0;
    std::optional<WallTime> modified;
    bool operator==(const KeptFile&) const = default;
};

Result<void> keep_batch(Disk& disk, const std::string& folder, const KeptBatch& batch);
Result<KeptBatch> read_batch(Disk& disk, const std::string& folder);
Result<void> keep_file(Disk& disk, const std::string& folder, std::size_t number,
                       const KeptFile& file);
// In their order; what cannot be read ends it.
std::vector<KeptFile> read_files(Disk& disk, const std::string& folder);

}  // namespace nk::listener
