#include "archive/house_files.h"

#include <algorithm>

#include "archive/detail/small_file.h"
#include "archive/layout.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace nk::archive {

namespace {

using Json = nlohmann::ordered_json;

std::string people_path(const std::string& root) {
    return root + "/people.json";
}

std::string albums_path(const std::string& root) {
    return root + "/albums.json";
}

std::string retention_path(const std::string& root) {
    return root + "/retention.json";
}

std::string templates_path(const std::string& root) {
    return root + "/name-templates.json";
}

std::string photos_root(const std::string& root) {
    return root + "/people";
}

std::string photo_path(const std::string& root, std::string_view person) {
    return photos_root(root) + "/" + std::string(person);
}

std::optional<purpose::RetentionRule> rule_in(const Json& json) {
    if (!json.is_object())
        return std::nullopt;
    const auto why = purpose::purpose_named(text_in(json, "purpose"));
    const auto days = json.find("days");
    if (!why || days == json.end())
        return std::nullopt;
    purpose::RetentionRule rule{*why, text_in(json, "line"), {}};
    if (json.contains("line") && rule.line.empty())
        return std::nullopt;  // a rule for a line is none for all
    if (days->is_number_integer() && *days >= 1 && *days <= 36'500)
        rule.days = days->get<std::int64_t>();
    else if (!days->is_null())
        return std::nullopt;
    return rule;
}

}  // namespace

Result<std::vector<KnownPerson>> read_people(Disk& disk, const std::string& root) {
    const auto path = people_path(root);
    std::vector<KnownPerson> out;
    if (!disk.exists(path))
        return out;
    NK_TAKE(const auto json, read_small_file(disk, path));
    const auto people = json.find("people");
    if (people == json.end() || !people->is_array())
        return tl::unexpected(unreadable(path, "it has no people"));
    for (const auto& one : *people) {
        if (!one.is_object() || text_in(one, "id").empty())
            return tl::unexpected(unreadable(path, "one of its people is none"));
        KnownPerson person{
            text_in(one, "id"), text_in(one, "name"), texts_in(one, "numbers"), {}, {}};
        if (const auto color = one.find("color"); color != one.end() && color->is_number_integer())
            person.color = static_cast<std::uint8_t>(color->get<unsigned>() % 12U);
        person.photo = text_in(one, "photo");
        out.push_back(std::move(person));
    }
    return out;
}

Result<void> write_people(Disk& disk, const std::string& root,
                          const std::vector<KnownPerson>& people) {
    Json json;
    json["format"] = small_file_format;
    json["people"] = Json::array();
    for (const auto& person : people) {
        Json one;
        one["id"] = person.id;
        one["name"] = as_utf8(person.name);
        one["numbers"] = Json::array();
        for (const auto& number : person.numbers)
            one["numbers"].push_back(as_utf8(number));
        if (person.color)
            one["color"] = *person.color;
        if (!person.photo.empty())
            one["photo"] = person.photo;
        json["people"].push_back(std::move(one));
    }
    return replace_small_file(disk, root, people_path(root), json);
}

Result<std::unique_ptr<FileLock>> turn_of_people(Disk& disk, const std::string& root, bool waits) {
    NK_TRY(disk.make_folders(photos_root(root)));
    const auto path = photos_root(root) + "/.turn";
    return waits ? disk.wait_for_lock(path) : disk.lock(path);
}

std::optional<FileState> people_written(Disk& disk, const std::string& root) {
    const auto path = people_path(root);
    if (!disk.exists(path))
        return std::nullopt;
    const auto state = disk.state(path);
    return state ? std::optional(*state) : std::nullopt;
}

bool is_small_id(std::string_view text) {
    return !text.empty() && text.size() <= 40 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
               std::string_view::npos;
}

Result<std::vector<std::uint8_t>> read_photo(Disk& disk, const std::string& root,
                                             std::string_view person) {
    return read_whole(disk, photo_path(root, person), limits::photo_bytes_max);
}

Result<void> write_photo(Disk& disk, const std::string& root, std::string_view person,
                         Bytes picture) {
    const auto folder = photos_root(root);
    const auto path = photo_path(root, person);
    const auto fresh = path + ".fresh";
    NK_TRY(make_lasting_folders(disk, folder));
    NK_TRY(disk.remove_tree(fresh));
    {
        NK_TAKE(const auto file, disk.create(fresh));
        NK_TRY(file->write(picture));
        NK_TRY(file->sync());
    }
    NK_TRY(disk.rename(fresh, path));
    return disk.sync_folder(folder);
}

Result<void> remove_photo(Disk& disk, const std::string& root, std::string_view person) {
    return disk.remove_tree(photo_path(root, person));
}

Result<std::vector<Album>> read_albums(Disk& disk, const std::string& root) {
    const auto path = albums_path(root);
    std::vector<Album> out;
    if (!disk.exists(path))
        return out;
    NK_TAKE(const auto json, read_small_file(disk, path));
    const auto albums = json.find("albums");
    if (albums == json.end() || !albums->is_array())
        return tl::unexpected(unreadable(path, "it has no albums"));
    for (const auto& one : *albums) {
        if (!one.is_object() || !is_small_id(text_in(one, "id")))
            return tl::unexpected(unreadable(path, "one of its albums is none"));
        Album album{text_in(one, "id"), text_in(one, "name"),     truth_in(one, "is_library"),
                    text_in(one, "by"), texts_in(one, "members"), texts_in(one, "calls")};
        std::erase_if(album.calls, [](const auto& id) { return !is_id(id); });
        out.push_back(std::move(album));
    }
    return out;
}

Result<void> write_albums(Disk& disk, const std::string& root, const std::vector<Album>& albums) {
    Json json;
    json["format"] = small_file_format;
    json["albums"] = Json::array();
    for (const auto& album : albums)
        json["albums"].push_back({{"id", album.id},
                                  {"name", as_utf8(album.name)},
                                  {"is_library", album.is_library},
                                  {"by", album.by},
                                  {"members", album.members},
                                  {"calls", album.calls}});
    return replace_small_file(disk, root, albums_path(root), json);
}

// Rules that cannot be read let nothing go: the caller is told, and has none.
Result<std::vector<purpose::RetentionRule>> read_retention(Disk& disk, const std::string& root) {
    const auto path = retention_path(root);
    if (!disk.exists(path))
        return purpose::usual_rules();
    NK_TAKE(const auto json, read_small_file(disk, path));
    const auto rules = json.find("rules");
    if (rules == json.end() || !rules->is_array())
        return tl::unexpected(unreadable(path, "it has no rules"));
    std::vector<purpose::RetentionRule> out;
    for (const auto& one : *rules) {
        auto rule = rule_in(one);
        if (!rule)
            return tl::unexpected(unreadable(path, "one of its rules is none"));
        out.push_back(std::move(*rule));
    }
    return out;
}

Result<void> write_retention(Disk& disk, const std::string& root,
                             const std::vector<purpose::RetentionRule>& rules) {
    Json json;
    json["format"] = small_file_format;
    json["rules"] = Json::array();
    for (const auto& rule : rules) {
        Json one{{"purpose", name_of(rule.purpose)}};
        if (!rule.line.empty())
            one["line"] = as_utf8(rule.line);
        one["days"] = rule.days ? Json(*rule.days) : Json(nullptr);
        json["rules"].push_back(std::move(one));
    }
    return replace_small_file(disk, root, retention_path(root), json);
}

Result<std::vector<std::string>> read_name_templates(Disk& disk, const std::string& root) {
    const auto path = templates_path(root);
    if (!disk.exists(path))
        return std::vector<std::string>();
    NK_TAKE(const auto json, read_small_file(disk, path));
    return texts_in(json, "templates");
}

Result<void> write_name_templates(Disk& disk, const std::string& root,
                                  const std::vector<std::string>& templates) {
    Json json;
    json["format"] = small_file_format;
    json["templates"] = Json::array();
    for (const auto& text : templates)
        json["templates"].push_back(as_utf8(text));
    return replace_small_file(disk, root, templates_path(root), json);
}

}  // namespace nk::archive
