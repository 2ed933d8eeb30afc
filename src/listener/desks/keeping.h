#pragma once
// What becomes of recordings: removing and having them back, holds, rules, and letting go of what a
// rule lets go of (purpose/retention.h). Each step is in the custody log before it is done.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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
    enum class Taken : std::uint8_t { done, failed, not_written_down };
    Taken take(const CallList::Due& due);
    bool tell(std::string_view event, const std::string& id);
    bool erase(const std::string& id, const archive::Notes& notes);
    [[nodiscard]] std::optional<HttpReply> why_too_late(const std::string& id) const;
    [[nodiscard]] bool is_trusted();  // the clock

    Counter& counter_;
    std::vector<purpose::RetentionRule> rules_;
    std::size_t place_ = 0;                   // in the list
    std::optional<MonoTime> not_before_;      // after the custody log took nothing
    std::map<std::string, MonoTime> failed_;  // what could not be done, and when it is tried again
    MonoTime last_now_{};
    std::optional<WallTime> last_wall_;
    MonoTime trusted_from_{};
    MonoTime seen_kept_{};
};

}  // namespace nk::listener
