#include "archive/layout.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "base/rfc3339.h"
#include "recording/journal/aside.h"
#include "recording/journal/folder.h"

namespace nk::archive {

namespace {

constexpr std::string_view base32 = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford, lower case
constexpr std::size_t stamp_chars = 16;                                  // 20261123T142301Z
constexpr std::size_t chance_chars = 6;
constexpr std::size_t file_name_bytes_max = 255;

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_folder_of_digits(const FolderEntry& entry, std::size_t digits) {
    return entry.is_folder && entry.name.size() == digits && all_digits(entry.name);
}

// What Naklank itself puts into the root, or the file system does.
bool is_of_the_root(const FolderEntry& entry) {
    if (entry.is_folder)
        return entry.name == ".incoming" || entry.name == ".journal" || entry.name == ".state" ||
               entry.name == "notes" || entry.name == "people" || entry.name == "lost+found";
    for (const std::string name :
         {"people.json", "albums.json", "retention.json", "name-templates.json"})
        if (entry.name == name || entry.name == name + ".fresh")
            return true;
    for (const std::string name : {"catalogue.sqlite", "catalogue.sqlite.rebuild"})
        for (const char* part : {"", "-wal", "-shm", "-journal"})
            if (entry.name == name + part)
                return true;
    return false;
}

void put_aside(Disk& disk, const std::string& root, const std::string& path,
               const FolderEntry& entry, Inventory& found) {
    const bool is_recording =
        entry.is_folder &&
        (is_id(entry.name) || disk.exists(root + "/" + path + "/" + std::string(vcon_file)));
    (is_recording ? found.misplaced : found.strangers).push_back(path);
}

Result<void> look_into(Disk& disk, const std::string& root, const std::string& folder,
                       std::size_t depth, Inventory& found) {
    NK_TAKE(const auto entries, disk.list(folder.empty() ? root : root + "/" + folder));
    for (const auto& entry : entries) {
        const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
        if (depth < 3 && is_folder_of_digits(entry, depth == 0 ? 4 : 2)) {
            if (disk.is_link(root + "/" + path))
                found.strangers.push_back(path);
            else if (const auto looked = look_into(disk, root, path, depth + 1, found); !looked)
                found.unlistable.push_back(looked.error().what);
        } else if (depth == 3 && entry.is_folder && is_id(entry.name) &&
                   recording_folder(root, entry.name) == root + "/" + path) {
            found.ids.push_back(entry.name);
        } else if (depth > 0 || !is_of_the_root(entry)) {
            put_aside(disk, root, path, entry, found);
        }
    }
    return {};
}

// None when there is no such folder, or nobody may look into it.
std::vector<std::string> folders_in(Disk& disk, const std::string& path) {
    std::vector<std::string> names;
    if (!disk.exists(path))
        return names;
    if (const auto entries = disk.list(path))
        for (const auto& entry : *entries)
            if (entry.is_folder)
                names.push_back(entry.name);
    return names;
}

}  // namespace

std::string make_id(WallTime started, Random& random) {
    std::array<std::uint8_t, chance_chars> chance{};
    random.fill(chance);
    std::string id = compact_stamp(started) + "-";
    for (const auto byte : chance)
        id += base32[byte & 31];
    return id;
}

std::string make_id_like(std::string_view id, Random& random) {
    return std::string(id.substr(0, stamp_chars)) + make_id(WallTime{}, random).substr(stamp_chars);
}

std::string make_uuid(WallTime started, Random& random) {
    std::array<std::uint8_t, 16> raw{};
    random.fill(raw);
    const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(started.ns, 0) / 1'000'000);
    for (std::size_t i = 0; i < 6; ++i)
        raw[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    raw[6] = static_cast<std::uint8_t>((raw[6] & 0x0f) | 0x80);  // version 8
    raw[8] = static_cast<std::uint8_t>((raw[8] & 0x3f) | 0x80);  // variant 10
    constexpr std::string_view digits = "0123456789abcdef";
    std::string uuid;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            uuid += '-';
        uuid += digits[raw[i] >> 4];
        uuid += digits[raw[i] & 15];
    }
    return uuid;
}

