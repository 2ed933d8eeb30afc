#include "host/http_connection.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/asio/post.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/check.h"
#include "host/http_reply.h"
#include "host/real_clock.h"
#include "host/tcp_progress.h"

namespace nk::host {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {

constexpr std::size_t chunk_head_bytes = 7;  // "10000\r\n", of a whole piece
static_assert(limits::http_piece_bytes <= 0xfffff);

MonoTime now() {
    return RealClock().now();
}

// The kernel keeps little for those who read slowly, and gives up on those who are gone though we
// have nothing to write that would tell. Where it refuses one of these the connection is as good.
void tune(int socket) {
    const auto set = [&](int option, auto value) {
        const int number = static_cast<int>(value);
        setsockopt(socket, IPPROTO_TCP, option, &number, sizeof number);
    };
    set(TCP_NODELAY, 1);
    set(TCP_NOTSENT_LOWAT, 2 * limits::http_piece_bytes);
    set(TCP_USER_TIMEOUT, to_ms(limits::http_stall_wait));
}

HttpReply plain(int status) {
    return {.status = status, .body = std::string(reason_of(status)) + "\n"};
}

HttpReply too_many_events() {
    auto out = plain(503);
    out.headers.push_back({"Retry-After", "30"});
    return out;
}

}  // namespace

// The first answer counts. One that is let go without having been called would leave its client
// waiting: 500 is said in its place.
class HttpConnection::Ticket {
public:
    explicit Ticket(std::weak_ptr<HttpConnection> connection)
        : connection_(std::move(connection)) {}
    ~Ticket() {
        // It may be let go anywhere, also on the way through another strand.
        if (auto connection = connection_.lock()) {
            auto executor = connection->socket_.executor();
            asio::post(executor,
                       [connection = std::move(connection)] { connection->answer(plain(500)); });
        }
    }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    void answer(HttpReply reply) {
        if (const auto connection = std::exchange(connection_, {}).lock())
            connection->answer(std::move(reply));
    }

private:
    std::weak_ptr<HttpConnection> connection_;
};

class HttpConnection::Events : public HttpEvents {
public:
    explicit Events(std::weak_ptr<HttpConnection> connection)
        : connection_(std::move(connection)) {}
    ~Events() override {
        if (const auto connection = connection_.lock())
            connection->end_events();
    }
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    bool send(std::string_view event) override {
        const auto connection = connection_.lock();
        return connection && connection->send(event);
    }
    [[nodiscard]] bool is_open() const override {
        const auto connection = connection_.lock();
        return connection && connection->has_events();
    }

private:
    std::weak_ptr<HttpConnection> connection_;
};

HttpConnection::HttpConnection(Owner& owner, asio::ip::tcp::socket socket, const Endpoint& remote,
                               StreamSocket::Context tls, const HttpLimits& limits)
    : owner_(&owner),
      socket_(std::move(socket), std::move(tls)),
      remote_(remote),
      limits_(limits) {}

void HttpConnection::start() {
    tune(socket_.number());
    if (!socket_.is_secure()) {
        await_request();
        return;
    }
    served_ = now();
    due_ = served_ + limits_.handshake_wait;
    socket_.shake_hands([self = shared_from_this()](const error_code& error) {
        if (self->is_over())
            return;
        if (error)
            self->close();
        else
            self->await_request();
    });
}

// In the midst of a reply the client is to see that it is not whole, also where nothing but the end
// of the connection would tell it where the reply ends.
void HttpConnection::close() {
    if (state_ == State::reply || state_ == State::stream)
        socket_.cut();
    else
        socket_.close();
    state_ = State::over;
    stream_.reset();  // what it reads from is free for others
}

bool HttpConnection::is_waiting() const {
    return state_ == State::handshake || state_ == State::request || state_ == State::farewell;
}

// The next one, of which something may be here already.
void HttpConnection::await_request() {
    state_ = State::request;
    has_continued_ = false;
    served_ = now();
    due_ = served_ + (input_.empty() ? limits_.idle : limits_.request_wait);
    if (input_.empty())
        read();
    else
        go_on();
}

void HttpConnection::read() {
    is_reading_ = true;
    socket_.read_some(asio::buffer(piece_),
                      [self = shared_from_this()](const error_code& error, std::size_t got) {
                          self->is_reading_ = false;
                          if (self->is_over())
                              return;
                          if (self->state_ == State::farewell)
                              self->say_goodbye();
                          else if (error)
                              self->close();
                          else
                              self->take({self->piece_.data(), got});
                      });
}

void HttpConnection::take(std::string_view piece) {
    if (state_ == State::events) {  // it has nothing to say any more, but may go
        read();
        return;
    }
    // A request has its time from its first byte on, however slowly the others come.
    if (input_.empty())
        due_ = now() + limits_.request_wait;
    input_ += piece;
    go_on();
}

void HttpConnection::go_on() {
    if (input_.size() < needed_) {
        read();
        return;
    }
    auto got = read_http_request(input_, limits_.body_bytes, limits_.body_limit);
    if (got.status != 0) {
        refuse(got.status);
        return;
    }
    if (got.size != 0) {
        input_.erase(0, got.size);
        if (got.size > limits::http_head_bytes_max)
            input_.shrink_to_fit();  // it may be idle for long
        needed_ = 0;
        ask(got);
        return;
    }
    if (needed_ == 0 && got.needed != 0) {
        needed_ = got.needed;
        due_ = due_ + seconds(static_cast<std::int64_t>(needed_ / limits::http_body_bytes_per_s));
    }
    if (got.wants_continue && !has_continued_) {
        has_continued_ = true;
        write("HTTP/1.1 100 Continue\r\n\r\n");
        return;
    }
    read();
}

void HttpConnection::ask(HttpRead& read) {
    state_ = State::answer;
    due_ = now() + limits_.answer_wait;
    is_head_ = read.request.method == "HEAD";
    is_1_1_ = read.is_1_1;
    stays_open_ = read.stays_open;
    read.request.remote = remote_;
    read.request.is_secure = socket_.is_secure();
    owner_->on_request(read.request, [ticket = std::make_shared<Ticket>(weak_from_this())](
                                         HttpReply reply) { ticket->answer(std::move(reply)); });
}

// Where the next request would begin is not known any more.
void HttpConnection::refuse(int status) {
    state_ = State::answer;
    is_head_ = stays_open_ = false;
    answer(plain(status));
}

void HttpConnection::answer(HttpReply reply) {
    if (state_ != State::answer)
        return;  // it is gone
    due_ = never;
    if (reply.events && !is_head_ && !owner_->has_room_for_events(*this))
        reply = too_many_events();
    if (!is_sendable(reply))
        reply = plain(500);
    const bool has_body = may_have_body(reply.status);
    HttpFraming framing{.stays_open = stays_open_};
    if (has_body && reply.events) {
        if (!reply.content_type.starts_with("audio/"))
            reply.content_type = "text/event-stream";
        framing.stays_open = false;
    } else if (has_body && reply.stream) {
        framing.length = reply.stream->size();
        framing.is_chunked = !framing.length && is_1_1_;
    } else if (has_body) {
        framing.length = reply.body.size();
    }
    stays_open_ = framing.stays_open;
    auto out = write_head(reply, framing, RealClock().wall());
    state_ = State::reply;
    if (is_head_ || !has_body) {
        write(std::move(out));
    } else if (reply.events) {
        begin_events(reply, std::move(out));
    } else if (reply.stream) {
        state_ = State::stream;
        stream_ = std::move(reply.stream);
        left_ = framing.length;
        is_chunked_ = framing.is_chunked;
        write(std::move(out));
    } else {
        out += reply.body;
        write(std::move(out));
    }
}

void HttpConnection::next_piece() {
    const auto room =
        std::min<std::uint64_t>(left_.value_or(limits::http_piece_bytes), limits::http_piece_bytes);
    if (room == 0) {
        finish_reply();
        return;
    }
    const std::size_t begin = is_chunked_ ? chunk_head_bytes : 0;
    output_.resize(begin + room);
    const auto got = stream_->read({output_.data() + begin, room});
    NK_CHECK(!got || *got <= room);
    if (!got || (*got == 0 && left_)) {  // it fails, or it is shorter than it said
        close();
        return;
    }
    if (*got == 0) {
        stream_.reset();
        state_ = State::reply;
        if (is_chunked_)
            write("0\r\n\r\n");
        else
            finish_reply();
        return;
    }
    if (left_)
        *left_ -= *got;
    output_.resize(begin + *got);
    sent_ = 0;
    if (is_chunked_) {
        // The size stands right in front of the bytes, which came before it was known.
        std::array<char, chunk_head_bytes> size{};
        const auto end = std::to_chars(size.begin(), size.end(), *got, 16).ptr;
        std::string head(size.begin(), end);
        head += "\r\n";
        sent_ = chunk_head_bytes - head.size();
        output_.replace(sent_, head.size(), head);
        output_ += "\r\n";
    }
    write_rest();
}

// It is read from all the while, so that it is noticed when the client goes.
void HttpConnection::begin_events(HttpReply& reply, std::string head) {
    state_ = State::events;
    write(std::move(head));
    read();
    reply.events(std::make_shared<Events>(weak_from_this()));
}

bool HttpConnection::send(std::string_view event) {
    if (state_ != State::events || has_ended_events_)
        return false;
    if (output_.size() - sent_ + waiting_.size() + event.size() > limits_.events_bytes) {
        close();
        return false;
    }
    waiting_ += event;
    if (!is_writing_)
        write(std::exchange(waiting_, {}));
    return true;
}

void HttpConnection::end_events() {
    if (state_ != State::events)
        return;
    has_ended_events_ = true;
    if (!is_writing_)
        say_farewell();
}

void HttpConnection::write(std::string text) {
    output_ = std::move(text);
    sent_ = 0;
    write_rest();
}

void HttpConnection::write_rest() {
    is_writing_ = true;
    written_at_ = now();
    stalled_at_ = written_at_ + limits_.stall_wait;
    socket_.write_some(asio::buffer(output_.data() + sent_, output_.size() - sent_),
                       [self = shared_from_this()](const error_code& error, std::size_t size) {
                           if (self->is_over())
                               return;
                           self->is_writing_ = false;
                           self->sent_ += size;
                           if (error)
                               self->close();
                           else if (self->sent_ < self->output_.size())
                               self->write_rest();
                           else
                               self->written();
                       });
}

void HttpConnection::written() {
    switch (state_) {
        case State::request:  // the client was told to go on
            read();
            return;
        case State::stream:
            next_piece();
            return;
        case State::events:
            output_.clear();
            sent_ = 0;
            if (!waiting_.empty())
                write(std::exchange(waiting_, {}));
            else if (has_ended_events_)
                say_farewell();
            return;
        default:
            finish_reply();
    }
}

void HttpConnection::finish_reply() {
    stream_.reset();
    output_ = {};  // with its memory: it may be idle for long
    sent_ = 0;
    if (stays_open_)
        await_request();
    else
        say_farewell();
}

// Closing with something unread would take the reply away from the client: it closes.
void HttpConnection::say_farewell() {
    state_ = State::farewell;
    due_ = now() + limits_.request_wait;
    if (is_reading_)
        socket_.cancel();
    else
        say_goodbye();
}

void HttpConnection::say_goodbye() {
    socket_.say_goodbye([self = shared_from_this()] {
        if (!self->is_over())
            self->read_what_is_not_wanted();
    });
}

void HttpConnection::read_what_is_not_wanted() {
    socket_.read_raw(asio::buffer(piece_),
                     [self = shared_from_this()](const error_code& error, std::size_t) {
                         if (self->is_over())
                             return;
                         if (error)
                             self->close();
                         else
                             self->read_what_is_not_wanted();
                     });
}

// A slow reader takes something every now and then, though there may not be room for more for long.
bool HttpConnection::is_stalled(MonoTime now) {
    if (!is_writing_)
        return false;
    const auto taken = bytes_taken(socket_.number()).value_or(taken_);
    if (std::exchange(taken_, taken) != taken)
        stalled_at_ = now + limits_.stall_wait;
    return now >= stalled_at_;
}

void HttpConnection::look_at(MonoTime now) {
    if (is_over())
        return;
    if (now >= due_ || is_stalled(now))
        close();
    else if (state_ == State::events && !is_writing_ && now - written_at_ >= limits_.events_every)
        send(":\n\n");
}

}  // namespace nk::host
