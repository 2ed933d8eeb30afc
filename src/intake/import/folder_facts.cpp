#include "intake/import/folder_facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "intake/import/import_limits.h"
#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

using call::Fact;
using call::Sureness;

// Whose recordings lie in a folder that ends so. The first that fits counts.
struct Place {
    std::string_view folders;  // folded, joined by '/'
    std::string_view recorder;
    std::string_view kind;
};

constexpr auto places = std::to_array<Place>({
    {"acrphone", "acrphone", "call"},
    {"acrcalls", "acrphone", "call"},
    {"cubecallrecorder", "cube", "call"},
    {"com.chiller3.bcr", "bcr", "call"},
    {"sound_recorder/call_rec", "miui", "call"},
    {"call_rec", "miui", "call"},
    {"phonerecord", "plainstamp", "call"},
    {"com.google.android.dialer/files/callrecordings", "googlephone", "call"},
    {"truecaller", "truecaller", "call"},
    {"boldbeast", "boldbeast", "call"},
    {"whatsapp voice notes", "whatsapp", "message"},
    {"whatsapp audio", "whatsapp", "message"},
    {"telegram audio", "telegram", "message"},
    {"voice_messages", "telegram", "message"},
    {"voicebox/rec", "fritzbox", "message"},
    {"voice/calls", "gvoice", "call"},
    {"google voice/calls", "gvoice", "call"},
    {"sounds/callrecord", "", "call"},
    {"recordings/call", "", "call"},
    {"recordings/call recordings", "", "call"},
    {"call recordings", "", "call"},
    {"record/call", "", "call"},
    {"callrecordings", "", "call"},
    {"callrecorder", "", "call"},
    {"call", "", "call"},
    {"calls", "", "call"},
    {"gesprekken", "", "call"},
    {"gespreksopnames", "", "call"},
});

constexpr std::array<std::string_view, 7> voicemail_folders{
    "voicemail",       "voicemails",       "voice mail",      "visual voicemail",
    "visualvoicemail", "antwoordapparaat", "anrufbeantworter"};

std::vector<std::string> folders_of(std::string_view path) {
    path = path.substr(0, std::min(path.size(), limits::import_path_bytes_max));
    std::vector<std::string> out;
    for (auto end = path.find_first_of("/\\"); end != std::string_view::npos;
         end = path.find_first_of("/\\")) {
        if (end > 0 && out.size() < limits::import_path_folders_max)
            out.push_back(clean_text(path.substr(0, end)));
        path.remove_prefix(end + 1);
    }
    return out;
}

// Whether the folders hold those, one after the other. The place where the last of them is.
std::optional<std::size_t> find_place(const std::vector<std::string>& folders,
                                      std::string_view wanted) {
    std::vector<std::string_view> pieces;
    for (auto end = wanted.find('/'); end != std::string_view::npos; end = wanted.find('/')) {
        pieces.push_back(wanted.substr(0, end));
        wanted.remove_prefix(end + 1);
    }
    pieces.push_back(wanted);
    const auto found = std::find_end(folders.begin(), folders.end(), pieces.begin(), pieces.end());
    if (found == folders.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - folders.begin()) + pieces.size() - 1;
}

// Three folders one in the other that are a year, a month and a day. Exchanges write "Jun" too.
std::optional<Stamp> day_in(const std::vector<std::string>& folders, std::size_t& behind) {
    for (std::size_t i = 2; i < folders.size(); ++i) {
        const int month = month_named(folders[i - 1]);
        const std::string named = month == 0 ? folders[i - 1] : std::to_string(month);
        StampPieces pieces;
        pieces.year = folders[i - 2];
        pieces.month = named;
        pieces.day = folders[i];
        if (pieces.year.size() != 4)
            continue;
        if (const auto stamp = stamp_of(pieces)) {
            behind = i + 1;
            return stamp;
        }
    }
    return std::nullopt;
}

// In full, or from the country's own zero, or short under a recorder that has folders of numbers.
void take_person(std::string_view folder, bool is_of_numbers, FolderFacts& out) {
    constexpr std::size_t digits_min = 9;
    const std::string tidy = tidy_number(folder);
    const bool is_long = tidy.size() >= digits_min && tidy.size() <= digits_min + 7 &&
                         (tidy.front() == '+' || tidy.front() == '0');
    if (is_long || (is_of_numbers && is_number(folder)))
        out.number = tidy;
    else if (is_of_numbers && !is_withheld(folder))
        out.name = folder;
}

}  // namespace

FolderFacts read_folders(std::string_view path) {
    FolderFacts out;
    const auto folders = folders_of(path);
    std::vector<std::string> lower;
    lower.reserve(folders.size());
    for (const auto& folder : folders)
        lower.push_back(folded(folder));
    std::size_t behind = 0;  // the first folder that can be a person's
    for (const auto& place : places)
        if (const auto at = find_place(lower, place.folders)) {
            out.recorder = place.recorder;
            out.kind = place.kind;
            behind = *at + 1;
            break;
        }
    std::size_t behind_day = 0;
    out.day = day_in(lower, behind_day);
    behind = std::max(behind, behind_day);
    const bool is_voicemail = std::any_of(lower.begin(), lower.end(), [](const auto& folder) {
        return std::find(voicemail_folders.begin(), voicemail_folders.end(), folder) !=
               voicemail_folders.end();
    });
    if (is_voicemail || out.recorder == "fritzbox") {
        out.kind = "message";
        out.direction = "in";
    }
    const bool is_of_numbers = out.recorder == "acrphone" || out.recorder == "plainstamp";
    if (!folders.empty() && folders.size() > behind && !is_voicemail)
        take_person(folders.back(), is_of_numbers, out);
    return out;
}

std::vector<call::Finding> findings_of(const FolderFacts& facts, const Zone& zone) {
    std::vector<call::Finding> out;
    const auto add = [&](Fact fact, const std::string& value, Sureness sureness) {
        if (!value.empty())
            out.push_back({fact, value, call::Source::folder, sureness, {}});
    };
    if (facts.day)
        out.push_back(started(*facts.day, zone, call::Source::folder, Sureness::weak));
    add(Fact::direction, facts.direction, Sureness::likely);
    add(Fact::number, facts.number, Sureness::likely);
    add(Fact::name, facts.name, Sureness::weak);
    add(Fact::kind, facts.kind, Sureness::likely);
    add(Fact::recorder, facts.recorder, Sureness::likely);
    return out;
}

}  // namespace nk::importing
