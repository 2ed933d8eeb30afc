// `naklank rebuild`: what is said of it.

#include <algorithm>

#include <fmt/format.h>

#include "app/catalogue_advice.h"
#include "app/commands.h"
#include "app/json.h"
#include "app/open_archive.h"
#include "archive/layout.h"
#include "archive/rebuild.h"
#include "host/real_disk.h"

namespace nk::app {

namespace {

// A folder moved away may take thousands of recordings along.
void name_the_gone(const std::vector<std::string>& ids) {
    constexpr std::size_t named_max = 20;
    for (std::size_t i = 0; i < std::min(ids.size(), named_max); ++i)
        say("rebuild", ids[i] + " was in the catalogue, but its folder is gone", exit_fine);
    if (ids.size() > named_max)
        say("rebuild", fmt::format("and {} more are gone", ids.size() - named_max), exit_fine);
}

}  // namespace

int rebuild(const RebuildOptions& options) {
    host::RealDisk disk;
    if (const auto there = check_archive(disk, options.archive); !there)
        return say("rebuild", there.error());
    const auto done = archive::rebuild(disk, options.archive);
    if (!done)
        return done.error().blame == Blame::owner
                   ? say("rebuild", done.error())
                   : say("rebuild", with_advice(done.error()), exit_wrong_data);
    if (!done->unread.empty())
        say("rebuild",
            done->unread +
                "; so there may be recordings that only the old catalogue knew, "
                "and that are not named here as gone",
            exit_fine);
    if (options.json) {
        fmt::print("{}",
                   json_text({{"recordings", done->recordings},
                              {"unreadable", done->unreadable},
                              {"doubtful", done->doubtful},
                              {"misplaced", done->misplaced},
                              {"strangers", done->strangers},
                              {"unfinished", done->unfinished},
                              {"gone", done->gone},
                              {"unread", done->unread.empty() ? Json() : Json(done->unread)}}));
    } else {
        for (const auto& sentence : done->unreadable)
            say("rebuild", "left out: " + sentence, exit_fine);
        for (const auto& sentence : done->doubtful)
            say("rebuild", "entered, and not to be trusted: " + sentence, exit_fine);
        for (const auto& path : done->misplaced)
            say("rebuild", "left out: " + archive::misplacement(path), exit_fine);
        for (const auto& path : done->strangers)
            say("rebuild", path + " is no recording and no part of the archive", exit_fine);
        for (const auto& name : done->unfinished)
            say("rebuild", name + " is not finished: being written now, or cut off by a crash",
                exit_fine);
        name_the_gone(done->gone);
        fmt::print("The catalogue holds {} recording{}.\n", done->recordings,
                   done->recordings == 1 ? "" : "s");
    }
    const bool is_well =
        done->unreadable.empty() && done->doubtful.empty() && done->misplaced.empty();
    return is_well ? exit_fine : exit_wrong_data;
}

}  // namespace nk::app
