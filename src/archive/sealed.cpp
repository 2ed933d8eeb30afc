#include "archive/sealed.h"

#include <utility>

#include "archive/layout.h"
#include "archive/vcon.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/limits.h"

namespace nk::archive {

namespace {

constexpr std::size_t piece_bytes = 256 * 1024;

struct Measured {
    std::uint64_t bytes = 0;
    std::string sha256;
    std::string sha512;
};

Result<Measured> measure(File& file) {
    Digest sha256(DigestKind::sha256);
    Digest sha512(DigestKind::sha512);
    std::vector<std::uint8_t> piece(piece_bytes);
    Measured measured;
    while (true) {
        NK_TAKE(const auto got, file.read_at(measured.bytes, piece));
        const Bytes bytes(piece.data(), got);
        sha256.add(bytes);
        sha512.add(bytes);
        measured.bytes += got;
        if (got < piece.size())
            break;
    }
    measured.sha256 = sha256.hex();
    measured.sha512 = sha512.hex();
    return measured;
}

std::string of_another_size(const std::string& name, std::uint64_t is, std::uint64_t sealed) {
    return name + " has " + std::to_string(is) + " bytes, not " + std::to_string(sealed);
}

// What a link leads to may change, and is no part of what was sealed.
std::string is_a_link(const std::string& name) {
    return name + " is a link; what was sealed is a file of its own";
}

}  // namespace

std::string link_in_place_of(Disk& disk, const std::string& folder) {
    return disk.is_link(folder) ? "its folder is a link; what was sealed is a folder of its own"
                                : "";
}

SealedVcon inspect_vcon(Disk& disk, const std::string& folder, std::string_view id) {
    const std::string name(vcon_file);
    SealedVcon vcon;
    if (disk.is_link(folder + "/" + name))
        vcon.problems.push_back(is_a_link(name));
    const auto bytes = read_whole(disk, folder + "/" + name, limits::vcon_bytes_max);
    if (!bytes) {
        vcon.problems.push_back(bytes.error().what);
        const Code why = bytes.error().code;
        vcon.may_be_fine = why != Code::not_found && why != Code::limit;
        return vcon;
    }
    vcon.text = as_text(*bytes);
    auto facts = from_vcon(vcon.text);
    if (!facts) {
        vcon.problems.push_back(name + ": " + facts.error().what);
        return vcon;
    }
    if (facts->id != id)
        vcon.problems.push_back(name + " is of another recording: " + facts->id);
    // The facts fix every byte of the file; a byte that differs was changed after sealing.
    if (to_vcon(*facts) != vcon.text)
        vcon.problems.push_back(name + " is not as it was written: its parts disagree");
    vcon.facts = *std::move(facts);
    return vcon;
}

SealedFile inspect_file(Disk& disk, const std::string& folder, const std::string& name,
                        std::uint64_t bytes, const std::string& sha256, const std::string& sha512) {
    const std::string path = folder + "/" + name;
    if (disk.is_link(path))
        return {nullptr, is_a_link(name), 0};
    auto file = disk.open(path);
    if (!file)
        return {nullptr, disk.exists(path) ? file.error().what : name + " is missing", 0};
    const auto size = (*file)->size();
    if (size && *size != bytes)  // it may be endless
        return {nullptr, of_another_size(name, *size, bytes), 0};
    const auto measured = measure(**file);
    if (!measured)
        return {nullptr, measured.error().what, 0};
    std::string problem;
    if (measured->bytes != bytes)
        problem = of_another_size(name, measured->bytes, bytes);
    else if (measured->sha256 != sha256 || measured->sha512 != sha512)
        problem = name + " was changed: its hash is not the one that was sealed";
    return {*std::move(file), std::move(problem), measured->bytes};
}

}  // namespace nk::archive
