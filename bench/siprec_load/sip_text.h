#pragma once
// The messages of a recording client (RFC 7866): INVITE with a description of the media and of who
// speaks, ACK, BYE.

#include <cstdint>
#include <string>
#include <string_view>

#include "sip_link.h"

namespace nk::load {

struct Dialog {
    std::uint32_t number = 0;
    std::string remote_tag;  // empty until the recorder answered
    std::string target;      // the recorder's Contact
};

class SipText {
public:
    // Both lines of every call are sent from `media`. `link` outlives it.
    SipText(const SipLink& link, const Endpoint& media, std::uint64_t run)
        : link_(link), media_(media), run_(run) {}

    [[nodiscard]] std::string invite(const Dialog& dialog) const;
    [[nodiscard]] std::string ack(const Dialog& dialog) const;
    [[nodiscard]] std::string bye(const Dialog& dialog) const;

private:
    [[nodiscard]] std::string request(std::string_view method, const Dialog& dialog,
                                      std::uint32_t cseq, std::string_view more,
                                      std::string_view body) const;

    const SipLink& link_;
    Endpoint media_;
    std::uint64_t run_;
};

// The number in a Call-ID of ours; 0 when it is none.
std::uint32_t number_in(std::string_view call_id);

}  // namespace nk::load
