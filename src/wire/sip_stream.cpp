// Framing of SIP over TCP (RFC 3261 18.3): header section, then as many bytes as Content-Length
// says. Every decision is made on whole lines only, so that it does not depend on how the bytes
// were cut into segments; every byte is looked at a bounded number of times.
#include <algorithm>

#include "base/limits.h"
#include "wire/sip.h"
#include "wire/sip_grammar.h"

namespace nk::wire {

using grammar::Line;

std::string_view SipStream::rest() const {
    return as_text(Bytes(pending_)).substr(used_);
}

void SipStream::feed(Bytes bytes) {
    if (hopeless_)
        return;
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ = 0;
    const std::size_t room = limits::sip_stream_bytes_max - pending_.size();
    if (bytes.size() > room || overflowed_) {
        // Whoever feeds did not take the messages: what does not fit is as good as lost.
        bytes = overflowed_ ? Bytes{} : bytes.first(room);
        overflowed_ = true;
    }
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
}

std::optional<Bytes> SipStream::next() {
    is_head_alone_ = false;
    while (!hopeless_ && pass_over_body()) {
        if (first_line_ == 0 && !seek_start_line())
            break;
        if (message_bytes_ == 0) {
            const Headers got = read_headers();
            if (got == Headers::given_up)
                continue;
            if (got == Headers::incomplete)
                break;
        }
        if (rest().size() < message_bytes_)
            break;
        is_head_alone_ = body_to_pass_ > 0;
        const Bytes message = Bytes(pending_).subspan(used_, message_bytes_);
        used_ += message_bytes_;
        begin_message(0);
        return message;
    }
    if (overflowed_) {
        hole();
        overflowed_ = false;
    }
    return std::nullopt;
}

void SipStream::hole() {
    used_ = pending_.size();
    in_long_line_ = false;
    body_to_pass_ = 0;
    begin_message(0);
}

// False when more of it is to come.
bool SipStream::pass_over_body() {
    const std::size_t here = std::min(rest().size(), body_to_pass_);
    used_ += here;
    body_to_pass_ -= here;
    return body_to_pass_ == 0;
}

// Goes through whole lines up to a start line. False: none yet.
bool SipStream::seek_start_line() {
    constexpr std::size_t line_max = limits::sip_start_line_bytes_max;
    while (!hopeless_) {
        const Line line = grammar::read_line(rest(), 0, looked_, true);
        if (!line.ended) {
            looked_ = line.next;
            // One more for a CR whose LF may follow.
            if (rest().size() > line_max + 1) {
                in_long_line_ = true;
                skip(looked_);
            }
            return false;
        }
        looked_ = 0;
        if (in_long_line_) {
            in_long_line_ = false;
            skip(line.next);
        } else if (line.text.empty()) {
            used_ += line.next;  // RFC 3261 7.5, RFC 5626 3.5.1: keep-alive
        } else if (line.text.size() <= line_max && grammar::is_start_line(line.text)) {
            found_ = true;
            skipped_ = 0;
            begin_message(line.next);
            return true;
        } else {
            skip(line.next);
        }
    }
    return false;
}

// Goes through the header section; when it is whole, message_bytes_ is known.
SipStream::Headers SipStream::read_headers() {
    while (true) {
        const Line line = grammar::read_line(rest(), scanned_, std::max(scanned_, looked_), true);
        if ((line.ended ? line.next : rest().size()) > limits::sip_message_bytes_max) {
            give_up_message();
            return Headers::given_up;
        }
        if (!line.ended) {
            looked_ = line.next;
            return Headers::incomplete;
        }
        if (line.text.empty()) {
            const std::uint64_t body_bytes = content_length_.value_or(0);
            if (body_bytes > limits::sip_message_bytes_max - line.next) {
                if (of_ == Of::capture || body_bytes > limits::sip_body_passed_over_max) {
                    give_up_message();
                    return Headers::given_up;
                }
                body_to_pass_ = static_cast<std::size_t>(body_bytes);
                message_bytes_ = line.next;
                return Headers::whole;
            }
            message_bytes_ = line.next + static_cast<std::size_t>(body_bytes);
            return Headers::whole;
        }
        if (grammar::is_start_line(line.text)) {
            // The message before it lost its end, or was the sipfrag body of a lost one.
            skip(scanned_);
            begin_message(line.next - scanned_);
            continue;
        }
        read_header_line(line.text);
        scanned_ = line.next;
    }
}

void SipStream::read_header_line(std::string_view line) {
    if (length_is_folded_ && grammar::is_blank(line.front())) {
        content_length_ = grammar::number(grammar::trim(line));
    } else if (const std::size_t colon = line.find(':');
               colon != std::string_view::npos && !content_length_) {
        const std::string_view name = grammar::trim(line.substr(0, colon));
        const std::string_view value = grammar::trim(line.substr(colon + 1));
        if (grammar::equal_ci(name, "Content-Length") || grammar::equal_ci(name, "l")) {
            content_length_ = grammar::number(value);
            length_is_folded_ = value.empty();
            return;
        }
    }
    length_is_folded_ = false;
}

void SipStream::begin_message(std::size_t first_line_bytes) {
    first_line_ = first_line_bytes;
    scanned_ = first_line_bytes;
    looked_ = 0;
    message_bytes_ = 0;
    content_length_.reset();
    length_is_folded_ = false;
}

// Too large for us: in a capture the search goes on behind its start line.
void SipStream::give_up_message() {
    const std::size_t bytes = first_line_;
    begin_message(0);
    if (of_ == Of::connection)
        give_up();
    else
        skip(bytes);
}

void SipStream::skip(std::size_t bytes) {
    used_ += bytes;
    looked_ = 0;
    skipped_ += bytes;
    if (!found_ && skipped_ > limits::sip_stream_skipped_bytes_max)
        give_up();
}

void SipStream::give_up() {
    hopeless_ = true;
    pending_.clear();
    pending_.shrink_to_fit();
    used_ = 0;
}

}  // namespace nk::wire