bool is_id(std::string_view text) {
    if (text.size() != stamp_chars + 1 + chance_chars)
        return false;
    if (!all_digits(text.substr(0, 8)) || text[8] != 'T' || !all_digits(text.substr(9, 6)) ||
        text[15] != 'Z' || text[16] != '-')
        return false;
    return text.find_first_not_of(base32, stamp_chars + 1) == std::string_view::npos;
}

bool is_file_name(std::string_view text) {
    if (text.empty() || text.size() > file_name_bytes_max || text.front() == '.')
        return false;
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return c == '/' || c == '\\' || byte < 0x20 || byte == 0x7f;
    });
}

std::string day_folder(const std::string& root, std::string_view id) {
    std::string path = root;
    path += '/';
    path += id.substr(0, 4);
    path += '/';
    path += id.substr(4, 2);
    path += '/';
    path += id.substr(6, 2);
    return path;
}

std::string recording_folder(const std::string& root, std::string_view id) {
    return day_folder(root, id) + "/" + std::string(id);
}

bool is_in_its_day(Disk& disk, const std::string& root, std::string_view id) {
    const std::string day = day_folder(root, id);
    for (std::string folder = day; folder.size() > root.size(); folder.resize(folder.rfind('/')))
        if (disk.is_link(folder))
            return false;
    return disk.exists(recording_folder(root, id));
}

std::string incoming_root(const std::string& root) {
    return root + "/.incoming";
}

std::string journal_root(const std::string& root) {
    return root + "/.journal";
}

std::string catalogue_path(const std::string& root) {
    return root + "/catalogue.sqlite";
}

std::string last_name(std::string_view path) {
    return std::string(path.substr(path.rfind('/') + 1));  // npos + 1 is 0
}

std::string misplacement(const std::string& path) {
    const auto name = last_name(path);
    if (!is_id(name))
        return path +
               " holds a recording and is not named by its id: rename and move it to where "
               "its " +
               std::string(vcon_file) + " says";
    return path + " lies where no command finds it: move it into " +
           day_folder("", name).substr(1) + " of the archive";
}

Result<Inventory> take_inventory(Disk& disk, const std::string& root) {
    Inventory found;
    NK_TRY(look_into(disk, root, "", 0, found));
    std::sort(found.ids.begin(), found.ids.end());
    return found;
}

std::vector<std::string> list_left_journals(Disk& disk, const std::string& root) {
    std::vector<std::string> left;
    if (!disk.exists(journal_root(root)))
        return left;
    if (const auto entries = disk.list(journal_root(root)))
        for (const auto& entry : *entries) {
            const std::string run = journal_root(root) + "/" + entry.name;
            if (!entry.is_folder || !entry.is_plain || disk.is_held(run + "/lock").value_or(true))
                continue;
            const auto found = recording::journal::look_into(disk, run);
            if (found && found->has_segments && !found->is_done)
                left.push_back(entry.name);
        }
    return left;
}

std::vector<std::string> list_set_aside(Disk& disk, const std::string& root) {
    const std::string aside = journal_root(root) + "/" + recording::journal::set_aside_name;
    auto paths = folders_in(disk, aside);
    for (auto& path : paths)
        path.insert(0, aside + "/");
    return paths;
}

bool is_being_recorded(Disk& disk, const std::string& root) {
    return std::ranges::any_of(folders_in(disk, journal_root(root)), [&](const auto& run) {
        return disk.is_held(journal_root(root) + "/" + run + "/lock").value_or(false);
    });
}

namespace {

// Of a program that brings files just now (archive/bring.h).
bool is_being_brought(Disk& disk, const std::string& incoming, const std::string& name) {
    if (name == import_turn_file)
        return true;
    if (!name.starts_with(import_prefix))
        return false;
    const auto is_held = disk.is_held(incoming + "/" + name + "/lock");
    return is_held && *is_held;
}

}  // namespace

std::vector<std::string> list_unfinished(Disk& disk, const std::string& root) {
    std::vector<std::string> names;
    if (!disk.exists(incoming_root(root)))
        return names;
    if (const auto entries = disk.list(incoming_root(root)))
        for (const auto& entry : *entries)
            if (!is_being_brought(disk, incoming_root(root), entry.name))
                names.push_back(entry.name);
    return names;
}

}  // namespace nk::archive
