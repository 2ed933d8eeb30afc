#include "app/import/taken.h"

#include <utility>
#include <vector>

#include "base/digest.h"
#include "intake/import/file_kind.h"

namespace nk::app {

namespace {

constexpr std::size_t piece_bytes = 256 * 1024;

// The sidecar as it came, when there is one that is small enough to be one.
Result<void> take_sidecar(Disk& disk, const std::string& path, Taken& taken) {
    const auto state = disk.state(path);
    if (!state || !state->is_plain || state->is_folder || state->bytes > sidecar_bytes_max ||
        state->bytes == 0)
        return {};
    const std::string name =
        "sidecar." + importing::original_extension(path.substr(path.rfind('/') + 1));
    NK_TAKE(const auto hashes, copy_in(disk, path, *taken.desk, name));
    NK_TAKE(const auto file, taken.desk->open(name));
    std::vector<std::uint8_t> bytes(hashes.bytes);
    NK_TAKE(const auto got, file->read_at(0, bytes));
    taken.sidecar_text = as_text(Bytes(bytes).first(got));
    taken.sidecar =
        recording::SideFile{name, name.ends_with(".json") ? "application/json" : "text/html",
                            hashes.bytes, hashes.sha256, hashes.sha512};
    return {};
}

}  // namespace

Result<Hashes> copy_in(Disk& disk, const std::string& path, recording::Desk& desk,
                       const std::string& name) {
    NK_TAKE(const auto before, disk.state(path));
    NK_TAKE(const auto from, disk.open_plain(path));
    NK_TAKE(const auto to, desk.create(name));
    Digest sha256(DigestKind::sha256);
    Digest sha512(DigestKind::sha512);
    Hashes hashes;
    std::vector<std::uint8_t> piece(piece_bytes);
    while (true) {
        NK_TAKE(const auto got, from->read_at(hashes.bytes, piece));
        const Bytes bytes(piece.data(), got);
        sha256.add(bytes);
        sha512.add(bytes);
        NK_TRY(to->write(bytes));
        hashes.bytes += got;
        if (got < piece.size() || hashes.bytes > before.bytes)
            break;
    }
    to->begin_sync();
    NK_TAKE(const auto after, disk.state(path));
    if (after.bytes != before.bytes || after.modified != before.modified ||
        hashes.bytes != before.bytes)
        return refuse(Code::busy, Blame::owner,
                      path + " changed while it was read; bring it again when it is done");
    hashes.sha256 = sha256.hex();
    hashes.sha512 = sha512.hex();
    return hashes;
}

Result<void> add_look(Taken& taken, Result<MediaFacts> facts) {
    if (facts) {
        taken.fault = facts->fault;
        taken.media = *std::move(facts);
        return {};
    }
    if (facts.error().blame == Blame::machine)
        return tl::unexpected(facts.error());
    taken.fault = facts.error().what;
    return {};
}

Result<Taken> take_in(Disk& disk, archive::Bringing& bringing, const BroughtFile& source) {
    std::vector<std::uint8_t> head(importing::kind_bytes);
    {
        NK_TAKE(const auto file, disk.open_plain(source.path));
        NK_TAKE(const auto got, file->read_at(0, head));
        head.resize(got);
    }
    const auto kind = importing::kind_of(source.name, head);
    if (kind == importing::FileKind::empty)
        return refuse(Code::unsupported, Blame::owner, "it is empty");
    if (kind != importing::FileKind::sound)
        return refuse(Code::unsupported, Blame::owner, "it is no sound");
    Taken taken;
    taken.source = source;
    taken.original = "original." + importing::original_extension(source.name);
    NK_TAKE(taken.desk, bringing.place());
    NK_TAKE(taken.hashes, copy_in(disk, source.path, *taken.desk, taken.original));
    if (!source.beside.empty())
        NK_TRY(take_sidecar(disk, source.beside, taken));
    return taken;
}

}  // namespace nk::app
