#pragma once
// One connection of HTTP over TCP or TLS, for host's own sources: a request is read, its answer is
// waited for and written, and so on, one after another.
//
// Memory is bounded whatever the client does: a request to its limit, of a stream one piece, of
// events what may be unread. Nothing is read while an answer is made or written.

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/http.h"
#include "host/http_request.h"
#include "host/http_server.h"
#include "host/stream_socket.h"

namespace nk::host {

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    class Owner {
    public:
        virtual ~Owner() = default;
        virtual void on_request(const HttpRequest& request, HttpAnswer answer) = 0;
        [[nodiscard]] virtual bool has_room_for_events(const HttpConnection& of) const = 0;
    };

    // Over TLS when there is a `tls`. The owner is asked nothing after close().
    HttpConnection(Owner& owner, boost::asio::ip::tcp::socket socket, const Endpoint& remote,
                   StreamSocket::Context tls, const HttpLimits& limits);
    void start();
    // What is not written yet is lost, and the client sees so.
    void close();
    // Ends what took too long.
    void look_at(MonoTime now);

    [[nodiscard]] bool is_over() const { return state_ == State::over; }
    // For the client to say something.
    [[nodiscard]] bool is_waiting() const;
    [[nodiscard]] bool has_events() const { return state_ == State::events; }
    // Since when it has its place and we owe it nothing.
    [[nodiscard]] MonoTime served() const { return served_; }
    [[nodiscard]] const Endpoint& remote() const { return remote_; }

private:
    enum class State : std::uint8_t {
        handshake,
        request,   // is read
        answer,    // is waited for
        reply,     // is written
        stream,    // is written, and there is more of it
        events,    // are written as they happen
        farewell,  // nothing follows, and the client is to close
        over,
    };
    class Ticket;  // for one answer
    class Events;
    static constexpr MonoTime never{std::numeric_limits<std::int64_t>::max()};

    void await_request();
    void read();
    void take(std::string_view piece);
    void go_on();
    void ask(HttpRead& read);
    void refuse(int status);

    void answer(HttpReply reply);
    void begin_events(HttpReply& reply, std::string head);
    void next_piece();
    bool send(std::string_view event);
    void end_events();

    void write(std::string text);
    void write_rest();
    void written();
    void finish_reply();
    void say_farewell();
    void say_goodbye();
    void read_what_is_not_wanted();
    [[nodiscard]] bool is_stalled(MonoTime now);

    Owner* owner_;
    StreamSocket socket_;
    Endpoint remote_;
    HttpLimits limits_;
    State state_ = State::handshake;
    MonoTime served_;
    MonoTime due_;  // never while the client waits for us

    std::array<char, 4'096> piece_{};
    std::string input_;
    std::size_t needed_ = 0;  // of it, before there is anything to look at again
    bool is_reading_ = false;
    bool has_continued_ = false;

    // Of the request that is answered.
    bool is_head_ = false;
    bool is_1_1_ = false;
    bool stays_open_ = false;

    std::string output_;
    std::size_t sent_ = 0;  // of it
    bool is_writing_ = false;
    MonoTime written_at_;
    MonoTime stalled_at_;      // unless something was taken by then
    std::uint64_t taken_ = 0;  // when that was last looked at

    std::unique_ptr<HttpBody> stream_;
    std::optional<std::uint64_t> left_;  // of it, when its size is known
    bool is_chunked_ = false;

    std::string waiting_;  // events, until those before them are written
    bool has_ended_events_ = false;
    bool has_said_goodbye_ = false;
};

}  // namespace nk::host
