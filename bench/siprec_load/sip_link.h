#pragma once
// The way that SIP goes to the recorder and comes back: one UDP socket, or one TCP connection, for
// all calls. Sending never waits; what a TCP connection does not take at once goes later.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "wire/sip.h"

namespace nk::load {

class SipLink {
public:
    static Result<std::unique_ptr<SipLink>> open(const IpAddress& from, const Endpoint& recorder,
                                                 bool is_tcp);
    SipLink(host::Descriptor socket, const Endpoint& here, const Endpoint& recorder, bool is_tcp);

    void send(std::string_view message);
    // Waits until that moment, and meanwhile hands over every whole message as it comes.
    void receive_until(std::int64_t until_ns, const std::function<void(Bytes)>& take);

    [[nodiscard]] const Endpoint& here() const { return here_; }
    [[nodiscard]] const Endpoint& recorder() const { return recorder_; }
    [[nodiscard]] bool is_tcp() const { return is_tcp_; }
    [[nodiscard]] bool is_broken() const { return is_broken_; }

private:
    void flush();
    void receive(const std::function<void(Bytes)>& take);

    host::Descriptor socket_;
    Endpoint here_;
    Endpoint recorder_;
    bool is_tcp_;
    bool is_broken_ = false;
    std::string unsent_;
    wire::SipStream stream_;
    std::vector<std::uint8_t> buffer_;
};

}  // namespace nk::load
