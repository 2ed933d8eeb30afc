#pragma once
// The signalling of one generated call, message by message.

#include <cstdint>
#include <string>
#include <string_view>

#include "capture_writer.h"
#include "conversation.h"

namespace nk::generate {

struct SipCall {
    std::uint32_t number = 0;
    Port caller;  // where each wants its media
    Port callee;
    Format format = pcma;

    [[nodiscard]] std::string call_id() const;
    [[nodiscard]] std::string caller_number() const;
    [[nodiscard]] std::string callee_number() const;

    // `direction` is the SDP attribute of its sender: "sendrecv", "sendonly", "recvonly"; empty
    // leaves out the body.
    [[nodiscard]] std::string request(std::string_view method, std::uint32_t sequence,
                                      std::string_view direction = {}) const;
    [[nodiscard]] std::string reply(std::string_view status, std::string_view method,
                                    std::uint32_t sequence, std::string_view direction = {}) const;

private:
    [[nodiscard]] std::string headers(std::string_view method, std::uint32_t sequence,
                                      bool with_to_tag, const Port& contact) const;
    [[nodiscard]] std::string with_body(std::string head, const Port& media,
                                        std::string_view direction) const;
};

inline constexpr std::uint16_t sip_port = 5060;

}  // namespace nk::generate
