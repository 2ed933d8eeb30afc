#pragma once
// What happens, as it happens, for who keeps a page open (server-sent events). Each reader is told
// of what they may see, asked for anew at every event.

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "listener/counter.h"
#include "listener/desks/live.h"

namespace nk::listener {

class EventDesk {
public:
    EventDesk(Counter& counter, LiveDesk& live);
    void add_routes(std::vector<Route>& routes);
    // To be called some 25 times a second; it does something five times a second.
    void tick();
    // To that account alone.
    void send_to(const std::string& account, std::string_view what, const std::string& json);
    [[nodiscard]] bool has_readers() const { return !readers_.empty(); }

private:
    struct Reader {
        std::string account;
        std::string secret;  // of the session; empty with a token
        std::string token;
        bool wants_levels = false;
        std::uint64_t live_version = 0;
        std::string live;  // as it was sent last
        std::shared_ptr<HttpEvents> out;
    };
    void read(const Asked& ask);
    void on_happening(const Happening& happening);
    void send_live(Reader& reader);

    Counter& counter_;
    LiveDesk& live_;
    std::list<Reader> readers_;
    MonoTime last_tick_{};
    MonoTime last_look_{};
};

}  // namespace nk::listener
