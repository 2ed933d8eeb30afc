#pragma once
// Recordings, parties and notes as the API tells them.

#include <nlohmann/json.hpp>

#include "archive/notes.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/call_list.h"

namespace nk::listener {

inline nlohmann::ordered_json json_of(const RowParty& party) {
    nlohmann::ordered_json json;
    json["number"] = as_utf8(party.number);
    json["name"] = as_utf8(party.name);
    if (party.person != nullptr)
        json["person"] = party.person->id;
    json["color"] = party.color;
    if (party.is_own)
        json["is_own"] = true;
    return json;
}

inline nlohmann::ordered_json json_of(const CallRow& row) {
    nlohmann::ordered_json json;
    json["id"] = row.id;
    json["started"] = rfc3339(row.started);
    json["duration_ms"] = to_ms(row.duration);
    json["parties"] = nlohmann::ordered_json::array();
    for (const auto& party : row.parties)
        json["parties"].push_back(json_of(party));
    json["direction"] = name_of(row.direction);
    json["door"] = name_of(row.door);
    json["purpose"] = name_of(row.purpose);
    json["kind"] = row.is_message ? "message" : "call";
    json["is_unsure"] = row.is_unsure;
    json["answered"] = row.is_answered;
    json["has_sound"] = row.has_sound;
    json["is_cut_off"] = row.is_cut_off;
    json["is_heard"] = row.may_be_heard;
    json["is_kept"] = row.is_kept;
    json["is_held"] = row.is_held;
    if (row.fate.stay == purpose::Stay::until)
        json["goes_at"] = rfc3339(*row.fate.at);
    if (row.removed)
        json["removed_at"] = rfc3339(*row.removed);
    if (row.fate.stay == purpose::Stay::in_safekeeping)
        json["deleted_at"] = rfc3339(*row.fate.at);
    json["tags"] = nlohmann::ordered_json::array();
    for (const auto tag : row.tags)
        json["tags"].push_back(as_utf8(tag));
    json["notes"] = row.notes;
    return json;
}

inline nlohmann::ordered_json json_of(const archive::Note& note, const std::string& asker) {
    nlohmann::ordered_json json;
    json["id"] = note.id;
    if (note.at_ms)
        json["at_ms"] = *note.at_ms;
    json["text"] = note.text;
    json["by"] = note.by_name;
    json["is_mine"] = note.by == asker;
    json["made_at"] = rfc3339(note.made);
    if (note.changed)
        json["changed_at"] = rfc3339(*note.changed);
    return json;
}

}  // namespace nk::listener
