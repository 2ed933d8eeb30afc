#pragma once
// The session timer (RFC 4028), as the called side keeps it: how long a session lasts without a
// refresh, and who refreshes it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "wire/sip.h"

namespace nk::siprec {

struct SessionTimer {
    Nanos expires{};           // zero: there is none
    bool we_refresh = false;   // else the client does
    bool client_knows = true;  // it says that it supports the timer

    // The value of Session-Expires. The roles are those of that request, and not of the INVITE (4).
    [[nodiscard]] std::string header(bool in_our_request) const;
};

// What a request asks for. `fault` is 0, 400 when it cannot be read, or 422 when it is shorter than
// the Min-SE of session_timer_min_s(): then the timer is not to be used.
struct TimerAsked {
    SessionTimer timer;
    int fault = 0;
};
TimerAsked timer_asked_for(const wire::SipMessage& request);
// The shortest interval that is agreed to, for Min-SE.
std::uint32_t session_timer_min_s();
// A number of seconds at the beginning of a field; nullopt when there is none.
std::optional<std::uint32_t> seconds_in(std::string_view value);

}  // namespace nk::siprec
