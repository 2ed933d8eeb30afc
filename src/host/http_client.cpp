#include "host/http_client.h"

#include <chrono>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "base/limits.h"
#include "host/loop_inner.h"

namespace nk::host {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

constexpr std::size_t answer_bytes_max = 64 * 1024;  // nobody reads it

struct Address {
    bool is_secure = false;
    std::string host;
    std::string port;
    std::string target;
};

std::optional<Address> address_in(std::string_view url) {
    Address out;
    if (url.starts_with("https://"))
        out.is_secure = true;
    else if (!url.starts_with("http://"))
        return std::nullopt;
    url.remove_prefix(url.find("//") + 2);
    const auto end = std::min(url.find_first_of("/?"), url.size());
    auto where = url.substr(0, end);
    out.target = url.substr(end, url.find('#') - end);
    if (!out.target.starts_with('/'))
        out.target.insert(0, "/");
    std::size_t colon = std::string_view::npos;
    if (where.starts_with('[')) {
        const auto close = where.find(']');
        if (close == std::string_view::npos)
            return std::nullopt;
        out.host = where.substr(1, close - 1);
        colon = where.find(':', close);
    } else {
        colon = where.find(':');
        out.host = where.substr(0, colon);
    }
    out.port = colon == std::string_view::npos ? (out.is_secure ? "443" : "80")
                                               : std::string(where.substr(colon + 1));
    return out.host.empty() ? std::nullopt : std::optional(out);
}

http::request<http::string_body> request_of(const HttpPost& post, const Address& address) {
    http::request<http::string_body> request{http::verb::post, address.target, 11};
    const bool is_v6 = address.host.find(':') != std::string::npos;
    const auto name = is_v6 ? "[" + address.host + "]" : address.host;
    const bool is_usual = address.port == (address.is_secure ? "443" : "80");
    request.set(http::field::host, is_usual ? name : name + ":" + address.port);
    request.set(http::field::user_agent, "Naklank");
    for (const auto& header : post.headers)
        request.set(header.name, header.value);
    request.body() = post.body;
    request.prepare_payload();
    request.keep_alive(false);
    return request;
}

template <class Stream>
awaitable<int> exchange(Stream& stream, const HttpPost& post, const Address& address) {
    const auto request = request_of(post, address);
    co_await http::async_write(stream, request, use_awaitable);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(answer_bytes_max);
    co_await http::async_read_header(stream, buffer, parser, use_awaitable);
    co_return static_cast<int>(parser.get().result_int());
}

awaitable<int> ask(asio::io_context& context, asio::ssl::context& tls, const HttpPost& post) {
    const auto address = address_in(post.url);
    if (!address)
        throw std::invalid_argument("it is no http or https address");
    const auto resolver = std::make_shared<tcp::resolver>(context);
    asio::steady_timer timer(context, post.patience);
    timer.async_wait([resolver](const boost::system::error_code& error) {
        if (!error)
            resolver->cancel();
    });
    const auto found =
        co_await resolver->async_resolve(address->host, address->port, use_awaitable);
    timer.cancel();
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(post.patience);
    if (!address->is_secure) {
        beast::tcp_stream stream(context);
        stream.expires_after(patience);
        co_await stream.async_connect(found, use_awaitable);
        co_return co_await exchange(stream, post, *address);
    }
    beast::ssl_stream<beast::tcp_stream> stream(context, tls);
    beast::get_lowest_layer(stream).expires_after(patience);
    stream.set_verify_callback(asio::ssl::host_name_verification(address->host));
    if (SSL_set_tlsext_host_name(stream.native_handle(), address->host.c_str()) != 1)
        throw std::invalid_argument("its host is no name");
    co_await beast::get_lowest_layer(stream).async_connect(found, use_awaitable);
    co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
    co_return co_await exchange(stream, post, *address);
}

}  // namespace

struct HttpClient::Inner {
    explicit Inner(Loop& made) : loop(made) {
        tls.set_default_verify_paths();
        tls.set_verify_mode(asio::ssl::verify_peer);
    }
    Loop& loop;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::size_t under_way = 0;
    bool is_over = false;
};

HttpClient::HttpClient(Loop& loop) : inner_(std::make_shared<Inner>(loop)) {}

HttpClient::~HttpClient() {
    inner_->is_over = true;
}

namespace {

// Whatever is thrown on the way (Asio's way of saying no) ends here, as words.
awaitable<HttpAnswered> answered(asio::io_context& context, asio::ssl::context& tls,
                                 const HttpPost& post) {
    HttpAnswered out;
    try {
        out.status = co_await ask(context, tls, post);
    } catch (const boost::system::system_error& error) {
        out.problem =
            error.code() == beast::error::timeout ? "no answer in time" : error.code().message();
    } catch (const std::exception& error) {
        out.problem = error.what();
    }
    co_return out;
}

}  // namespace

bool HttpClient::post(HttpPost post, std::function<void(HttpAnswered)> then) {
    if (inner_->under_way >= limits::http_posts_max)
        return false;
    ++inner_->under_way;
    auto& context = inner_->loop.inner().context;
    // What a coroutine needs is its parameter: a lambda's captures go with the lambda.
    asio::co_spawn(
        context,
        [](asio::io_context& io, std::shared_ptr<Inner> inner, HttpPost one,
           std::function<void(HttpAnswered)> tell) -> awaitable<void> {
            const auto out = co_await answered(io, inner->tls, one);
            --inner->under_way;
            if (!inner->is_over)
                tell(out);
        }(context, inner_, std::move(post), std::move(then)),
        asio::detached);
    return true;
}

}  // namespace nk::host
