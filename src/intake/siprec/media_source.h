#pragma once
// From whom a media line takes packets. The description names an endpoint; behind a NAT they come
// from another one, and anybody can send to an open port. So the first sender is latched on to
// whose address is the one named, or the one signalling comes from; where none is named (0.0.0.0, a
// host name), any that the session was told before or on another line will do as well. Everybody
// else is a stranger, until that sender has been silent for a while or the description changes.

#include <optional>
#include <vector>

#include "base/time.h"
#include "wire/address.h"

namespace nk::siprec {

class MediaSource {
public:
    // `told` is what the description says, nullopt or an unspecified address when it says none;
    // `signalling` is where the client's SIP comes from, `known` what the session was told so far.
    void expect(const std::optional<wire::Endpoint>& told, const wire::IpAddress& signalling,
                const std::vector<wire::IpAddress>& known);
    // Whether a packet from there belongs to this line.
    bool accept(const wire::Endpoint& from, MonoTime now);
    // Where the sender is, once there was a packet.
    [[nodiscard]] const std::optional<wire::Endpoint>& latched() const { return latched_; }

private:
    [[nodiscard]] bool may_send(const wire::Endpoint& from) const;

    std::optional<wire::Endpoint> told_;
    std::vector<wire::IpAddress> known_;
    wire::IpAddress signalling_;
    std::optional<wire::Endpoint> latched_;
    MonoTime last_{};
};

}  // namespace nk::siprec
