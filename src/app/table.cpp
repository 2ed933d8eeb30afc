#include "app/table.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "app/text.h"
#include "archive/layout.h"

namespace nk::app {

namespace {

using recording::RecordingFacts;

std::string party_cell(const RecordingFacts& facts, std::size_t index) {
    return index < facts.call.parties.size() ? party_text(facts.call.parties[index]) : "unknown";
}

// Each codec once, the caller's first.
std::string codecs_cell(const RecordingFacts& facts) {
    std::vector<std::string> names;
    for (const auto& track : facts.tracks)
        if (!track.codec.empty() &&
            std::find(names.begin(), names.end(), track.codec) == names.end())
            names.push_back(track.codec);
    return names.empty() ? "-" : terminal_text(fmt::format("{}", fmt::join(names, ", ")));
}

// The part that neither the network lost nor we dropped, of all tracks together.
Table::Cell lost_cell(const RecordingFacts& facts) {
    std::uint64_t lost = 0, received = 0;
    for (const auto& track : facts.tracks) {
        lost += track.packets.lost + track.packets.dropped_by_us;
        received += track.packets.received;
    }
    if (received == 0)
        return {"-", Colour::dim};
    if (lost == 0)
        return {"0", Colour::plain};
    const double percent = 100 * static_cast<double>(lost) / static_cast<double>(lost + received);
    return {percent < 0.05 ? "<0.1 %" : fmt::format("{:.1f} %", percent),
            percent < 1 ? Colour::yellow : Colour::red};
}

bool is_odd(const RecordingFacts& facts, std::string_view name) {
    return std::any_of(facts.call.oddities.begin(), facts.call.oddities.end(),
                       [&](const auto& oddity) { return oddity.name == name; });
}

Table::Cell note_cell(const archive::Entry& entry) {
    std::string note;
    const auto say = [&note](const std::string& text) {
        note += (note.empty() ? "" : ", ") + text;
    };
    if (entry.facts.brought)
        say("brought");
    else if (!entry.facts.call.has_signalling)
        say("no signalling");
    if (!entry.facts.audio)
        say("no sound");
    else if (is_unheard(entry.facts))
        say(is_odd(entry.facts, "media-encrypted") ? "encrypted" : "undecodable");
    if (is_odd(entry.facts, "recorder-stopped"))
        say("cut off");
    if (entry.conversation)
        say(entry.conversation->best == entry.facts.id ? "best copy" : "copy");
    return {note, Colour::dim};
}

std::string sound_path(const RecordingFacts& facts, const std::string& root) {
    if (!facts.audio)
        return "-";
    return terminal_text(archive::recording_folder(root, facts.id) + "/" + facts.audio->file);
}

}  // namespace

std::string Table::text(const Look& look) const {
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::size_t width = columns_of(columns_[c].head);
        for (const auto& row : rows_)
            width = std::max(width, columns_of(row[c].text));
        const auto most = columns_[c].columns_max;
        widths.push_back(most > 0 ? std::min(width, most) : width);
    }
    std::string out;
    const auto put = [&](const std::vector<Cell>& row) {
        std::string line, blanks;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string shown = cut_to(row[c].text, widths[c]);
            const std::string pad(widths[c] - columns_of(shown), ' ');
            if (columns_[c].right)
                blanks += pad;
            if (!shown
                     .empty())  // blanks wait for something to stand before, so no line ends in one
                line += std::exchange(blanks, {}) + look.paint(shown, row[c].colour);
            if (!columns_[c].right)
                blanks += pad;
            blanks += "  ";
        }
        out += line + "\n";
    };
    std::vector<Cell> head;
    for (const auto& column : columns_)
        head.push_back({column.head, Colour::bold});
    put(head);
    for (const auto& row : rows_)
        put(row);
    return out;
}

std::string recordings_table(const std::vector<archive::Entry>& entries, const Look& look,
                             const std::string& archive_root) {
    constexpr std::size_t party_columns_max = 34;
    std::vector<Table::Column> columns{{"STARTED"},
                                       {"LENGTH", true},
                                       {"FROM", false, party_columns_max},
                                       {"TO", false, party_columns_max},
                                       {"CODEC", false, 20},
                                       {"LOST", true},
                                       {"ID"},
                                       {"NOTE"}};
    if (!archive_root.empty())
        columns.push_back({"SOUND"});
    Table table(std::move(columns));
    for (const auto& entry : entries) {
        const auto& facts = entry.facts;
        std::vector<Table::Cell> row{{local_time_text(facts.started)},
                                     {length_text(facts.duration)},
                                     {party_cell(facts, 0)},
                                     {party_cell(facts, 1)},
                                     {codecs_cell(facts)},
                                     lost_cell(facts),
                                     {facts.id, Colour::cyan},
                                     note_cell(entry)};
        if (!archive_root.empty())
            row.push_back({sound_path(facts, archive_root)});
        table.add(std::move(row));
    }
    return table.text(look);
}

void print_recordings(const std::vector<archive::Entry>& entries, const std::string& archive_root) {
    fmt::print("{}", recordings_table(entries, look_of_output(), archive_root));
}

}  // namespace nk::app
