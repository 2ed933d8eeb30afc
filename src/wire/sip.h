#pragma once
// SIP messages (RFC 3261), parsed leniently and judged strictly.
//
// parse_sip reads whatever still has a start line and header fields, and lists in `faults` every
// way in which the message breaks the grammar or RFC 3261's rules. A recorder uses a faulty message
// as far as it goes (and notes the oddity); a server answers it with 400. Everything is a view into
// the caller's buffer, but unfolded header values (RFC 3261 7.3.1), which the message keeps itself.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace nk::wire {

struct SipHeader {
    std::string_view name;   // as sent, or the long name of a compact form
    std::string_view value;  // unfolded, without surrounding white space
};

struct SipMessage {
    bool is_request = false;
    std::string_view method;  // of the request, or from CSeq for a response
    std::string_view request_uri;
    int status = 0;  // responses only
    std::string_view reason;
    std::vector<SipHeader> headers;
    Bytes body;  // as long as Content-Length says and the bytes allow
    std::vector<std::string> faults;

    // First header of that name (long form, any case), or empty.
    [[nodiscard]] std::string_view header(std::string_view long_name) const;
    [[nodiscard]] std::vector<std::string_view> all(std::string_view long_name) const;

    // The values every dialog needs (RFC 3261 12); empty or 0 when absent or unreadable.
    [[nodiscard]] std::string_view call_id() const;
    [[nodiscard]] std::string_view from_tag() const;
    [[nodiscard]] std::string_view to_tag() const;
    [[nodiscard]] std::uint32_t cseq() const;

    std::deque<std::string> unfolded;  // owns the values that had to be joined
    SipMessage() = default;
    SipMessage(SipMessage&&) = default;
    SipMessage& operator=(SipMessage&&) = default;
    SipMessage(const SipMessage&) = delete;
    SipMessage& operator=(const SipMessage&) = delete;
};

// Refuses bytes that have no readable start line, no header end where one is needed, or more than
// the limits of base/limits.h allow. CRLF, bare LF and leading empty lines are accepted.
Result<SipMessage> parse_sip(Bytes bytes);

// True when the bytes could be the beginning of a SIP message: cheap, for the receive path.
bool looks_like_sip(Bytes bytes);

// A name-addr or addr-spec (RFC 3261 25.1), as in From, To, Contact, P-Asserted-Identity.
struct NameAddr {
    std::string display_name;  // unquoted, escapes undone
    std::string uri;           // without the angle brackets
    std::string tag;           // the tag parameter, when there
};
std::optional<NameAddr> parse_name_addr(std::string_view value);

// The parts of a sip:, sips: or tel: URI a person would call the number and the place.
struct UriParts {
    std::string scheme;
    std::string
        user;  // escapes undone, parameters of the user part cut off; the number of a tel: URI
    std::string host;  // without brackets
    std::uint16_t port = 0;
};
std::optional<UriParts> parse_uri(std::string_view uri);

// The body parts of a multipart body (RFC 2046 5.1), or one part when the body is not multipart.
struct BodyPart {
    std::string_view content_type;  // type/subtype only
    std::string_view content_id;
    std::string_view disposition;
    Bytes body;
};
std::vector<BodyPart> body_parts(std::string_view content_type, Bytes body);

// Cuts a TCP byte stream into SIP messages (RFC 3261 18.3). Give it bytes as they come; take whole
// messages. After a hole, or when started in mid-message, it looks for the next start line.
class SipStream {
public:
    void feed(Bytes bytes);
    // The bytes of the next whole message, or nullopt. The view holds until the next call of feed
    // or next.
    std::optional<Bytes> next();
    void hole();                                          // bytes were lost here
    [[nodiscard]] bool is_sip() const { return found_; }  // a start line was seen
    [[nodiscard]] bool is_hopeless() const {
        return hopeless_;
    }  // so many bytes without one that it is not SIP

private:
    bool resync();
    std::vector<std::uint8_t> pending_;
    std::size_t used_ = 0;
    std::size_t skipped_ = 0;
    bool found_ = false;
    bool hopeless_ = false;
};

}  // namespace nk::wire
