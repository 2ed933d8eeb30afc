#include "app/open_archive.h"

#include "app/aside.h"
#include "app/commands.h"
#include "app/left_runs.h"
#include "app/text.h"
#include "archive/layout.h"
#include "archive/reading.h"

namespace nk::app {

int say(std::string_view command, const std::string& sentence, int exit_code) {
    say_aside("naklank {}: {}\n", command, terminal_text(sentence));
    return exit_code;
}

int say(std::string_view command, const Error& error) {
    return say(command, error.what, error.blame == Blame::owner ? exit_unusable : exit_wrong_data);
}

Result<void> check_archive(Disk& disk, const std::string& archive) {
    if (disk.exists(archive))
        return {};
    return refuse(Code::not_found, Blame::owner,
                  "there is no archive at " + archive + " yet; naklank record makes one");
}

bool has_catalogue(Disk& disk, const std::string& archive) {
    const std::string path = archive::catalogue_path(archive);
    const auto file = disk.open(path);
    const auto size = file ? (*file)->size() : tl::unexpected(file.error());
    return disk.exists(path) && (!size || *size > 0 || disk.exists(path + "-wal"));
}

Result<std::unique_ptr<archive::Catalogue>> existing_catalogue(Disk& disk,
                                                               const std::string& archive) {
    if (!has_catalogue(disk, archive))
        return refuse(Code::not_found, Blame::machine, "there is no catalogue in " + archive);
    return archive::Catalogue::open_to_read(archive::catalogue_path(archive),
                                            disk.is_writable(archive));
}

Result<std::string> recording_named(std::string_view command, Disk& disk,
                                    const std::string& archive, std::string_view part) {
    NK_TAKE(auto found, archive::find_recording(disk, archive, part));
    for (const auto& sentence : found.unlistable)
        say(command, sentence, exit_fine);
    return std::move(found.id);
}

void hint_at_journals(std::string_view command, Disk& disk, const std::string& archive) {
    if (const auto left = archive::list_left_journals(disk, archive).size(); left > 0)
        say(command, left_runs_text(left), exit_fine);
}

}  // namespace nk::app
