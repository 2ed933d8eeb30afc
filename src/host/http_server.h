#pragma once
// An HTTP/1.1 server over TCP or TLS that carries the values of base/http.h: requests one after
// another on a connection that stays open, answered at once or later, with a text, with a stream
// that is read no faster than the client reads it, or with events for as long as both want.
//
// On the loop's strand, and so is everything that is given to it or that it gives: answers, streams
// and events are called and let go there. All of them may outlive the server; then they do nothing.
// Who says nothing, or reads nothing, keeps nobody else away (HttpLimits).

#include <cstddef>
#include <memory>
#include <optional>

#include "base/address.h"
#include "base/http.h"
#include "base/limits.h"
#include "base/result.h"
#include "host/loop.h"
#include "host/tls_files.h"

namespace nk::host {

struct HttpLimits {
    // When there are so many, the one that got something longest ago makes room, of those that are
    // waited for; when all are being answered, the new one is closed.
    std::size_t connections = limits::http_connections_max;
    std::size_t connections_per_address = limits::http_connections_per_address_max;
    // These have places of their own; beyond them a request for events gets 503.
    std::size_t event_streams = limits::http_event_streams_max;
    std::size_t event_streams_per_address = limits::http_event_streams_per_address_max;
    // Whether loopback is an address like others: behind a proxy on this machine it is everybody's.
    bool counts_loopback = false;
    std::size_t body_bytes = limits::http_body_bytes_max;
    HttpBodyLimit body_limit{};  // in place of that, by what is asked
    std::size_t events_bytes = limits::http_events_bytes_max;
    Nanos handshake_wait = limits::tls_handshake_wait;
    Nanos request_wait = limits::http_request_wait;  // more when its body is large
    Nanos answer_wait = limits::http_answer_wait;
    Nanos stall_wait = limits::http_stall_wait;
    Nanos events_every = limits::http_events_every;
    Nanos idle = limits::http_idle_max;
};

struct HttpOptions {
    Endpoint at;  // port 0: any free one
    std::optional<TlsFiles> tls{};
    HttpLimits limits{};
};

class HttpServer {
public:
    // `handler` sees a request for as long as its call takes, and may not end the server. The first
    // answer counts; one that is let go uncalled says 500.
    static Result<std::unique_ptr<HttpServer>> open(Loop& loop, const HttpOptions& options,
                                                    HttpHandler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] Endpoint endpoint() const;  // with the port that it got
    // Those that are open, and of them those that events are sent on.
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] std::size_t event_streams() const;
    // Reads the files of TLS again, for the connections to come. When they are of no use the ones
    // before stay. Nothing to do without TLS.
    Result<void> reload();

private:
    class Inner;
    struct Key {};  // only open has it

public:
    HttpServer(Key key, std::unique_ptr<Inner> inner);

private:
    std::unique_ptr<Inner> inner_;
};

}  // namespace nk::host
