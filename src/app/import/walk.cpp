#include "app/import/walk.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_set>
#include <utility>

#include "archive/layout.h"
#include "base/utf8.h"
#include "intake/import/file_kind.h"

namespace nk::app {

namespace {

using importing::FileKind;

constexpr int folders_deep_max = 64;
constexpr std::size_t found_max = 2'000'000;

std::string name_of_path(const std::string& path) {
    return archive::last_name(path);
}

std::string join(const std::string& place, const std::string& name) {
    return place.empty() ? name : place + "/" + name;
}

std::string without_ending(const std::string& name) {
    const auto dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

}  // namespace

Names speaking_among(const std::vector<FolderEntry>& entries) {
    Names names;
    for (const auto& entry : entries)
        if (entry.is_plain && !entry.is_folder &&
            (entry.name.ends_with(".json") || entry.name.ends_with(".html")))
            names.insert(entry.name);
    return names;
}

std::string speaks_of(const std::string& sound, const Names& speaking) {
    const auto stem = without_ending(sound);
    for (const auto& candidate : std::array{stem + ".json", sound + ".json", stem + ".html"})
        if (speaking.contains(candidate))
            return candidate;
    return {};
}

struct Walk::Place {
    std::string text;      // the folders above, as people know them
    bool is_ours = false;  // it was unpacked for us
    int archives_deep = 0;
    int folders_deep = 0;
    std::string folder;                     // of the file, on this machine
    std::shared_ptr<const Names> speaking;  // what lies in it and may speak of another: sidecars
};

Walk::Walk(Disk& disk, Media& media, std::string scratch, UnpackLimits limits,
           std::function<bool(std::uint64_t)> looked)
    : disk_(disk),
      media_(media),
      scratch_(std::move(scratch)),
      limits_(limits),
      looked_(std::move(looked)) {}

void Walk::look(const std::string& path) {
    origin_ = path;
    const auto slash = path.rfind('/');
    Place place;
    place.folder =
        slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
    if (!last_speaking_ || last_folder_ != place.folder) {
        last_folder_ = place.folder;
        last_speaking_ = std::make_shared<Names>(
            speaking_among(disk_.list(place.folder).value_or(std::vector<FolderEntry>{})));
    }
    place.speaking = last_speaking_;
    // The last folders above tell something, too: which recorder's they are, whose number.
    const auto above = place.folder == "." ? std::string() : place.folder;
    place.text = above.starts_with('/') ? above.substr(1) : above;
    look_at(path, name_of_path(path), place);
}

// Not now: its rights may be mended, its disk may come back.
void Walk::cannot_read(const Error& error) {
    found_.wrong.push_back(error.what);
    found_.unread.insert(origin_);
}

void Walk::look_at(const std::string& path, const std::string& name, const Place& place) {
    if (is_stopped_)
        return;
    const auto state = disk_.state(path);
    if (!state)
        return cannot_read(state.error());
    if (state->is_folder) {
        Place inside = place;
        inside.text = join(place.text, name);
        return look_into(path, inside);
    }
    if (!state->is_plain) {
        found_.wrong.push_back(path + " is no plain file, and is left");
        return;
    }
    auto modified = state->modified;
    if (place.is_ours)  // what we unpacked was written just now
        modified = packed_[path];
    BroughtFile file{path, name, place.text, modified, "", origin_, place.is_ours};
    sort_in(std::move(file), place);
}

void Walk::look_into(const std::string& folder, const Place& place) {
    if (place.folders_deep >= folders_deep_max) {
        found_.wrong.push_back(folder + " lies deeper than is looked for");
        return;
    }
    const auto entries = disk_.list(folder);
    if (!entries)
        return cannot_read(entries.error());
    Place inside = place;
    inside.folder = folder;
    inside.folders_deep = place.folders_deep + 1;
    inside.speaking = std::make_shared<Names>(speaking_among(*entries));
    for (const auto& entry : *entries)
        if (!entry.name.starts_with('.') && entry.name != "__MACOSX") {
            if (entry.is_folder && !entry.is_plain) {
                found_.wrong.push_back(folder + "/" + entry.name + " is a link, and is left");
                continue;
            }
            look_at(folder + "/" + entry.name, entry.name, inside);
        }
}

void Walk::sort_in(BroughtFile file, const Place& place) {
    if (++files_ > found_max) {
        if (files_ == found_max + 1)
            found_.wrong.push_back("there are more than " + std::to_string(found_max) +
                                   " files; bring them in parts");
        return;
    }
    if (looked_ && !looked_(files_))
        is_stopped_ = true;
    std::vector<std::uint8_t> head(importing::kind_bytes);
    const auto opened = disk_.open_plain(file.path);
    const auto got = opened ? (*opened)->read_at(0, head) : tl::unexpected(opened.error());
    if (!got)
        return cannot_read(got.error());
    head.resize(*got);
    switch (importing::kind_of(file.name, head)) {
        case FileKind::archive:
            return unpack(file.path, file.name, place);
        case FileKind::call_log:
            found_.call_logs.push_back(std::move(file));
            return;
        case FileKind::contacts:
            found_.contacts.push_back(std::move(file));
            return;
        case FileKind::sidecar:
            return;  // it is looked for beside what it speaks of
        case FileKind::sound:
            break;
        case FileKind::empty:
        case FileKind::other:
            found_.others.push_back(std::move(file));
            return;
    }
    if (const auto beside = speaks_of(file.name, *place.speaking); !beside.empty())
        file.beside = place.folder + "/" + beside;
    found_.sounds.push_back(std::move(file));
}

// Its files are made below the scratch folder under names that a path may have, and walked like any
// others.
void Walk::unpack(const std::string& path, const std::string& name, const Place& place) {
    if (place.archives_deep >= limits_.deep) {
        found_.wrong.push_back(join(place.text, name) + " lies in " + std::to_string(limits_.deep) +
                               " other archives; unpack it yourself if it is meant to be");
        return;
    }
    const auto state = disk_.state(path);
    const auto most = limits_.bytes != 0
                          ? limits_.bytes
                          : std::max(limits_.bytes_at_least,
                                     state ? state->bytes * limits_.times : std::uint64_t{0});
    const auto root = scratch_ + "/" + std::to_string(++archives_);
    std::unique_ptr<File> file;
    std::string unpacked;  // its path
    std::uint64_t bytes = 0;
    const auto begin = [&](const PackedFile& packed) -> Result<void> {
        file.reset();
        if (++unpacked_files_ > limits_.files)
            return refuse(Code::limit, Blame::owner, "it holds too many files");
        // Of its path what a path may have: no "..", nothing hidden, nothing that is not text.
        std::string folder = root;
        std::string rest = as_utf8(packed.path);
        std::string last;
        while (!rest.empty()) {
            const auto slash = std::min(rest.find('/'), rest.size());
            const auto part = rest.substr(0, slash);
            rest.erase(0, std::min(slash + 1, rest.size()));
            if (part.empty() || part == "." || part == "..")
                continue;
            if (!last.empty())
                folder += "/" + last;
            last = part.substr(0, 255);
        }
        if (last.empty() || last.find('\0') != std::string::npos)
            return {};
        NK_TRY(disk_.make_folders(folder));
        unpacked = folder + "/" + last;
        if (disk_.exists(unpacked))  // an archive may name one twice
            unpacked = folder + "/" + std::to_string(unpacked_files_) + " " + last;
        NK_TAKE(file, disk_.create(unpacked));
        packed_[unpacked] = packed.modified;
        return {};
    };
    const auto take = [&](Bytes piece) -> Result<void> {
        bytes += piece.size();
        if (bytes > most)
            return refuse(
                Code::limit, Blame::owner,
                "what comes out of it is far more than sound can be: a trap, or a mistake");
        return file ? file->write(piece) : Result<void>();
    };
    if (const auto made = disk_.make_folders(root); !made)
        return cannot_read(made.error());
    const auto done = media_.unpack(path, begin, take);
    file.reset();
    if (!done) {
        found_.wrong.push_back(join(place.text, name) + ": " + done.error().what);
        if (!unpacked.empty())
            (void)disk_.remove_tree(unpacked);       // it is not whole
        if (done.error().blame == Blame::machine) {  // all of it another time
            found_.unread.insert(origin_);
            (void)disk_.remove_tree(root);
            return;
        }
    }
    Place inside;
    inside.text = join(place.text, name);
    inside.is_ours = true;
    inside.archives_deep = place.archives_deep + 1;
    inside.folder = root;
    inside.speaking = std::make_shared<Names>();
    if (place.is_ours)
        (void)disk_.remove_tree(path);
    look_into(root, inside);
}

}  // namespace nk::app
