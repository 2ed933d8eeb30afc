#pragma once
// A UDP socket on a loop that knows which of this machine's addresses each datagram came to, for
// host's own sources.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/udp.hpp>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"
#include "host/loop.h"

namespace nk::host {

class DatagramSocket : public std::enable_shared_from_this<DatagramSocket> {
public:
    using Take = std::function<void(const Endpoint& remote, const Endpoint& local, Bytes bytes)>;
    // `what` names it in errors. On ::, IPv4 is heard too; on 0.0.0.0, IPv4 alone.
    static Result<std::shared_ptr<DatagramSocket>> open(Loop& loop, const std::string& what,
                                                        const Endpoint& at, Take take);
    // From open alone.
    DatagramSocket(boost::asio::io_context& context, Take take);

    // From `local`'s address, if that is specified and the socket has several. False when the
    // kernel does not take it.
    bool send(const Endpoint& remote, const Endpoint& local, Bytes bytes);
    // Nothing is taken from now on.
    void close();
    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

private:
    void wait();
    void read();
    bool read_one();

    boost::asio::ip::udp::socket socket_;
    Take take_;
    int family_ = 0;
    Endpoint endpoint_;
    std::vector<std::uint8_t> buffer_;
    bool is_over_ = false;
};

}  // namespace nk::host
