#include "archive/reading.h"

#include "archive/layout.h"
#include "archive/vcon.h"
#include "base/bytes.h"
#include "base/limits.h"

namespace nk::archive {

namespace {

constexpr std::size_t told_max = 8;  // of the recordings that a part of an id may mean

}  // namespace

namespace {

std::string vcon_path(const std::string& root, std::string_view id) {
    return recording_folder(root, id) + "/" + std::string(vcon_file);
}

}  // namespace

Result<recording::RecordingFacts> read_facts(Disk& disk, const std::string& root,
                                             std::string_view id) {
    NK_TAKE(auto facts, read_facts_of_any(disk, root, id));
    if (facts.id != id)
        return refuse(Code::malformed, Blame::machine,
                      vcon_path(root, id) + " is of another recording, " + facts.id +
                          ": folders were renamed or exchanged; naklank verify --all tells which");
    return facts;
}

Result<recording::RecordingFacts> read_facts_of_any(Disk& disk, const std::string& root,
                                                    std::string_view id) {
    const std::string path = vcon_path(root, id);
    NK_TAKE(const auto bytes, read_whole(disk, path, limits::vcon_bytes_max));
    auto facts = from_vcon(as_text(bytes));
    if (!facts)
        return refuse(facts.error().code, facts.error().blame, path + ": " + facts.error().what);
    return facts;
}

Result<Found> find_recording(Disk& disk, const std::string& root, std::string_view part) {
    if (is_id(part) && is_in_its_day(disk, root, part))
        return Found{std::string(part), {}};
    NK_TAKE(auto inventory, take_inventory(disk, root));
    std::string found;
    std::string told;
    std::size_t count = 0;
    for (const auto& id : inventory.ids)
        if (!part.empty() && (id.starts_with(part) || id.ends_with(part))) {
            found = id;
            if (++count <= told_max)
                told += (told.empty() ? "" : ", ") + id;
        }
    const std::string quoted = "\"" + std::string(part.substr(0, 80)) + "\"";
    if (count == 0)
        return refuse(Code::not_found, Blame::owner,
                      "there is no recording " + quoted + " in " + root +
                          (inventory.unlistable.empty()
                               ? ""
                               : " as far as one can see: " + inventory.unlistable.front()));
    if (count > 1)
        return refuse(Code::refused, Blame::owner,
                      quoted + " could be " + std::to_string(count) + " recordings (" + told +
                          (count > told_max ? ", ..." : "") + "); give more of the id");
    return Found{std::move(found), std::move(inventory.unlistable)};
}

}  // namespace nk::archive
