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
    Bytes body;      // as long as Content-Length says and the bytes allow
    Bytes trailing;  // behind the body: to be ignored, so no fault (RFC 3261 18.3)
    std::vector<std::string> faults;

    // First header of that name (long form, any case), or empty. all() gives one value for each
    // header line; split_list cuts those that hold several.
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

// Refuses bytes that have no readable start line, or more than the limits of base/limits.h allow.
// CRLF, bare LF, bare CR, junk in front of the start line and a header section that is cut off are
// accepted and listed as faults; a line that is itself cut off is left out.
Result<SipMessage> parse_sip(Bytes bytes);

// True when the bytes could be the beginning of a SIP message: cheap, for the receive path.
bool looks_like_sip(Bytes bytes);

// Splits a header's value at the commas that stand outside quotes and angle brackets (RFC 3261
// 7.3.1); empty elements are left out. Not for Date, Call-ID and the authentication headers.
std::vector<std::string_view> split_list(std::string_view value);

// A name-addr or addr-spec (RFC 3261 25.1), as in From, To, Contact, P-Asserted-Identity.
struct NameAddr {
    std::string display_name;  // unquoted, escapes undone
    std::string uri;           // without the angle brackets
    std::string tag;           // the tag parameter, when there
};
std::optional<NameAddr> parse_name_addr(std::string_view value);

// The parts of a sip:, sips: or tel: URI a person would call the number and the place. nullopt for
// other schemes, and when host or port cannot be told apart (RFC 5118 4.2).
struct UriParts {
    std::string scheme;
    std::string user;  // escapes undone, password and parameters cut off; a tel: URI's number
    std::string host;  // without brackets
    std::uint16_t port = 0;
};
std::optional<UriParts> parse_uri(std::string_view uri);

// The body parts of a multipart body (RFC 2046 5.1), those of nested ones among them in order; one
// part when the body is not multipart, none when it is empty.
struct BodyPart {
    std::string_view content_type;  // type/subtype only
    std::string_view content_id;    // without the angle brackets
    std::string_view disposition;   // without parameters
    Bytes body;
};
std::vector<BodyPart> body_parts(std::string_view content_type, Bytes body);

// Cuts a TCP byte stream into SIP messages (RFC 3261 18.3). Give it bytes as they come, at most
// limits::sip_message_bytes_max at once, and take whole messages until there are none. At the start
// of the stream, after a hole and after garbage it looks for the next start line. How the bytes are
// cut into segments changes nothing.
class SipStream {
public:
    // A captured stream is searched for the next message behind one that is too large. On a
    // connection of our own its body is passed over, never read as messages: a stranger may have
    // put one there. Where its end is not known the connection is hopeless.
    enum class Of : std::uint8_t { capture, connection };
    explicit SipStream(Of of = Of::capture) : of_(of) {}
    void feed(Bytes bytes);
    // The bytes of the next whole message, or nullopt. The view holds until the next call of feed,
    // next or hole.
    std::optional<Bytes> next();
    // Of a connection: what next() gave last is the head of a message whose body is too large, to
    // be answered with 513 (RFC 3261 21.5.7).
    [[nodiscard]] bool is_head_alone() const { return is_head_alone_; }
    // Bytes were lost here; a message that is not whole yet is given up.
    void hole();
    // A start line was seen.
    [[nodiscard]] bool is_sip() const { return found_; }
    // So many bytes without one that it is not SIP, or see Of; all further bytes are ignored.
    [[nodiscard]] bool is_hopeless() const { return hopeless_; }

private:
    enum class Headers : std::uint8_t { whole, incomplete, given_up };
    [[nodiscard]] std::string_view rest() const;
    bool seek_start_line();
    Headers read_headers();
    void read_header_line(std::string_view line);
    void begin_message(std::size_t first_line_bytes);
    void give_up_message();
    bool pass_over_body();
    void skip(std::size_t bytes);
    void give_up();

    std::vector<std::uint8_t> pending_;
    std::size_t used_ = 0;           // of pending_; the offsets below count from here
    std::size_t first_line_ = 0;     // bytes of the start line; 0: none found yet
    std::size_t scanned_ = 0;        // header lines read so far
    std::size_t looked_ = 0;         // no line end before here
    std::size_t message_bytes_ = 0;  // 0: header section not complete yet
    std::size_t skipped_ = 0;
    std::size_t body_to_pass_ = 0;  // of a message that is too large
    std::optional<std::uint64_t> content_length_;
    bool length_is_folded_ = false;  // Content-Length's value follows in the next line
    bool in_long_line_ = false;
    bool overflowed_ = false;
    bool found_ = false;
    bool hopeless_ = false;
    bool is_head_alone_ = false;
    Of of_;
};

}  // namespace nk::wire
