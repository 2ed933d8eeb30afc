#pragma once
// A TCP port that takes connections on a loop, for host's own sources. Without descriptors or
// memory it pauses, and lets those who knock wait, instead of turning in circles.

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "base/address.h"
#include "base/result.h"
#include "host/loop.h"

namespace nk::host {

class StreamListener {
public:
    using Take = std::function<void(boost::asio::ip::tcp::socket socket, const Endpoint& remote)>;
    // `what` names it in errors: "SIP over TCP". On ::, IPv4 is taken too; on 0.0.0.0, IPv4 alone.
    static Result<StreamListener> open(Loop& loop, const std::string& what, const Endpoint& at,
                                       Take take);
    StreamListener(StreamListener&&) noexcept = default;
    StreamListener& operator=(StreamListener&&) = delete;
    StreamListener(const StreamListener&) = delete;
    StreamListener& operator=(const StreamListener&) = delete;
    ~StreamListener();

    [[nodiscard]] Endpoint endpoint() const;  // with the port that it got
    [[nodiscard]] std::uint64_t pauses() const;

private:
    struct Inner;
    explicit StreamListener(std::shared_ptr<Inner> inner);
    std::shared_ptr<Inner> inner_;
};

}  // namespace nk::host
