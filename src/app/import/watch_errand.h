#pragma once
// A folder that is watched, and brought in piece by piece whenever something new lies still in it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/import/delivery.h"
#include "app/import/folder_watch.h"
#include "app/import/local_zone.h"
#include "purpose/purpose.h"

namespace nk::app {

struct WatchWish {
    std::string folder;
    std::string own_number;  // of the telephone whose recordings come there; empty: unknown
    purpose::Purpose purpose = purpose::Purpose::wording;
    std::string zone;   // of times that name none; empty: the machine's
    std::string state;  // a folder for what is remembered of it
    bool operator==(const WatchWish&) const = default;
};

// What came of it, in numbers: names of files tell who called whom, and do not belong in a log.
struct WatchNews {
    std::string folder;
    std::uint64_t recordings = 0;
    std::uint64_t known = 0;
    std::uint64_t left = 0;
    std::uint64_t failed = 0;
    std::uint64_t unsure = 0;
    std::uint64_t people = 0;
    std::uint64_t enriched = 0;
    std::string trouble;      // a sentence: the folder cannot be watched just now
    std::string problems_in;  // the file that says what is wrong with which file; empty: nothing
};

class WatchErrand {
public:
    struct Tools {
        Disk& disk;
        Media& media;
        const Clock& clock;
        Random& random;
    };
    // The tools outlive it. `between` is called while it is busy with many files: others have
    // their turn, and it says whether to go on.
    WatchErrand(Tools tools, std::string archive, WatchWish wish, LocalZone zone,
                std::function<void(WatchNews)> tell, std::function<bool()> between);

    // Does a piece; true when there is more to be done at once.
    bool step();

private:
    void look();
    void begin(const std::vector<std::string>& due);
    void take(const Outcome& outcome);
    void end();
    void say_trouble(std::string& before, const std::string& sentence);
    [[nodiscard]] Delivery::Looked goes_on() const;
    void write_problems();

    Tools tools_;
    std::string archive_;
    WatchWish wish_;
    LocalZone zone_;
    std::function<void(WatchNews)> tell_;
    std::function<bool()> between_;
    FolderWatch watch_;
    std::optional<Delivery> delivery_;
    std::vector<std::string> on_the_way_;
    std::vector<std::string> failed_;
    std::vector<std::string> problems_;
    WatchNews news_;
    std::string trouble_;  // that was told last: of the folder, and of what is remembered
    std::string trouble_remembering_;
    MonoTime next_look_{};
    MonoTime remembered_{};
};

}  // namespace nk::app
