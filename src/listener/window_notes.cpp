// Notes at a moment of a recording, or about all of it.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "archive/notes.h"
#include "base/limits.h"
#include "listener/detail/call_json.h"
#include "listener/form.h"
#include "listener/problem.h"
#include "listener/window.h"

namespace nk::listener {

namespace {

constexpr TextLimits text_limits{1, 10'000};

struct NewNote {
    std::optional<std::int64_t> at_ms;
    std::string text;
};

NewNote read(Form& form, const CallRow& row) {
    NewNote out;
    out.at_ms = form.maybe_whole("at_ms", 0, to_ms(row.duration));
    out.text = form.text("text", text_limits);
    return out;
}

}  // namespace

// Reads, changes and writes the notes; `change` gives the note to answer with, or nullopt when the
// ask is answered already.
void Window::edit_notes(
    const Asked& ask, const CallRow& row, int status, std::string_view what,
    const std::function<std::optional<archive::Note>(archive::Notes&)>& change) {
    auto notes = archive::read_notes(house().disk, options().archive, row.id);
    if (!notes)
        return ask->answer(refused(notes.error()));
    const auto note = change(*notes);
    if (!note)
        return;
    if (!tell(*ask, {.what = std::string(what), .recording = row.id, .from_ms = note->at_ms}))
        return;
    if (const auto written = archive::write_notes(house().disk, options().archive, row.id, *notes);
        !written)
        return ask->answer(refused(written.error()));
    on_recording(row.id);
    happened("recording.changed", row.id);
    if (status == 204)
        return ask->answer({.status = 204});
    ask->answer({.status = status,
                 .content_type = "application/json",
                 .body = json_of(*note, ask->account->id).dump()});
}

void Window::add_note(const Asked& ask) {
    const auto row = call_for(ask, purpose::Action::note);
    if (!row)
        return;
    Form form(ask->request);
    const auto wanted = read(form, *row);
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    edit_notes(ask, *row, 201, "noted", [&](archive::Notes& notes) {
        std::optional<archive::Note> note;
        if (notes.notes.size() >= limits::notes_of_a_recording_max) {
            ask->answer(problem(422, "limit", "This recording has as many notes as there may be."));
            return note;
        }
        note.emplace();
        note->id = short_id("n");
        note->at_ms = wanted.at_ms;
        note->text = wanted.text;
        note->by = ask->account->id;
        note->by_name = ask->account->name;
        note->made = house().clock.wall();
        notes.notes.push_back(*note);
        return note;
    });
}

void Window::change_note(const Asked& ask) {
    const auto row = call_for(ask, purpose::Action::note);
    if (!row)
        return;
    Form form(ask->request);
    const auto wanted = read(form, *row);
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    edit_notes(ask, *row, 200, "note-changed",
               [&](archive::Notes& notes) -> std::optional<archive::Note> {
                   auto* note = note_of_ones_own(ask, notes);
                   if (note == nullptr)
                       return std::nullopt;
                   note->at_ms = wanted.at_ms;
                   note->text = wanted.text;
                   note->changed = house().clock.wall();
                   return *note;
               });
}

void Window::remove_note(const Asked& ask) {
    const auto row = call_for(ask, purpose::Action::note);
    if (!row)
        return;
    edit_notes(ask, *row, 204, "note-removed",
               [&](archive::Notes& notes) -> std::optional<archive::Note> {
                   auto* note = note_of_ones_own(ask, notes);
                   if (note == nullptr)
                       return std::nullopt;
                   auto removed = *note;
                   notes.notes.erase(notes.notes.begin() + (note - notes.notes.data()));
                   return removed;
               });
}

// Null, and the ask is answered, when there is none or it is another's.
archive::Note* Window::note_of_ones_own(const Asked& ask, archive::Notes& notes) {
    const auto at = std::find_if(notes.notes.begin(), notes.notes.end(),
                                 [&](const auto& note) { return note.id == ask->parts[3]; });
    if (at == notes.notes.end()) {
        ask->answer(not_found());
        return nullptr;
    }
    if (at->by != ask->account->id) {
        ask->answer(not_allowed("not-yours"));
        return nullptr;
    }
    return &*at;
}

}  // namespace nk::listener
