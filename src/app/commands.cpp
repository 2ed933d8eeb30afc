#include "app/commands.h"

#include <functional>
#include <memory>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/catalogue_advice.h"
#include "app/import/enrich.h"
#include "app/json.h"
#include "app/listed.h"
#include "app/open_archive.h"
#include "app/page.h"
#include "app/table.h"
#include "app/text.h"
#include "archive/layout.h"
#include "archive/reading.h"
#include "host/real_disk.h"

namespace nk::app {

namespace {

// What the catalogue knows of the recording's conversation; nothing when it cannot be asked, which
// is said, or the recording would pass for one that stands alone.
std::optional<archive::Conversation> conversation_of(Disk& disk, const std::string& archive,
                                                     const std::string& id) {
    const auto asked = [&]() -> Result<std::optional<archive::Conversation>> {
        NK_TAKE(const auto catalogue, existing_catalogue(disk, archive));
        return catalogue->conversation_of(id);
    }();
    if (!asked)
        say("show",
            "whether it is of a conversation is not known: " +
                (disk.is_writable(archive) ? with_advice(asked.error()) : asked.error().what),
            exit_fine);
    return asked.value_or(std::nullopt);
}

bool is_narrowed(const archive::Filter& filter) {
    return filter.since || filter.until || filter.is_number;
}

}  // namespace

int list(const ListOptions& given) {
    host::RealDisk disk;
    auto options = given;
    if (!options.number.empty())
        options.filter.is_number = number_wanted(options.number);
    auto found = listed("list", disk, options.archive, options.filter);
    hint_at_journals("list", disk, options.archive);
    if (!found)
        return say("list", found.error());
    if (options.unsure)
        std::erase_if(found->entries, [&](const auto& entry) {
            return !entry.facts.brought ||
                   !known_now(disk, options.archive, entry.facts).is_unsure();
        });
    if (options.json) {
        std::size_t count = 0;
        for (const auto& entry : found->entries)
            fmt::print("{}",
                       json_array_piece(describe(entry.facts, options.archive, entry.conversation),
                                        count++));
        fmt::print("{}", json_array_end(count));
    } else if (found->entries.empty() && found->unreadable.empty()) {
        say_aside("No recordings{} in {}.\n", is_narrowed(options.filter) ? " like that" : "",
                  terminal_text(options.archive));
    } else {
        print_recordings(found->entries);
    }
    for (const auto& id : found->unreadable)
        say("list",
            "left out: the catalogue's row of " + id + " cannot be read; naklank rebuild " +
                "makes it again",
            exit_fine);
    return found->unreadable.empty() ? exit_fine : exit_wrong_data;
}

int show(const ShowOptions& options) {
    host::RealDisk disk;
    if (const auto there = check_archive(disk, options.archive); !there)
        return say("show", there.error());
    const auto id = recording_named("show", disk, options.archive, options.id);
    if (!id)
        return say("show", id.error());
    const auto facts = archive::read_facts(disk, options.archive, *id);
    if (!facts)
        return say("show", facts.error().what, exit_wrong_data);
    const auto conversation = conversation_of(disk, options.archive, *id);
    if (options.json)
        fmt::print("{}", json_text(describe_in_detail(*facts, options.archive, conversation)));
    else
        fmt::print("{}", recording_page(*facts, options.archive, conversation, look_of_output()));
    return exit_fine;
}

int complete_ids(const std::string& archive, const std::string& prefix) {
    host::RealDisk disk;
    const auto inventory = archive::take_inventory(disk, archive);
    if (!inventory)
        return exit_fine;
    std::string begin;
    std::string end;
    for (const auto& id : inventory->ids) {
        const auto last = std::string_view(id).substr(id.rfind('-') + 1);
        if (id.starts_with(prefix))
            begin += id + "\n";
        else if (last.starts_with(prefix))
            end += std::string(last) + "\n";
    }
    fmt::print("{}", begin.empty() ? end : begin);
    return exit_fine;
}

}  // namespace nk::app
