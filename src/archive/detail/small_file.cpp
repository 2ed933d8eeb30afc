#include "archive/detail/small_file.h"

#include "base/limits.h"
#include "base/rfc3339.h"

namespace nk::archive {

namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Error unreadable(const std::string& path, const std::string& why) {
    return {Code::malformed, Blame::machine, path + " cannot be read: " + why};
}

Result<Json> read_small_file(Disk& disk, const std::string& path) {
    NK_TAKE(const auto bytes, read_whole(disk, path, limits::notes_file_bytes_max));
    auto json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (!json.is_object())
        return tl::unexpected(unreadable(path, "it is no JSON object"));
    const auto version = json.find("format");
    if (version == json.end() || !version->is_number_integer() || *version != small_file_format)
        return tl::unexpected(unreadable(path, "it is of another format than 1"));
    return json;
}

Result<void> replace_small_file(Disk& disk, const std::string& folder, const std::string& path,
                                const Json& json) {
    const auto text = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    const std::string fresh = path + ".fresh";
    NK_TRY(disk.remove_tree(fresh));
    {
        NK_TAKE(const auto file, disk.create(fresh));
        NK_TRY(file->write(as_bytes(text)));
        NK_TRY(file->sync());
    }
    NK_TRY(disk.rename(fresh, path));
    return disk.sync_folder(folder);
}

std::string text_in(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::vector<std::string> texts_in(const Json& object, const char* name) {
    std::vector<std::string> out;
    if (const auto at = object.find(name); at != object.end() && at->is_array())
        for (const auto& one : *at)
            if (one.is_string())
                out.push_back(one.get<std::string>());
    return out;
}

std::optional<WallTime> time_in(const Json& object, const char* name) {
    return wall_time_in(text_in(object, name));
}

bool truth_in(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_boolean() && at->get<bool>();
}

}  // namespace nk::archive
