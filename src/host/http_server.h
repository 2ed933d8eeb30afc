#pragma once
// A very small HTTP/1.1 server, for those who ask how the recorder does: metrics, health, pause and
// resume. GET, HEAD and POST with a small body; requests one after another on a connection that
// stays open. On the loop's strand; no TLS, no chunks, no files.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "host/loop.h"

namespace nk::host {

struct HttpRequest {
    std::string method;  // GET, HEAD or POST
    std::string target;  // as it came: /recordings/pause?call=7
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    Endpoint remote;

    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
    // The target without its query.
    [[nodiscard]] std::string_view path() const;
};

struct HttpReply {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
};

struct HttpLimits {
    std::size_t connections = limits::http_connections_max;
    Nanos request_wait = limits::http_request_wait;
    Nanos idle = limits::http_idle_max;
};

// Reads one request off the front of what came. Strict (RFC 9112): what two readers might read in
// two ways is refused.
struct HttpRead {
    // 0: `request` is whole, or more bytes are needed; else the status to refuse with.
    int status = 0;
    std::size_t size = 0;  // of the request; 0 when more bytes are needed
    bool stays_open = false;
    bool wants_continue = false;  // the body is waited for, and its sender for us (RFC 9110 10.1.1)
    HttpRequest request;
};
HttpRead read_http_request(std::string_view bytes);

class HttpServer {
public:
    using Handler = std::function<HttpReply(const HttpRequest&)>;
    // `handler` may not end the server.
    static Result<std::unique_ptr<HttpServer>> open(Loop& loop, const Endpoint& at, Handler handler,
                                                    const HttpLimits& limits = {});
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] Endpoint endpoint() const;  // with the port that it got

private:
    class Inner;
    struct Key {};  // only open has it

public:
    HttpServer(Key key, std::unique_ptr<Inner> inner);

private:
    std::unique_ptr<Inner> inner_;
};

}  // namespace nk::host
