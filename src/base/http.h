#pragma once
// HTTP as values: what a client asks and what it is answered. host/http_server moves them over
// sockets; whoever answers needs none.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"

namespace nk {

struct HttpHeader {
    std::string name;
    std::string value;
    bool operator==(const HttpHeader&) const = default;
};

struct HttpRequest {
    std::string method;  // as it came, in capitals: GET, HEAD, POST, PUT, PATCH, DELETE
    std::string target;  // as it came: /recordings/pause?call=7
    std::vector<HttpHeader> headers;  // names in lower case
    std::string body;
    Endpoint remote;
    bool is_secure = false;  // over TLS

    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
        for (const auto& one : headers)
            if (one.name == name)
                return one.value;
        return std::nullopt;
    }
    // The target without its query, as it came.
    [[nodiscard]] std::string_view path() const {
        return std::string_view(target).substr(0, target.find('?'));
    }
    // What stands behind the question mark; empty without one.
    [[nodiscard]] std::string_view query() const {
        const auto at = target.find('?');
        return at == std::string::npos ? std::string_view()
                                       : std::string_view(target).substr(at + 1);
    }
};

// How many bytes the body of a request may have, told when its head has been read.
using HttpBodyLimit = std::function<std::size_t(const HttpRequest&)>;

// A body that is read while it is sent, on the server's strand.
class HttpBody {
public:
    virtual ~HttpBody() = default;
    // In bytes; nullopt when only its end will tell.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
    // The next piece; 0 bytes at its end. An error cuts the connection: the client sees that it is
    // not whole.
    virtual Result<std::size_t> read(std::span<char> into) = 0;
};

// Events that are sent as they happen (text/event-stream). Held by both sides; whoever lets go ends
// it.
class HttpEvents {
public:
    virtual ~HttpEvents() = default;
    // A whole event with its empty line. False when the client is gone, or does not read.
    virtual bool send(std::string_view event) = 0;
    [[nodiscard]] virtual bool is_open() const = 0;
};

struct HttpReply {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body{};
    std::vector<HttpHeader> headers{};   // further ones
    std::unique_ptr<HttpBody> stream{};  // in place of `body`
    // When it is set the reply never ends: it is called with the way to send more, as a stream of
    // events, or as sound when `content_type` says so.
    std::function<void(std::shared_ptr<HttpEvents>)> events{};
};

// Answers one request, once, at once or later, on the server's strand. A client that is gone by
// then costs nothing. The request is there for as long as the handler's call takes.
using HttpAnswer = std::function<void(HttpReply)>;
using HttpHandler = std::function<void(const HttpRequest&, HttpAnswer)>;

}  // namespace nk
