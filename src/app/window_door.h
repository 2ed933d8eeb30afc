#pragma once
// Joins the window (listener/) with this machine: sockets, files, a strand of its own and one for
// what takes long. The list follows the catalogue, whoever writes into it.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/decoders.h"
#include "app/http_courier.h"
#include "app/import/bring_strand.h"
#include "app/site.h"
#include "app/work_strand.h"
#include "archive/catalogue.h"
#include "base/address.h"
#include "base/http.h"
#include "base/result.h"
#include "custody/log.h"
#include "host/http_server.h"
#include "host/loop.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "host/strand.h"
#include "listener/call_list.h"
#include "listener/state.h"
#include "listener/window.h"

namespace nk::app {

struct WindowDoorOptions {
    Endpoint at;
    std::optional<host::TlsFiles> tls{};
    std::string archive;
    std::string state;
    std::string site;
    std::string name{};  // by which `at` was named; empty: by its address
    std::vector<WatchWish> watched{};
    std::string version;
};

class WindowDoor {
    struct Key {};  // only open has it

public:
    // They are called on the door's own strand. `others` answers what is neither page nor API.
    struct Outside {
        HttpHandler others;
        std::function<void(const std::string&)> warn;
        std::function<void(const WatchNews&)> watched;
        // The house is not set up yet: the link is in that file.
        std::function<void(const std::string& file)> wants_set_up;
        // Asks of who records; null where nobody does.
        listener::LiveSource* live = nullptr;
    };
    static Result<std::unique_ptr<WindowDoor>> open(const WindowDoorOptions& options,
                                                    Outside outside);
    WindowDoor(Key key, const WindowDoorOptions& options, Outside outside);
    ~WindowDoor();
    WindowDoor(const WindowDoor&) = delete;
    WindowDoor& operator=(const WindowDoor&) = delete;

    [[nodiscard]] Endpoint endpoint() const { return server_->endpoint(); }
    // On the door's own strand.
    void post(std::function<void()> work) { loop_.post(std::move(work)); }
    // On the door's own strand: what runs.
    void on_call(const listener::LiveCall& call);
    void on_end(std::uint64_t call);
    void on_packets(const std::vector<listener::LivePacket>& packets);
    // The certificate's files have changed.
    void reload();

private:
    void handle(const HttpRequest& request, HttpAnswer answer);
    void follow();
    void begin_window();
    void tick();
    Result<void> tell_how_to_set_up();

    WindowDoorOptions options_;
    Outside outside_;
    host::RealClock clock_;
    host::RealRandom random_;
    host::RealDisk disk_;
    Site site_;
    host::Loop loop_;
    std::unique_ptr<archive::Catalogue> catalogue_;
    archive::Followed followed_;
    std::unique_ptr<listener::State> state_;
    std::unique_ptr<custody::Log> log_;
    listener::CallList calls_;
    std::optional<WorkStrand> work_;
    std::optional<BringStrand> bring_;  // absent where naklank-media is not installed
    AllDecoders decoders_;              // for who listens in
    std::optional<HttpCourier> courier_;
    // Told before the window was there.
    std::map<std::uint64_t, listener::LiveCall> running_;
    std::unique_ptr<listener::Window> window_;  // once the list is read
    std::unique_ptr<host::HttpServer> server_;
    host::Loop::Timer following_;
    host::Loop::Timer ticking_;
    host::Loop::Timer beating_;
    bool has_link_ = false;  // to set the house up, in a file
    bool is_read_anew_ = false;
    bool was_warned_ = false;  // that the catalogue cannot be followed
    std::optional<host::Strand> strand_;
};

}  // namespace nk::app
