#include "archive/notes.h"

#include <nlohmann/json.hpp>

#include "archive/detail/facts_json.h"
#include "archive/detail/small_file.h"
#include "archive/layout.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::archive {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view ending = ".json";

std::string folder_of(const std::string& root, std::string_view id) {
    return day_folder(notes_root(root), id);
}

std::string path_of(const std::string& root, std::string_view id) {
    return folder_of(root, id) + "/" + std::string(id) + std::string(ending);
}

std::string deletion_path(const std::string& root, std::string_view id) {
    return folder_of(root, id) + "/" + std::string(id) + ".deleted" + std::string(ending);
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

std::optional<Act> act_in(const Json& json) {
    const auto at = json.is_object() ? time_in(json, "at") : std::nullopt;
    if (!at)
        return std::nullopt;
    return Act{text_in(json, "by"), text_in(json, "by_name"), *at};
}

Json json_of(const Act& act) {
    return {{"by", act.by}, {"by_name", as_utf8(act.by_name)}, {"at", rfc3339(act.at, 9)}};
}

// Nullopt where there is none; one that cannot be read is an error, for it protects the recording.
Result<std::optional<Act>> maybe_act(const Json& json, const char* name, const std::string& path) {
    const auto at = json.find(name);
    if (at == json.end())
        return std::optional<Act>();
    auto act = act_in(*at);
    if (!act)
        return tl::unexpected(unreadable(path, "what it says under \"" + std::string(name) + "\""));
    return act;
}

Result<std::optional<Hold>> maybe_hold(const Json& json, const std::string& path) {
    const auto at = json.find("hold");
    if (at == json.end())
        return std::optional<Hold>();
    auto set = act_in(*at);
    if (!set)
        return tl::unexpected(unreadable(path, "its hold is none"));
    Hold hold{std::move(*set), text_in(*at, "reason"), {}};
    if (const auto released = at->find("released"); released != at->end() && released->is_array())
        for (const auto& one : *released)
            if (auto act = act_in(one))
                hold.released.push_back(std::move(*act));
    return hold;
}

Result<Notes> read_notes_at(Disk& disk, const std::string& path) {
    NK_TAKE(const auto json, read_small_file(disk, path));
    Notes out;
    if (const auto why = text_in(json, "purpose"); !why.empty()) {
        out.purpose = purpose::purpose_named(why);
        if (!out.purpose)
            return tl::unexpected(unreadable(path, "\"" + why + "\" is no purpose"));
    }
    out.is_kept = truth_in(json, "is_kept");
    NK_TAKE(out.hold, maybe_hold(json, path));
    NK_TAKE(out.removed, maybe_act(json, "removed", path));
    out.announced = time_in(json, "announced_at");
    out.talk = text_in(json, "talk");
    out.tags = texts_in(json, "tags");
    out.doubles = texts_in(json, "doubles");
    if (const auto findings = json.find("findings"); findings != json.end() && findings->is_array())
        for (const auto& one : *findings) {
            auto finding = detail::finding_in(one);
            if (!finding)
                return tl::unexpected(unreadable(path, "one of its findings is none"));
            out.findings.push_back(std::move(*finding));
        }
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

Result<Notes> read_notes(Disk& disk, const std::string& root, std::string_view id) {
    const auto path = path_of(root, id);
    if (!disk.exists(path))
        return Notes{};
    return read_notes_at(disk, path);
}

namespace {

// Held while a file is replaced: another process may write notes, too.
Result<std::unique_ptr<FileLock>> turn_to_write(Disk& disk, const std::string& root) {
    NK_TRY(disk.make_folders(notes_root(root)));
    return disk.wait_for_lock(notes_root(root) + "/.turn");
}

Result<void> replace_notes(Disk& disk, const std::string& root, std::string_view id,
                           const Notes& notes) {
    Json json;
    json["format"] = small_file_format;
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
    if (notes.hold) {
        json["hold"] = json_of(notes.hold->set);
        json["hold"]["reason"] = as_utf8(notes.hold->reason);
        json["hold"]["released"] = Json::array();
        for (const auto& act : notes.hold->released)
            json["hold"]["released"].push_back(json_of(act));
    }
    if (notes.announced)
        json["announced_at"] = rfc3339(*notes.announced, 9);
    if (notes.removed)
        json["removed"] = json_of(*notes.removed);
    if (!notes.talk.empty())
        json["talk"] = notes.talk;
    if (!notes.doubles.empty()) {
        json["doubles"] = Json::array();
        for (const auto& name : notes.doubles)
            json["doubles"].push_back(as_utf8(name));
    }
    if (!notes.findings.empty()) {
        json["findings"] = Json::array();
        for (const auto& finding : notes.findings)
            json["findings"].push_back(detail::to_json(finding));
    }
    const auto folder = folder_of(root, id);
    NK_TRY(make_lasting_folders(disk, folder));
    return replace_small_file(disk, folder, path_of(root, id), json);
}

}  // namespace

Result<void> write_notes(Disk& disk, const std::string& root, std::string_view id,
                         const Notes& notes) {
    NK_TAKE(const auto turn, turn_to_write(disk, root));
    return replace_notes(disk, root, id, notes);
}

Result<void> change_notes(Disk& disk, const std::string& root, std::string_view id,
                          const std::function<bool(Notes&)>& change) {
    NK_TAKE(const auto turn, turn_to_write(disk, root));
    NK_TAKE(auto notes, read_notes(disk, root, id));
    return change(notes) ? replace_notes(disk, root, id, notes) : Result<void>();
}

Result<void> remove_notes(Disk& disk, const std::string& root, std::string_view id) {
    const auto path = path_of(root, id);
    if (!disk.exists(path))
        return {};
    NK_TRY(disk.remove_tree(path));
    return disk.sync_folder(folder_of(root, id));
}

Result<std::optional<Act>> read_deletion(Disk& disk, const std::string& root, std::string_view id) {
    const auto path = deletion_path(root, id);
    if (!disk.exists(path))
        return std::optional<Act>();
    NK_TAKE(const auto json, read_small_file(disk, path));
    return maybe_act(json, "deleted", path);
}

Result<void> write_deletion(Disk& disk, const std::string& root, std::string_view id,
                            const Act& deleted) {
    const auto folder = folder_of(root, id);
    NK_TRY(make_lasting_folders(disk, folder));
    return replace_small_file(
        disk, folder, deletion_path(root, id),
        {{"format", small_file_format}, {"recording", id}, {"deleted", json_of(deleted)}});
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
            if (!name.ends_with(ending) || !is_id(name.substr(0, name.size() - ending.size())))
                continue;
            if (entry.is_folder || !entry.is_plain) {
                problems.push_back(unreadable(folder + "/" + entry.name, "it is no file").what);
                continue;
            }
            const auto notes = read_notes_at(disk, folder + "/" + entry.name);
            if (notes)
                take(name.substr(0, name.size() - ending.size()), *notes);
            else
                problems.push_back(notes.error().what);
        }
    }
    return {};
}

}  // namespace nk::archive
