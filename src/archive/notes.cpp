#include "archive/notes.h"

#include <nlohmann/json.hpp>

#include "archive/layout.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::archive {

namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;
constexpr std::string_view ending = ".json";

std::string folder_of(const std::string& root, std::string_view id) {
    return day_folder(notes_root(root), id);
}

std::string path_of(const std::string& root, std::string_view id) {
    return folder_of(root, id) + "/" + std::string(id) + std::string(ending);
}

Error unreadable(const std::string& path, const std::string& why) {
    return {Code::malformed, Blame::machine, path + " cannot be read: " + why};
}

Result<Json> read_json(Disk& disk, const std::string& path) {
    NK_TAKE(const auto bytes, read_whole(disk, path, limits::notes_file_bytes_max));
    auto json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (!json.is_object())
        return tl::unexpected(unreadable(path, "it is no JSON object"));
    const auto version = json.find("format");
    if (version == json.end() || !version->is_number_integer() || *version != format)
        return tl::unexpected(unreadable(path, "it is of another format than 1"));
    return json;
}

// The old one or the new one, whatever happens on the way.
Result<void> replace(Disk& disk, const std::string& folder, const std::string& path,
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

std::optional<Note> note_in(const Json& json) {
    const auto made = wall_time_in(text_in(json, "made_at"));
    if (!made || text_in(json, "id").empty())
        return std::nullopt;
    Note note;
    note.id = text_in(json, "id");
    if (const auto at = json.find("at_ms"); at != json.end() && at->is_number_integer())
        note.at_ms = at->get<std::int64_t>();
    note.text = text_in(json, "text");
    note.by = text_in(json, "by");
    note.by_name = text_in(json, "by_name");
    note.made = *made;
    note.changed = wall_time_in(text_in(json, "changed_at"));
    return note;
}

Json json_of(const Note& note) {
    Json json;
    json["id"] = note.id;
    if (note.at_ms)
        json["at_ms"] = *note.at_ms;
    json["text"] = as_utf8(note.text);
    json["by"] = note.by;
    json["by_name"] = as_utf8(note.by_name);
    json["made_at"] = rfc3339(note.made, 9);
    if (note.changed)
        json["changed_at"] = rfc3339(*note.changed, 9);
    return json;
}

Result<Notes> read_notes_at(Disk& disk, const std::string& path) {
    NK_TAKE(const auto json, read_json(disk, path));
    Notes out;
    if (const auto why = text_in(json, "purpose"); !why.empty()) {
        out.purpose = purpose::purpose_named(why);
        if (!out.purpose)
            return tl::unexpected(unreadable(path, "\"" + why + "\" is no purpose"));
    }
    const auto kept = json.find("is_kept");
    out.is_kept = kept != json.end() && kept->is_boolean() && kept->get<bool>();
    out.tags = texts_in(json, "tags");
    if (const auto notes = json.find("notes"); notes != json.end() && notes->is_array())
        for (const auto& one : *notes) {
            auto note = one.is_object() ? note_in(one) : std::nullopt;
            if (!note)
                return tl::unexpected(unreadable(path, "one of its notes is none"));
            out.notes.push_back(std::move(*note));
        }
    return out;
}

}  // namespace

std::string notes_root(const std::string& root) {
    return root + "/notes";
}

std::string people_path(const std::string& root) {
    return root + "/people.json";
}

Result<Notes> read_notes(Disk& disk, const std::string& root, std::string_view id) {
    const auto path = path_of(root, id);
    if (!disk.exists(path))
        return Notes{};
    return read_notes_at(disk, path);
}

Result<void> write_notes(Disk& disk, const std::string& root, std::string_view id,
                         const Notes& notes) {
    Json json;
    json["format"] = format;
    json["recording"] = id;
    if (notes.purpose)
        json["purpose"] = name_of(*notes.purpose);
    json["is_kept"] = notes.is_kept;
    json["tags"] = Json::array();
    for (const auto& tag : notes.tags)
        json["tags"].push_back(as_utf8(tag));
    json["notes"] = Json::array();
    for (const auto& note : notes.notes)
        json["notes"].push_back(json_of(note));
    const auto folder = folder_of(root, id);
    NK_TRY(make_lasting_folders(disk, folder));
    return replace(disk, folder, path_of(root, id), json);
}

Result<void> for_all_notes(Disk& disk, const std::string& root,
                           const std::function<void(std::string_view id, const Notes&)>& take,
                           std::vector<std::string>& problems) {
    if (!disk.exists(notes_root(root)))
        return {};
    // Year, month, day.
    std::vector<std::string> folders{notes_root(root)};
    for (int depth = 0; depth < 3; ++depth) {
        std::vector<std::string> deeper;
        for (const auto& folder : folders) {
            NK_TAKE(const auto entries, disk.list(folder));
            for (const auto& entry : entries)
                if (entry.is_folder && entry.is_plain)
                    deeper.push_back(folder + "/" + entry.name);
        }
        folders = std::move(deeper);
    }
    for (const auto& folder : folders) {
        NK_TAKE(const auto entries, disk.list(folder));
        for (const auto& entry : entries) {
            const std::string_view name = entry.name;
            if (entry.is_folder || !entry.is_plain || !name.ends_with(ending) ||
                !is_id(name.substr(0, name.size() - ending.size())))
                continue;
            const auto notes = read_notes_at(disk, folder + "/" + entry.name);
            if (notes)
                take(name.substr(0, name.size() - ending.size()), *notes);
            else
                problems.push_back(notes.error().what);
        }
    }
    return {};
}

Result<std::vector<KnownPerson>> read_people(Disk& disk, const std::string& root) {
    const auto path = people_path(root);
    std::vector<KnownPerson> out;
    if (!disk.exists(path))
        return out;
    NK_TAKE(const auto json, read_json(disk, path));
    const auto people = json.find("people");
    if (people == json.end() || !people->is_array())
        return tl::unexpected(unreadable(path, "it has no people"));
    for (const auto& one : *people) {
        if (!one.is_object() || text_in(one, "id").empty())
            return tl::unexpected(unreadable(path, "one of its people is none"));
        KnownPerson person{text_in(one, "id"), text_in(one, "name"), texts_in(one, "numbers"), {}};
        if (const auto color = one.find("color"); color != one.end() && color->is_number_integer())
            person.color = static_cast<std::uint8_t>(color->get<unsigned>() % 12U);
        out.push_back(std::move(person));
    }
    return out;
}

Result<void> write_people(Disk& disk, const std::string& root,
                          const std::vector<KnownPerson>& people) {
    Json json;
    json["format"] = format;
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
        json["people"].push_back(std::move(one));
    }
    return replace(disk, root, people_path(root), json);
}

}  // namespace nk::archive
