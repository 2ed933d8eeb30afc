#include "call/from_sip.h"

#include <algorithm>
#include <charconv>

#include "base/same_text.h"

namespace nk::call {

namespace {

// A half of a Session-ID: a UUID without hyphens, and not the null one (RFC 7989 5).
bool is_session_uuid(std::string_view id) {
    return id.size() == 32 &&
           id.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos &&
           id.find_first_not_of('0') != std::string_view::npos;
}

constexpr std::size_t cisco_guid_bytes_max = 80;

}  // namespace

void read_party(Party& party, std::string_view address) {
    const auto read = wire::parse_name_addr(address);
    if (!read)
        return;
    party.uri = read->uri;
    party.name = read->display_name;
    if (const auto parts = wire::parse_uri(read->uri))
        party.number = parts->user.empty() ? parts->host : parts->user;
}

void add_conversation_keys(Story& story, const wire::SipMessage& message) {
    if (const auto session = message.header("Session-ID"); !session.empty()) {
        if (const auto local = session.substr(0, session.find(';')); is_session_uuid(local))
            story.add_key("session-id:" + std::string(local));
        if (const auto at = session.find("remote="); at != std::string_view::npos)
            if (const auto remote = session.substr(at + 7, 32); is_session_uuid(remote))
                story.add_key("session-id:" + std::string(remote));
    }
    if (const auto guid = message.header("Cisco-Guid");
        !guid.empty() && guid.size() < cisco_guid_bytes_max)
        story.add_key("cisco-guid:" + std::string(guid));
}

std::optional<SignalledKey> pressed_in(const wire::SipMessage& info) {
    if (!contains_ci(info.header("Content-Type"), "dtmf"))
        return std::nullopt;
    const auto text = as_text(info.body);
    const auto signal = text.find("ignal=");
    std::string_view key = signal == std::string_view::npos ? text : text.substr(signal + 6);
    key = key.substr(0, key.find_first_of("\r\n "));
    if (key.empty() || key.size() > 2)
        return std::nullopt;
    double duration_ms = 0;
    if (const auto at = text.find("uration="); at != std::string_view::npos) {
        unsigned parsed = 0;
        std::from_chars(text.data() + at + 8, text.data() + text.size(), parsed);
        duration_ms = std::min(parsed, 60'000U);
    }
    return SignalledKey{std::string(key), duration_ms};
}

}  // namespace nk::call
