#include "recording/journal/aside.h"

#include <charconv>
#include <string_view>

#include "base/bytes.h"
#include "base/limits.h"
#include "recording/journal/folder.h"

namespace nk::recording::journal {

namespace {

constexpr std::string_view first_line =
    "Not all of this run could be read. Its recordings' calls, and the blocks of each:\n";
constexpr std::string_view last_line = "end\n";

std::string parent_of(const std::string& folder) {
    return folder.substr(0, folder.rfind('/'));
}

std::string mark_path(const std::string& folder) {
    return folder + "/" + aside_name;
}

Result<std::string> read_text(Disk& disk, const std::string& path) {
    NK_TAKE(const auto file, disk.open_plain(path));
    NK_TAKE(const auto size, file->size());
    if (size > limits::journal_segment_bytes)
        return refuse(Code::limit, Blame::machine, path + " is larger than it can be");
    std::string text(size, '\0');
    NK_TAKE(const auto got,
            file->read_at(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
    text.resize(got);
    return text;
}

// A number and what follows it at the front of `text`, which goes on behind them.
bool take_number(std::string_view& text, char after, std::uint64_t& out) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    const auto chars = static_cast<std::size_t>(read.ptr - text.data());
    if (read.ec != std::errc() || chars == text.size() || text[chars] != after)
        return false;
    text.remove_prefix(chars + 1);
    return true;
}

std::string mark_text(const BlocksRead& blocks) {
    std::string text(first_line);
    for (const auto& [call, count] : blocks)
        text += std::to_string(call) + " " + std::to_string(count) + "\n";
    text += last_line;
    return text;
}

// Whole and on the disk, or not at all: what a failed sync did with the bytes nobody knows.
Result<void> write_text(Disk& disk, const std::string& path, const std::string& text) {
    NK_TAKE(const auto file, disk.create(path));
    auto written = file->write(as_bytes(text));
    if (written)
        written = file->sync();
    if (!written)
        (void)disk.remove_tree(path);
    return written;
}

AsideMark parse_mark(std::string_view text) {
    AsideMark mark;
    if (!text.starts_with(first_line)) {
        mark.is_torn = first_line.starts_with(text);
        return mark;
    }
    text.remove_prefix(first_line.size());
    std::uint64_t call = 0;
    std::uint64_t blocks = 0;
    while (take_number(text, ' ', call) && take_number(text, '\n', blocks))
        mark.blocks[call] = blocks;
    mark.is_whole = text == last_line;
    mark.is_torn = !mark.is_whole;
    return mark;
}

bool is_of_a_mark(Disk& disk, const std::string& path) {
    const auto text = read_text(disk, path);
    if (!text)
        return false;
    const auto mark = parse_mark(*text);
    return mark.is_whole || mark.is_torn;
}

}  // namespace

Result<AsideMark> read_mark(Disk& disk, const std::string& folder) {
    NK_TAKE(const auto text, read_text(disk, mark_path(folder)));
    auto mark = parse_mark(text);
    if (mark.is_whole) {
        NK_TAKE(const auto file, disk.open_plain(mark_path(folder)));
        NK_TRY(file->sync());
        NK_TRY(disk.sync_folder(folder));
    }
    return mark;
}

Result<AsideMark> ensure_mark(Disk& disk, const std::string& folder) {
    const std::string path = mark_path(folder);
    auto known = read_mark(disk, folder);
    if (known ? known->is_whole : known.error().code != Code::not_found)
        return known;
    if (known && known->is_torn)
        NK_TRY(disk.remove_tree(path));
    NK_TRY(write_text(disk, path, mark_text({})));
    NK_TRY(disk.sync_folder(folder));
    AsideMark made;
    made.is_whole = true;
    return made;
}

Result<void> change_mark(Disk& disk, const std::string& folder, const BlocksRead& blocks) {
    const std::string path = mark_path(folder);
    const std::string next = path + ".next";
    if (disk.exists(next) && is_of_a_mark(disk, next))  // of an attempt that was stopped
        NK_TRY(disk.remove_tree(next));
    NK_TRY(write_text(disk, next, mark_text(blocks)));
    NK_TRY(disk.rename(next, path));
    return disk.sync_folder(folder);
}

Result<std::string> place_aside(Disk& disk, const std::string& folder) {
    const std::string aside = parent_of(folder) + "/" + set_aside_name;
    if (disk.is_link(aside))
        return refuse(Code::refused, Blame::machine, aside + " is a link, which is not followed");
    if (disk.exists(aside))
        if (const auto listed = disk.list(aside); !listed)
            return tl::unexpected(listed.error());
    const std::string name = aside + folder.substr(folder.rfind('/'));
    std::string free = name;
    for (int i = 2; disk.exists(free); ++i)
        free = name + "-" + std::to_string(i);
    return free;
}

// The new name is on the disk before the old one goes.
Result<void> put_aside(Disk& disk, const std::string& folder, const std::string& to) {
    NK_TRY(disk.make_private_folder(parent_of(to)));
    NK_TRY(disk.rename(folder, to));
    NK_TRY(disk.sync_folder(parent_of(to)));
    return disk.sync_folder(parent_of(folder));
}

}  // namespace nk::recording::journal
