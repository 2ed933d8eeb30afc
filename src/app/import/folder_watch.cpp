#include "app/import/folder_watch.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/import/walk.h"
#include "base/bytes.h"
#include "base/utf8.h"

namespace nk::app {

namespace {

using Json = nlohmann::json;

constexpr int folders_deep_max = 64;
constexpr std::size_t files_max = 1'000'000;
constexpr std::uint64_t seen_bytes_max = 1ULL << 30U;

std::int64_t ns_of(const FileState& state) {
    return state.modified ? state.modified->ns : 0;
}

bool speaks(const std::string& name) {
    return name.ends_with(".json") || name.ends_with(".html");
}

}  // namespace

FolderWatch::FolderWatch(Disk& disk, const Clock& clock, std::string folder, std::string seen_path)
    : disk_(disk), clock_(clock), folder_(std::move(folder)), seen_path_(std::move(seen_path)) {}

Result<void> FolderWatch::look_into(const std::string& folder, int depth,
                                    std::map<std::string, Look>& all) {
    NK_TAKE(const auto entries, disk_.list(folder));
    const auto speaking = speaking_among(entries);
    for (const auto& entry : entries) {
        if (entry.name.starts_with('.') || !entry.is_plain || all.size() >= files_max)
            continue;
        const auto path = folder + "/" + entry.name;
        if (entry.is_folder) {
            if (depth < folders_deep_max && !look_into(path, depth + 1, all))
                unlisted_.push_back(path + "/");
            continue;
        }
        if (speaks(entry.name))
            continue;
        const auto state = disk_.state(path);
        if (!state)
            continue;  // it went meanwhile
        Look look{state->bytes, ns_of(*state), 0, 0};
        if (const auto beside = speaks_of(entry.name, speaking); !beside.empty())
            if (const auto other = disk_.state(folder + "/" + beside)) {
                look.beside_bytes = other->bytes;
                look.beside_modified_ns = ns_of(*other);
            }
        all.emplace(path, look);
    }
    return {};
}

Result<std::vector<std::string>> FolderWatch::due() {
    read_seen();
    std::map<std::string, Look> all;
    unlisted_.clear();
    NK_TRY(look_into(folder_, 0, all));
    const auto now = clock_.now();
    std::vector<std::string> due;
    std::map<std::string, Waiting> waiting;
    for (const auto& [path, look] : all) {
        if (const auto seen = seen_.find(path); seen != seen_.end() && seen->second == look)
            continue;
        const auto before = waiting_.find(path);
        const bool is_still = before != waiting_.end() && before->second.look == look;
        const auto since = is_still ? before->second.since : now;
        waiting.emplace(path, Waiting{look, since});
        if (now - since >= still_for)
            due.push_back(path);
    }
    waiting_ = std::move(waiting);
    if (!all.empty())  // else it may be that its disk is not there
        std::erase_if(seen_, [&](const auto& one) {
            return !all.contains(one.first) &&
                   std::none_of(unlisted_.begin(), unlisted_.end(),
                                [&](const auto& folder) { return one.first.starts_with(folder); });
        });
    there_.clear();
    for (const auto& [path, look] : all)
        there_.push_back(path);
    return due;
}

std::vector<BroughtFile> FolderWatch::neighbours() const {
    std::vector<BroughtFile> out;
    for (const auto& path : there_) {
        const auto slash = path.rfind('/');
        BroughtFile file;
        file.name = path.substr(slash + 1);
        file.place = path.substr(1, slash - std::min<std::size_t>(slash, 1));
        out.push_back(std::move(file));
    }
    return out;
}

void FolderWatch::brought(const std::vector<std::string>& paths) {
    for (const auto& path : paths)
        if (const auto at = waiting_.find(path); at != waiting_.end()) {
            seen_[path] = at->second.look;
            waiting_.erase(at);
            is_remembered_ = false;
        }
}

void FolderWatch::failed(const std::string& path) {
    if (const auto at = waiting_.find(path); at != waiting_.end())
        at->second.since = clock_.now() + tried_again_after - still_for;
}

void FolderWatch::read_seen() {
    if (std::exchange(was_read_, true) || !disk_.exists(seen_path_))
        return;
    const auto bytes = read_whole(disk_, seen_path_, seen_bytes_max);
    std::string_view text = bytes ? as_text(*bytes) : std::string_view();
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto json = Json::parse(line, nullptr, false);
        const bool is_whole = json.is_array() && json.size() == 5 && json[0].is_string() &&
                              json[1].is_number_unsigned() && json[2].is_number_integer() &&
                              json[3].is_number_unsigned() && json[4].is_number_integer();
        if (is_whole)  // what is not is looked at again
            seen_[json[0].get<std::string>()] = {
                json[1].get<std::uint64_t>(), json[2].get<std::int64_t>(),
                json[3].get<std::uint64_t>(), json[4].get<std::int64_t>()};
    }
}

Result<void> FolderWatch::remember() {
    if (is_remembered_)
        return {};
    std::string text;
    for (const auto& [path, look] : seen_) {
        if (as_utf8(path) != path)  // it is looked at again after a restart, and known
            continue;
        text += Json::array({path, look.bytes, look.modified_ns, look.beside_bytes,
                             look.beside_modified_ns})
                    .dump() +
                "\n";
    }
    const auto fresh = seen_path_ + ".fresh";
    NK_TRY(disk_.remove_tree(fresh));
    {
        NK_TAKE(const auto file, disk_.create(fresh));
        NK_TRY(file->write(as_bytes(text)));
    }
    NK_TRY(disk_.rename(fresh, seen_path_));
    is_remembered_ = true;
    return {};
}

}  // namespace nk::app
