#pragma once
// Calls that run: who speaks, and listening in, for those who may hear the recording that comes of
// it. Each listening is in the custody log before its first sound, and again when it ends.

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "listener/counter.h"
#include "listener/live.h"
#include "listener/live_player.h"

namespace nk::listener {

class LiveDesk {
public:
    // Without a source nobody listens, and no level is known.
    LiveDesk(Counter& counter, LiveSource* source, sound::DecoderMaker* decoders);
    void add_routes(std::vector<Route>& routes);

    void on_call(const LiveCall& call);  // it began, or something of it is another
    void on_end(std::uint64_t call);
    void on_packets(const std::vector<LivePacket>& packets);
    // Sends what is due to those who listen. To be called some 25 times a second while they do.
    void tick();
    // Ends the listening of those who may no longer: asked every few seconds, and when it shows who
    // is on the line.
    void look_again();
    // Of all.
    void end_all();
    [[nodiscard]] bool is_listened_to() const { return !listeners_.empty(); }

    // Counts up with every change.
    [[nodiscard]] std::uint64_t version() const { return version_; }
    // As the API tells them; levels are empty when there are none.
    [[nodiscard]] std::string list_for(const Viewer& viewer) const;
    [[nodiscard]] std::string levels_for(const Viewer& viewer) const;
    // Levels are taken for as long as somebody looks.
    void watch_levels(bool is_on);
    // The loudest since the last time.
    void read_levels();

private:
    struct Known {
        LiveCall call;
        std::string id;
        std::vector<std::string> numbers;
        std::vector<std::uint8_t> levels;
    };
    struct Listener {
        std::uint64_t call = 0;
        std::string account;
        std::string secret;
        std::string token;
        std::string from;
        MonoTime since;
        LivePlayer player;
        std::shared_ptr<HttpEvents> out;
    };
    void list(const Asked& ask);
    void listen(const Asked& ask);
    [[nodiscard]] const Known* find(const std::string& id) const;
    [[nodiscard]] std::string json_of(const Viewer& viewer, const Known& known) const;
    [[nodiscard]] bool may(const Viewer& viewer, purpose::Action action, const Known& known) const;
    void end(std::list<Listener>::iterator at);

    Counter& counter_;
    LiveSource* source_;
    sound::DecoderMaker* decoders_;
    std::map<std::uint64_t, Known> calls_;
    std::list<Listener> listeners_;
    std::unique_ptr<LiveMeter> meter_;  // while somebody looks
    std::uint64_t version_ = 0;
};

}  // namespace nk::listener
