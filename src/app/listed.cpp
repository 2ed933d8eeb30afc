#include "app/listed.h"

#include <memory>

#include "app/catalogue_advice.h"
#include "app/commands.h"
#include "app/open_archive.h"
#include "archive/layout.h"
#include "archive/rebuild.h"
#include "listener/fold.h"

namespace nk::app {

namespace {

// Where the catalogue cannot be used and none can be made: the recordings themselves, one by one.
Result<std::unique_ptr<archive::Catalogue>> passing_catalogue(std::string_view command, Disk& disk,
                                                              const std::string& archive,
                                                              const Error& why) {
    archive::Rebuilt report;
    NK_TAKE(auto catalogue, archive::index_recordings(disk, archive, report));
    say(command, why.what + ", and " + archive + " cannot be written: this is from the recordings",
        exit_fine);
    for (const auto& sentence : report.unreadable)
        say(command, "left out: " + sentence, exit_fine);
    for (const auto& sentence : report.unlistable)
        say(command, sentence, exit_fine);
    for (const auto& sentence : report.doubtful)
        say(command, sentence, exit_fine);
    return catalogue;
}

}  // namespace

Result<archive::Listing> listed(std::string_view command, Disk& disk, const std::string& archive,
                                const archive::Filter& filter) {
    NK_TRY(check_archive(disk, archive));
    if (!has_catalogue(disk, archive)) {
        NK_TAKE(const auto inventory, archive::take_inventory(disk, archive));
        if (inventory.ids.empty() && inventory.unlistable.empty())
            return archive::Listing{};
    }
    const auto found_in = [&](const Result<std::unique_ptr<archive::Catalogue>>& catalogue) {
        return catalogue ? (*catalogue)->list(filter) : tl::unexpected<Error>(catalogue.error());
    };
    auto found = found_in(existing_catalogue(disk, archive));
    if (!found && !disk.is_writable(archive))
        return found_in(passing_catalogue(command, disk, archive, found.error()));
    if (!found)
        return refuse(found.error().code, Blame::machine, with_advice(found.error()));
    return found;
}

// By the window's rule. What is more than digits is looked for as it was signalled.
std::function<bool(const std::string&)> number_wanted(const std::string& text) {
    using listener::usual_country;
    if (listener::digits_of(text).empty())
        return [text](const std::string& number) { return number.find(text) != std::string::npos; };
    return [sought = listener::NumberSought(text, usual_country)](const std::string& number) {
        return sought.is_in(listener::digits_of(number),
                            listener::canonical_number(number, usual_country));
    };
}

}  // namespace nk::app
