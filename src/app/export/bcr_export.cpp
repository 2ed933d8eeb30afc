#include "app/export/bcr_export.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/commands.h"
#include "app/export/bcr_facts.h"
#include "app/export/bcr_names.h"
#include "app/export/outbox.h"
#include "app/export/reader.h"
#include "app/import/enrich.h"
#include "app/import/local_zone.h"
#include "app/json.h"
#include "app/listed.h"
#include "app/open_archive.h"
#include "app/progress.h"
#include "app/text.h"
#include "archive/layout.h"
#include "archive/notes.h"
#include "archive/original.h"
#include "archive/reading.h"
#include "archive/sealed.h"
#include "base/bytes.h"
#include "base/utf8.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "host/signals.h"

namespace nk::app {

namespace {

using importing::NameTemplate;
using recording::RecordingFacts;

enum class Became : std::uint8_t { written, there, left, failed };

std::string_view name_of(Became became) {
    constexpr std::array<std::string_view, 4> names{"written", "there", "left", "failed"};
    return names[static_cast<std::size_t>(became)];
}

struct Outcome {
    std::string id;
    Became became = Became::failed;
    std::string path, sidecar;  // of what is there now
    std::string why;            // it was left or failed
    bool is_when_unsure = false;
};

// The two files of one recording.
struct Pair {
    std::string sound, json;
    std::string sound_part, json_part;
};

class BcrExport {
public:
    BcrExport(const BcrExportOptions& options, NameTemplate names, host::TimeZone zone)
        : options_(options),
          template_(std::move(names)),
          zone_name_(zone.name()),
          zone_(std::move(zone)) {}
    int run();

private:
    Result<std::vector<std::string>> chosen();
    Outcome export_one(const std::string& id);
    Result<void> put(const RecordingFacts& facts, const BcrRecording& recording, Outcome& outcome);
    Result<std::string> sidecar_of(const RecordingFacts& facts);
    Result<bool> is_there(const RecordingFacts& facts, const BcrRecording& recording,
                          const Pair& pair);
    bool holds(const std::string& path, const std::string& text);
    Result<void> write(const std::string& id, const BcrRecording& recording, const Pair& pair);
    void tell(const Outcome& outcome);
    int end(std::size_t all);

