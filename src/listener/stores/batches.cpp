#include "listener/stores/batches.h"

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t file_bytes_max = 64 * 1024;
constexpr std::size_t files_max = 100'000;

// Whole or not at all; what a power cut takes is sent again.
Result<void> replace(Disk& disk, const std::string& path, const Json& json) {
    const auto fresh = path + ".fresh";
    NK_TRY(disk.remove_tree(fresh));
    {
        NK_TAKE(const auto file, disk.create(fresh));
        NK_TRY(file->write(as_bytes(json.dump(1) + "\n")));
    }
    return disk.rename(fresh, path);
}

Result<Json> read(Disk& disk, const std::string& path) {
    NK_TAKE(const auto bytes, read_whole(disk, path, file_bytes_max));
    auto json = Json::parse(as_text(bytes), nullptr, false);
    if (!json.is_object())
        return refuse(Code::malformed, Blame::machine, path + " cannot be read");
    return json;
}

std::string text_in(const Json& json, const char* name) {
    const auto at = json.find(name);
    return at != json.end() && at->is_string() ? at->get<std::string>() : "";
}

std::string part(const std::string& folder, std::size_t number) {
    return folder + "/parts/" + std::to_string(number) + ".json";
}

}  // namespace

Result<void> keep_batch(Disk& disk, const std::string& folder, const KeptBatch& batch) {
    return replace(disk, folder + "/import.json",
                   {{"account", batch.account},
                    {"began_at", rfc3339(batch.began, 9)},
                    {"purpose", name_of(batch.purpose)},
                    {"own_number", as_utf8(batch.own_number)},
                    {"zone", as_utf8(batch.zone)},
                    {"note", as_utf8(batch.note)}});
}

Result<KeptBatch> read_batch(Disk& disk, const std::string& folder) {
    NK_TAKE(const auto json, read(disk, folder + "/import.json"));
    const auto began = wall_time_in(text_in(json, "began_at"));
    const auto purpose = purpose::purpose_named(text_in(json, "purpose"));
    if (!began || !purpose || text_in(json, "account").empty())
        return refuse(Code::malformed, Blame::machine, folder + "/import.json cannot be read");
    return KeptBatch{text_in(json, "account"),
                     *began,
                     *purpose,
                     text_in(json, "own_number"),
                     text_in(json, "zone"),
                     text_in(json, "note")};
}

Result<void> keep_file(Disk& disk, const std::string& folder, std::size_t number,
                       const KeptFile& file) {
    Json json{{"path", as_utf8(file.path)}, {"bytes", file.bytes}};
    if (file.modified)
        json["modified"] = rfc3339(*file.modified, 9);
    return replace(disk, part(folder, number), json);
}

std::vector<KeptFile> read_files(Disk& disk, const std::string& folder) {
    std::vector<KeptFile> files;
    while (files.size() < files_max && disk.exists(part(folder, files.size()))) {
        const auto json = read(disk, part(folder, files.size()));
        const auto bytes = json ? json->find("bytes") : Json::const_iterator();
        if (!json || bytes == json->end() || !bytes->is_number_unsigned())
            break;
        files.push_back({text_in(*json, "path"), bytes->get<std::uint64_t>(),
                         wall_time_in(text_in(*json, "modified"))});
    }
    return files;
}

}  // namespace nk::listener
