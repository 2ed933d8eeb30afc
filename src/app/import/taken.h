#pragma once
// A file copied into a place of the archive, hashed on the way, and looked at.

#include <memory>
#include <optional>
#include <string>

#include "app/import/source.h"
#include "archive/bring.h"
#include "base/media.h"

namespace nk::app {

inline constexpr std::uint64_t sidecar_bytes_max = 1024 * 1024;  // what is larger is none

struct Hashes {
    std::uint64_t bytes = 0;
    std::string sha256;
    std::string sha512;
};

// Copies all of it and hashes what was written. Code::busy when it changed meanwhile.
Result<Hashes> copy_in(Disk& disk, const std::string& path, recording::Desk& desk,
                       const std::string& name);

struct Taken {
    BroughtFile source;
    std::unique_ptr<archive::FolderDesk> desk;
    std::string original;  // its name in the desk: "original.m4a"
    Hashes hashes;
    std::optional<MediaFacts> media;  // absent when nobody can read it; then `fault` says why
    std::string fault;
    std::optional<recording::SideFile> sidecar;
    std::string sidecar_text;
};

// Copied and hashed, its sidecar too; nobody has looked into it yet. Code::unsupported when it is
// nothing of ours: empty, no sound.
Result<Taken> take_in(Disk& disk, archive::Bringing& bringing, const BroughtFile& source);
// What looks like sound and cannot be read is taken all the same; then its fault says why.
// Code::unsupported when it is none after all.
Result<void> add_look(Taken& taken, Result<MediaFacts> facts);

}  // namespace nk::app
