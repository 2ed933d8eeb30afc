#pragma once
// What becomes of recordings: removing and having them back, holds, rules, and letting go of what a
// rule lets go of (purpose/retention.h). Each step is in the custody log before it is done.

#include <optional>
#include <vector>

#include "base/time.h"
#include "listener/counter.h"

namespace nk::listener {

class KeepingDesk {
public:
    explicit KeepingDesk(Counter& counter);
    void add_routes(std::vector<Route>& routes);
    // From the archive to the list. Rules that cannot be read let nothing go.
    void read_rules();
    // What was cut off while it was being deleted: it lay in safekeeping by its notes, it is in no
    // list any more, and its deletion is written down.
    void end_erasing(const std::string& id, const archive::Notes& notes);
    // Looks at a part of the list, and does what is due.
    void tick();

    // Into safekeeping, or back; the answer to it is nullopt when it is done.
    std::optional<HttpReply> put_away(const Ask& ask, const std::string& id);
    std::optional<HttpReply> bring_back(const Ask& ask, const std::string& id);

private:
    void remove(const Asked& ask);
    void restore(const Asked& ask);
    void hold(const Asked& ask);
    void release(const Asked& ask);
    void get_rules(const Asked& ask);
    void set_rules(const Asked& ask);
    [[nodiscard]] std::string rules_json() const;
    std::optional<HttpReply> write(const std::string& id, const archive::Notes& notes,
                                   std::string_view happening);
    bool take(const CallList::Due& due);
    bool erase(const std::string& id, const archive::Notes& notes);
    [[nodiscard]] bool has_leapt();

    Counter& counter_;
    std::vector<purpose::RetentionRule> rules_;
    std::size_t place_ = 0;               // in the list
    std::optional<MonoTime> not_before_;  // after something could not be done
    MonoTime first_now_;
    WallTime first_wall_;
    bool leap_told_ = false;
};

}  // namespace nk::listener
