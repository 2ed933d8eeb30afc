#pragma once
// Is a file of a recording the one that was sealed? verify asks it of every file, export of those
// it takes from.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "recording/facts.h"

namespace nk::archive {

// A sentence when the recording's folder is a link, empty when it is a folder of its own.
std::string link_in_place_of(Disk& disk, const std::string& folder);

struct SealedVcon {
    std::optional<recording::RecordingFacts> facts;  // none when it cannot be read at all
    std::string text;
    std::vector<std::string> problems;  // one sentence each
    bool may_be_fine = false;           // this user, or this moment, cannot read it: another may
};

// The call.vcon.json in `folder`, which should be the recording's of that id.
SealedVcon inspect_vcon(Disk& disk, const std::string& folder, std::string_view id);

struct SealedFile {
    std::unique_ptr<File> file;  // none when nothing more is to be learned from it
    std::string problem;         // a sentence; empty when it is as it was sealed
    std::uint64_t bytes_read = 0;
};

// Reads and hashes the whole file, unless its size already is another one.
SealedFile inspect_file(Disk& disk, const std::string& folder, const std::string& name,
                        std::uint64_t bytes, const std::string& sha256, const std::string& sha512);

}  // namespace nk::archive
