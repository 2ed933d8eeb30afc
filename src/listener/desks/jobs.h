#pragma once
// Long work, a piece at a time, with its progress told: the same change to many calls, and reading
// the whole archive again. Each piece asks anew whether who began it may.

#include <list>
#include <string>
#include <vector>

#include "listener/counter.h"
#include "listener/desks/events.h"
#include "listener/desks/keeping.h"

namespace nk::listener {

// What is changed of a call, when it is said.
struct CallChange {
    std::optional<purpose::Purpose> purpose{};
    std::optional<std::vector<std::string>> tags{};
    std::optional<std::string> add_tag{};
    std::optional<std::string> remove_tag{};
    std::optional<bool> is_kept{};
    // What somebody knows of a call that was brought; what is there replaces what people said of
    // it.
    std::vector<call::Finding> said{};
    std::vector<call::Fact> said_of{};
};
// Nullopt when it is done; what is wrong otherwise. It is written down.
std::optional<HttpReply> change_call(Counter& counter, const Ask& ask, const std::string& id,
                                     const CallChange& change);

class JobDesk {
public:
    JobDesk(Counter& counter, KeepingDesk& keeping, EventDesk& events)
        : counter_(counter), keeping_(keeping), events_(events) {}
    void add_routes(std::vector<Route>& routes);
    // Does a piece of what runs.
    void tick();

private:
    enum class State : std::uint8_t { running, done, stopped };
    struct Job {
        std::string id;
        std::string account;
        bool is_check = false;
        State state = State::running;
        std::uint64_t done = 0;
        std::uint64_t total = 0;
        std::uint64_t failed = 0;
        WallTime began;
        std::optional<WallTime> ended{};
        std::vector<std::string> calls{};
        CallChange change{};
        bool removes = false;
        bool restores = false;
        std::vector<std::string> problems{};
        Ask ask{};                // by whom, from where
        bool is_waiting = false;  // for the strand of work
        MonoTime told{};
    };
    void list(const Asked& ask);
    void begin(const Asked& ask);
    void get(const Asked& ask);
    void stop(const Asked& ask);
    void work_on(Job& job);
    void change_one(Job& job, const std::string& call);
    void check_one(Job& job, const std::string& call);
    void forget_old(const std::string& account);
    void note(Job& job, const std::string& problem);
    void finish(Job& job, State state);
    void tell(Job& job, bool at_once);
    [[nodiscard]] Job* of_ones_own(const Ask& ask);
    [[nodiscard]] static std::string json_of(const Job& job);
    static std::string_view name_of(State state);

    Counter& counter_;
    KeepingDesk& keeping_;
    EventDesk& events_;
    std::list<Job> jobs_;  // the newest first
};

}  // namespace nk::listener