    const BcrExportOptions& options_;
    NameTemplate template_;
    std::string zone_name_;
    LocalZone zone_;
    BcrHouse house_{zone_, zone_name_, !options_.zone.empty(), options_.own_numbers};
    host::RealDisk disk_;
    host::RealClock clock_;
    host::StopFlag stop_;
    Reader reader_;
    Outbox outbox_{disk_, [this] { return stop_.is_raised(); }};
    Progress progress_{clock_, !options_.json};
    BcrNames taken_;
    std::array<std::size_t, 4> counts_{};
    std::size_t unsure_ = 0;
    std::size_t told_ = 0;
    std::size_t said_ = 0;
    int exit_code_ = exit_fine;
};

// Oldest first. Of all those that fit, not those that lie in safekeeping: they are in no list.
Result<std::vector<std::string>> BcrExport::chosen() {
    std::vector<std::string> ids;
    if (!options_.all) {
        for (const auto& part : options_.ids) {
            const auto found = archive::find_recording(disk_, options_.archive, part);
            const auto id = found ? found->id : part;  // what is wrong with it is told in its turn
            if (std::find(ids.begin(), ids.end(), id) == ids.end())
                ids.push_back(id);
        }
        return ids;
    }
    auto filter = options_.filter;
    if (!options_.number.empty())
        filter.is_number = number_wanted(options_.number);
    NK_TAKE(const auto found, listed("export", disk_, options_.archive, filter));
    for (const auto& entry : found.entries) {
        const auto notes = archive::read_notes(disk_, options_.archive, entry.facts.id);
        if (!notes || !notes->removed)
            ids.push_back(entry.facts.id);
    }
    for (const auto& id : found.unreadable)
        exit_code_ = say("export",
                         "left out: the catalogue's row of " + id +
                             " cannot be read; naklank rebuild makes it again",
                         exit_wrong_data);
    return ids;
}

// What its recorder had laid beside it, as it was sealed; empty when that was no JSON.
Result<std::string> BcrExport::sidecar_of(const RecordingFacts& facts) {
    const auto folder = archive::recording_folder(options_.archive, facts.id);
    for (const auto& side : facts.side_files) {
        if (side.file != "sidecar.json")
            continue;
        const auto sealed =
            archive::inspect_file(disk_, folder, side.file, side.bytes, side.sha256, side.sha512);
        if (!sealed.problem.empty())
            return refuse(
                Code::malformed, Blame::machine,
                facts.id + " is not as it was sealed, and was not exported: " + sealed.problem);
        NK_TAKE(const auto bytes, read_whole(disk_, folder + "/" + side.file, side.bytes));
        return std::string(as_text(bytes));
    }
    return std::string();
}

bool BcrExport::holds(const std::string& path, const std::string& text) {
    const auto bytes = read_whole(disk_, path, text.size() + 1);
    return bytes && as_text(*bytes) == text;
}

// From an earlier export. Code::exists when another file has one of the names.
Result<bool> BcrExport::is_there(const RecordingFacts& facts, const BcrRecording& recording,
                                 const Pair& pair) {
    const bool has_sound = disk_.exists(pair.sound);
    const bool has_json = disk_.exists(pair.json);
    const bool is_json_same = has_json && holds(pair.json, recording.json);
    bool is_sound_same = has_sound && is_json_same;
    // A copy is known by its hash; what was made anew by what its JSON says of it.
    if (has_sound && recording.sound.mix.empty()) {
        const auto copied = facts.brought
                                ? archive::original_of(facts)
                                : recording::SideFile{"", "", facts.audio->bytes,
                                                      facts.audio->sha256, facts.audio->sha512};
        const auto slash = pair.sound.rfind('/');
        is_sound_same =
            archive::inspect_file(disk_, pair.sound.substr(0, slash), pair.sound.substr(slash + 1),
                                  copied->bytes, copied->sha256, copied->sha512)
                .problem.empty();
    }
    if (has_sound && !is_sound_same)
        return refuse(Code::exists, Blame::owner,
                      pair.sound + " exists and is another file; --force writes over it");
    if (has_json && !is_json_same)
        return refuse(Code::exists, Blame::owner,
                      pair.json + " exists and says something else; --force writes over it");
    return has_sound && has_json;
}

// The JSON appears first: who waits for sound finds it there.
Result<void> BcrExport::write(const std::string& id, const BcrRecording& recording,
                              const Pair& pair) {
    NK_TRY(outbox_.make_folders(pair.sound.substr(0, pair.sound.rfind('/'))));
    NK_TRY(outbox_.fill(pair.sound_part, [&](File& file) {
        return archive::export_recording(
            disk_, [this] { return reader_.find(); }, options_.archive, id, recording.sound, file);
    }));
    auto said = [&]() -> Result<void> {
        NK_TRY(outbox_.fill(pair.json_part,
                            [&](File& file) { return file.write(as_bytes(recording.json)); }));
        return outbox_.appear(pair.json_part, pair.json);
    }();
    if (!said) {
        outbox_.drop(pair.sound_part);
        return said;
    }
    return outbox_.appear(pair.sound_part, pair.sound);
}

Result<void> BcrExport::put(const RecordingFacts& facts, const BcrRecording& recording,
                            Outcome& outcome) {
    NK_TAKE(const auto written, template_.write(recording.name));
    NK_TAKE(const auto name, taken_.take(written));
    const auto stem = options_.folder + "/" + name;
    // A part's name is short, and of no sound: a name may be as long as one can be.
    const auto part = stem.substr(0, stem.rfind('/')) + "/." + facts.id;
    const Pair pair{stem + "." + recording.ending, stem + ".json", part + ".naklank-part",
                    part + ".json.naklank-part"};
    outcome.path = pair.sound;
    outcome.sidecar = pair.json;
    if (!options_.force) {
        NK_TAKE(const bool is_so, is_there(facts, recording, pair));
        outcome.became = Became::there;
        if (is_so)
            return {};
    }
    NK_TRY(write(facts.id, recording, pair));
    outcome.became = Became::written;
    return {};
}

Outcome BcrExport::export_one(const std::string& part) {
    Outcome outcome;
    outcome.id = part;
    const auto fail = [&](const Error& error) {
        outcome.became = Became::failed;
        outcome.path.clear();
        outcome.sidecar.clear();
        outcome.why = error.what;
        if (exit_code_ != exit_wrong_data)
            exit_code_ = error.blame == Blame::owner ? exit_unusable : exit_wrong_data;
        return outcome;
    };
    const auto id = recording_named("export", disk_, options_.archive, part);
    if (!id)
        return fail(id.error());
    outcome.id = *id;
    const auto facts = archive::read_facts(disk_, options_.archive, *id);
    if (!facts)
        return fail(facts.error());
    const auto sidecar = sidecar_of(*facts);
    if (!sidecar)
        return fail(sidecar.error());
    const auto recording =
        bcr_recording(*facts, findings_now(disk_, options_.archive, *facts), *sidecar, house_);
    if (!recording && recording.error().code == Code::not_found) {
        outcome.became = Became::left;
        outcome.why = recording.error().what;
        return outcome;
    }
    if (!recording)
        return fail(recording.error());
    outcome.is_when_unsure = recording->is_when_unsure;
    if (const auto done = put(*facts, *recording, outcome); !done)
        return fail(done.error());
    return outcome;
}

void BcrExport::tell(const Outcome& outcome) {
    ++counts_[static_cast<std::size_t>(outcome.became)];
    unsure_ += outcome.is_when_unsure ? 1 : 0;
    if (options_.json) {
        const auto or_null = [](const std::string& path) {
            return path.empty() ? Json(nullptr)
                                : Json(as_utf8(std::filesystem::absolute(path).string()));
        };
        Json json{{"id", as_utf8(outcome.id)}, {"became", name_of(outcome.became)}};
        json["path"] = or_null(outcome.path);
        json["sidecar"] = or_null(outcome.sidecar);
        json["why"] = as_utf8(outcome.why);
        json["unsure"] = outcome.is_when_unsure ? Json::array({"when"}) : Json::array();
        fmt::print("{}", json_array_piece(json, told_++));
        return;
    }
    constexpr std::size_t said_max = 20;
    if (outcome.became == Became::failed && ++said_ <= said_max) {
        progress_.clear();
        say("export", outcome.why, exit_fine);
    }
    if (outcome.became == Became::failed && said_ == said_max + 1)
        say("export", "more like this are not told of one by one; --json tells of all", exit_fine);
}

int BcrExport::end(std::size_t all) {
    progress_.clear();
    const auto [written, there, left, failed] = counts_;
    const auto done = written + there + left + failed;
    if (options_.json) {
        fmt::print("{}", json_array_end(told_));
    } else {
        std::string text =
            fmt::format("{} of {} recording{} {} in {}", written + there, all, all == 1 ? "" : "s",
                        written + there == 1 ? "is" : "are", options_.folder);
        if (there > 0)
            text += fmt::format(", {} of them from before", there);
        text += ".";
        if (unsure_ > 0)
            text += fmt::format(" When {} of them {} is not sure: naklank list --unsure.", unsure_,
                                unsure_ == 1 ? "was" : "were");
        if (left > 0)
            text += fmt::format(" {} without sound {} left out.", left, left == 1 ? "was" : "were");
        if (failed > 0)
            text += fmt::format(" {} could not be exported.", failed);
        fmt::print("{}\n", terminal_text(text));
    }
    if (done < all) {
        say("export",
            outbox_.has_failed()
                ? "it ended there: nothing more can be written into " + options_.folder
                : "it was stopped; begin again, and what is there stays",
            exit_fine);
        return exit_wrong_data;
    }
    return exit_code_;
}

int BcrExport::run() {
    if (const auto there = check_archive(disk_, options_.archive); !there)
        return say("export", there.error());
    const auto ids = chosen();
    if (!ids)
        return say("export", ids.error());
    if (const auto made = outbox_.make_folders(options_.folder); !made)
        return say("export", made.error());
    const auto began = clock_.now();
    std::size_t done = 0;
    for (const auto& id : *ids) {
        if (stop_.is_raised())
            break;
        const auto outcome = export_one(id);
        if (stop_.is_raised() && outcome.became == Became::failed)
            break;
        tell(outcome);
        progress_.show_work(++done, ids->size(), clock_.now() - began);
        if (outbox_.has_failed())
            break;
    }
    return end(ids->size());
}

}  // namespace

int export_as_bcr(const BcrExportOptions& options) {
    auto names = NameTemplate::compile(options.name_template.empty()
                                           ? importing::bcr_default_template
                                           : std::string_view(options.name_template));
    if (!names)
        return say("export", "--template: " + names.error().what, exit_unusable);
    if (options.name_template.starts_with('^'))
        return say("export", "--template: a pattern that begins with ^ reads names and writes none",
                   exit_unusable);
    auto zone = host::TimeZone::named(options.zone);
    if (!zone)
        return say("export", zone.error());
    return BcrExport(options, *std::move(names), *std::move(zone)).run();
}

}  // namespace nk::app
