#pragma once
// The strand on which files that people bring are read: whole folders into the archive, and one
// original at a time to be heard. A folder gives way after each of its files. Folders that are
// watched have their turn beside those that people fill.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/import/watch_errand.h"
#include "host/loop.h"
#include "host/media_helper.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "host/strand.h"
#include "listener/bringer.h"

namespace nk::app {

class BringStrand : public listener::Bringer {
public:
    // The loop must outlive it. `helper`: where naklank-media is. Of what is watched, `tell` is
    // called on the loop's strand, and `follow` before a folder's news are told.
    BringStrand(host::Loop& loop, std::string archive, std::string helper,
                const std::vector<WatchWish>& watched, std::function<void(WatchNews)> tell,
                std::function<void()> follow);
    ~BringStrand() override;

    bool bring(const std::string& name, listener::BringWish wish,
               std::function<void(listener::BringNews)> news) override;
    void stop(const std::string& name) override;
    bool post(std::function<std::function<void()>(Media&)> job) override;
    std::string trouble_with_zone(const std::string& zone) override;
    listener::NamesRead read_names(const std::string& name_template, const std::string& zone,
                                   const std::vector<std::string>& names) override;
    // What is on its way ends soon; what waits is forgotten.
    void stop();

private:
    class Folder;
    void turn();
    bool run_job();
    void step_watched();
    [[nodiscard]] bool is_ending_now();
    [[nodiscard]] bool is_stopped(const std::string& name);

    host::Loop& loop_;
    std::string archive_;
    std::function<void()> follow_;
    host::RealDisk disk_;
    host::RealClock clock_;
    host::RealRandom random_;
    host::MediaHelper media_;  // for folders that people fill
    host::MediaHelper eyes_;   // for those that are watched
    host::MediaHelper ears_;   // for who wants to hear something meanwhile
    std::mutex mutex_;
    std::condition_variable has_more_;
    std::deque<std::function<std::function<void()>(Media&)>> jobs_;
    std::deque<std::unique_ptr<Folder>> folders_;
    std::deque<WatchErrand> watched_;  // of the strand
    std::set<std::string> stopped_;    // folders that are to end
    bool is_ending_ = false;
    WatchErrand* busy_ = nullptr;         // of those, the one that is bringing
    std::optional<host::Strand> strand_;  // last: it uses the others
};

}  // namespace nk::app
