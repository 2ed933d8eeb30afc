#pragma once
// From whom a media line takes packets. The description names an endpoint; behind a NAT they come
// from another one, and anybody can send to an open port. So the first sender with an address that
// the session knows is latched on to, and everybody else is a stranger, until that sender has been
// silent for a while or the description changes.

#include <optional>

#include "base/time.h"
#include "wire/address.h"

namespace nk::siprec {

class MediaSource {
public:
    // `told` is what the description says, nullopt or an unspecified address when it says none;
    // `signalling` is where the client's SIP comes from.
    void expect(const std::optional<wire::Endpoint>& told, const wire::IpAddress& signalling);
    // Whether a packet from there belongs to this line.
    bool accept(const wire::Endpoint& from, MonoTime now);
    // Where the sender is, once there was a packet.
    [[nodiscard]] const std::optional<wire::Endpoint>& latched() const { return latched_; }

private:
    [[nodiscard]] bool may_send(const wire::Endpoint& from) const;

    std::optional<wire::Endpoint> told_;
    wire::IpAddress signalling_;
    std::optional<wire::Endpoint> latched_;
    MonoTime last_{};
};

}  // namespace nk::siprec
