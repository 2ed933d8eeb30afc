#pragma once
// Recordings that are parts of one talk: the line of a telephone dropped, and somebody called back.
// Nobody is told that they are; people are asked.

#include <optional>
#include <string>
#include <vector>

#include "archive/notes.h"
#include "listener/counter.h"

namespace nk::listener {

// So soon after the end of one the next may be the same talk.
inline constexpr Nanos called_back_within = minutes(3);

struct Talk {
    std::vector<std::string> parts;  // the others, the oldest first
    // A recording that may belong to it, as long as nobody has said.
    struct Offer {
        std::string id;
        WallTime started;
        Nanos gap{};  // between the two
        bool is_before = false;
    };
    std::vector<Offer> offers;
};

// Of what the asker may see. `notes` are those of `row`, a recording that was brought.
Talk talk_of(Counter& counter, const Ask& ask, const CallRow& row, const archive::Notes& notes);

class TalkDesk {
public:
    explicit TalkDesk(Counter& counter) : counter_(counter) {}
    void add_routes(std::vector<Route>& routes);

private:
    void set(const Asked& ask);

    Counter& counter_;
};

}  // namespace nk::listener
