// Reading session descriptions, line by line and leniently: the many devices that write them
// agree on less than RFC 8866 says.
#include "wire/sdp.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/limits.h"
#include "wire/sip_grammar.h"

namespace nk::wire {

namespace {

using grammar::equal_ci;
using grammar::trim;

std::string_view take_word(std::string_view& text) {
    text = trim(text);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

// The digits at the front; what follows them is left.
std::optional<std::uint32_t> take_number(std::string_view& text) {
    std::size_t end = 0;
    while (end < text.size() && grammar::is_digit(text[end]))
        ++end;
    const auto value = grammar::number(text.substr(0, end));
    if (!value || *value > UINT32_MAX)
        return std::nullopt;
    text.remove_prefix(end);
    return static_cast<std::uint32_t>(*value);
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    const auto value = grammar::number(text);
    if (!value || *value > 65'535)
        return std::nullopt;
    return static_cast<std::uint16_t>(*value);
}

// "IN IP4 224.2.1.1/127": the address, or nullopt for a host name.
std::optional<IpAddress> read_address(std::string_view text) {
    take_word(text);  // the net type
    take_word(text);  // the address type; the address itself says it better
    const std::string_view address = take_word(text);
    return parse_ip(address.substr(0, address.find('/')));
}

std::optional<Direction> direction_named(std::string_view name) {
    constexpr std::array<std::string_view, 4> names{"sendrecv", "sendonly", "recvonly", "inactive"};
    for (std::size_t i = 0; i < names.size(); ++i)
        if (equal_ci(names[i], name))
            return static_cast<Direction>(i);
    return std::nullopt;
}

std::optional<RecordState> record_state_named(std::string_view name) {
    constexpr std::array<std::string_view, 3> names{"on", "off", "paused"};
    for (std::size_t i = 0; i < names.size(); ++i)
        if (equal_ci(names[i], name))
            return static_cast<RecordState>(i);
    if (equal_ci(name, "nopreference"))  // a word of a=recordpref, which some write here
        return RecordState::on;
    return std::nullopt;
}

// Where both are said of one medium, what asks for less is what counts.
std::optional<RecordState> joined(std::optional<RecordState> before,
                                  std::optional<RecordState> said) {
    return before == RecordState::paused || !said ? before : said;
}

bool carries_rtp(std::string_view protocol) {
    return grammar::starts_with_ci(protocol, "RTP/") ||
           protocol.find("/RTP/") != std::string_view::npos;
}

// Reads line by line; what is true for the whole session waits here until all media are known.
class Reader {
public:
    Result<void> read_line(std::string_view line);
    Result<Sdp> finish();
    void fault(std::string_view what);

private:
    struct Media {
        SdpMedia sdp;
        bool has_address = false;
        bool has_direction = false;
        bool has_rtcp = false;
        std::uint16_t rtcp_port = 0;
    };

    Result<void> read_media(std::string_view value);
    Result<void> read_formats(std::string_view value, SdpMedia& media);
    void read_connection(std::string_view value);
    void read_attribute(std::string_view value);
    void read_media_attribute(Media& media, std::string_view name, std::string_view value);
    void read_rtpmap(SdpMedia& media, std::string_view value);
    void read_crypto(SdpMedia& media, std::string_view value);
    void read_rtcp(Media& media, std::string_view value);
    SdpFormat* format_of(SdpMedia& media, std::string_view& value);

    Sdp sdp_;
    std::vector<Media> media_;
    std::optional<IpAddress> address_;
    Direction direction_ = Direction::sendrecv;
    bool has_fingerprint_ = false;
    bool has_key_mgmt_ = false;
    std::optional<RecordState> record_;
    std::array<bool, 26> seen_{};
};

void Reader::fault(std::string_view what) {
    auto& faults = sdp_.faults;
    if (faults.size() < limits::faults_max &&
        std::find(faults.begin(), faults.end(), what) == faults.end())
        faults.emplace_back(what);
}

Result<void> Reader::read_line(std::string_view line) {
    if (trim(line).empty())
        return {};
    if (line.size() < 2 || line[1] != '=' || line[0] < 'a' || line[0] > 'z') {
        fault("a line without a type");
        return {};
    }
    seen_[static_cast<std::size_t>(line[0] - 'a')] = true;
    const std::string_view value = trim(line.substr(2));
    switch (line[0]) {
        case 'o':
            if (!sdp_.origin.empty())
                fault("several o= lines");
            else
                sdp_.origin = value;
            return {};
        case 't':
            if (sdp_.timing.empty())
                sdp_.timing = value;
            return {};
        case 'm':
            return read_media(value);
        case 'c':
            read_connection(value);
            return {};
        case 'a':
            read_attribute(value);
            return {};
        default:
            return {};
    }
}

Result<void> Reader::read_media(std::string_view value) {
    if (media_.size() == limits::sdp_media_max)
        return refuse(Code::limit, Blame::peer, "a session description has too many media");
    SdpMedia& media = media_.emplace_back().sdp;
    media.type = take_word(value);
    const std::string_view port = take_word(value);
    media.protocol = take_word(value);
    // "49170/2" is two consecutive ports (RFC 8866 5.14).
    if (const auto number = port_of(port.substr(0, port.find('/'))))
        media.port = *number;
    else
        fault("m=: a port that is no number up to 65535");
    media.format_list = trim(value);
    if (media.format_list.empty())
        fault("m=: no format");
    return carries_rtp(media.protocol) ? read_formats(value, media) : Result<void>{};
}

Result<void> Reader::read_formats(std::string_view value, SdpMedia& media) {
    for (auto word = take_word(value); !word.empty(); word = take_word(value)) {
        if (media.formats.size() == limits::sdp_formats_max)
            return refuse(Code::limit, Blame::peer, "a medium has too many formats");
        const auto type = grammar::number(word);
        if (!type || *type > 127) {
            fault("m=: a payload type that is no number up to 127");
            continue;
        }
        const auto payload_type = static_cast<std::uint8_t>(*type);
        const bool is_known = std::any_of(
            media.formats.begin(), media.formats.end(),
            [&](const SdpFormat& format) { return format.payload_type == payload_type; });
        if (is_known) {
            fault("m=: a payload type twice");
            continue;
        }
        // An rtpmap may say otherwise.
        auto format = static_format(payload_type).value_or(SdpFormat{});
        format.payload_type = payload_type;
        media.formats.push_back(std::move(format));
    }
    return {};
}

void Reader::read_connection(std::string_view value) {
    const auto address = read_address(value);
    if (media_.empty()) {
        address_ = address;
        return;
    }
    Media& media = media_.back();
    // Several are several multicast layers (RFC 8866 5.7); the first one is the base.
    if (media.has_address)
        return;
    media.has_address = true;
    media.sdp.address = address;
}

void Reader::read_attribute(std::string_view attribute) {
    const std::size_t colon = attribute.find(':');
    const std::string_view name = trim(attribute.substr(0, colon));
    const std::string_view value =
        colon == std::string_view::npos ? std::string_view{} : trim(attribute.substr(colon + 1));
    const auto direction = direction_named(name);
    if (!media_.empty()) {
        Media& media = media_.back();
        if (direction) {
            if (media.has_direction && media.sdp.direction != *direction)
                fault("several directions for one medium");
            media.sdp.direction = *direction;
            media.has_direction = true;
        } else {
            read_media_attribute(media, name, value);
        }
    } else if (direction) {
        direction_ = *direction;
    } else if (equal_ci(name, "fingerprint")) {
        has_fingerprint_ = true;
    } else if (equal_ci(name, "key-mgmt")) {
        has_key_mgmt_ = true;
    } else if (equal_ci(name, "record")) {
        record_ = joined(record_, record_state_named(value));
    }
}

void Reader::read_media_attribute(Media& media, std::string_view name, std::string_view value) {
    SdpMedia& sdp = media.sdp;
    if (equal_ci(name, "rtpmap")) {
        read_rtpmap(sdp, value);
    } else if (equal_ci(name, "fmtp")) {
        if (SdpFormat* format = format_of(sdp, value))
            format->fmtp = trim(value);
    } else if (equal_ci(name, "ptime")) {
        if (const auto ms = take_number(value))
            sdp.ptime_ms = *ms;
        else
            fault("a=ptime: no number");
    } else if (equal_ci(name, "label")) {
        sdp.label = value;
    } else if (equal_ci(name, "rtcp")) {
        read_rtcp(media, value);
    } else if (equal_ci(name, "rtcp-mux")) {
        sdp.rtcp_mux = true;
    } else if (equal_ci(name, "crypto")) {
        read_crypto(sdp, value);
    } else if (equal_ci(name, "fingerprint")) {
        sdp.has_fingerprint = true;
    } else if (equal_ci(name, "zrtp-hash")) {
        sdp.has_zrtp = true;
    } else if (equal_ci(name, "key-mgmt")) {
        sdp.has_key_mgmt = true;
    } else if (equal_ci(name, "record")) {
        sdp.record = joined(sdp.record, record_state_named(value));
    }
}

// The format whose payload type stands at the front of `value`, or nullptr when the m= line does
// not have it, which is common and harmless.
SdpFormat* Reader::format_of(SdpMedia& media, std::string_view& value) {
    const auto type = take_number(value);
    if (!type) {
        fault("an attribute without its payload type");
        return nullptr;
    }
    for (SdpFormat& format : media.formats)
        if (format.payload_type == *type)
            return &format;
    return nullptr;
}

// "97 iLBC/8000" or "96 opus/48000/2" (RFC 8866 6.6)
void Reader::read_rtpmap(SdpMedia& media, std::string_view value) {
    SdpFormat* format = format_of(media, value);
    if (format == nullptr)
        return;
    value = trim(value);
    const std::size_t slash = value.find('/');
    if (slash == std::string_view::npos || slash == 0) {
        fault("a=rtpmap: no encoding and clock");
        return;
    }
    const std::string_view encoding = trim(value.substr(0, slash));
    value = trim(value.substr(slash + 1));
    const auto clock = take_number(value);
    if (!clock || *clock == 0) {
        fault("a=rtpmap: no clock rate");
        return;
    }
    format->encoding = encoding;
    format->clock_hz = *clock;
    format->channels = 1;
    if (!value.empty() && value.front() == '/') {
        value.remove_prefix(1);
        const auto channels = take_number(value);
        if (channels && *channels > 0 && *channels <= 255)
            format->channels = *channels;
        else
            fault("a=rtpmap: unreadable channels");
    }
}

void Reader::read_crypto(SdpMedia& media, std::string_view value) {
    auto crypto = parse_crypto(value);
    if (!crypto)
        fault("a=crypto: unreadable");
    else if (media.crypto.size() < limits::sdp_crypto_max)
        media.crypto.push_back(*std::move(crypto));
}

// port [nettype addrtype address] (RFC 3605 2.1)
void Reader::read_rtcp(Media& media, std::string_view value) {
    const auto port = port_of(take_word(value));
    if (!port) {
        fault("a=rtcp: no port");
        return;
    }
    media.has_rtcp = true;
    media.rtcp_port = *port;
    if (const auto address = read_address(value))
        media.sdp.rtcp = Endpoint{*address, *port};
}

Result<Sdp> Reader::finish() {
    const auto has = [this](char type) { return seen_[static_cast<std::size_t>(type - 'a')]; };
    if (!has('v') && !has('m'))
        return refuse(Code::malformed, Blame::peer, "no session description");
    for (const char type : {'v', 'o', 's', 't'})  // RFC 8866 5
        if (!has(type))
            fault(std::string("no ") + type + "= line");
    for (Media& media : media_) {
        SdpMedia& sdp = media.sdp;
        if (!media.has_address)
            sdp.address = address_;
        if (!media.has_direction)
            sdp.direction = direction_;
        if (media.has_rtcp && !sdp.rtcp && sdp.address)
            sdp.rtcp = Endpoint{*sdp.address, media.rtcp_port};
        sdp.has_fingerprint = sdp.has_fingerprint || has_fingerprint_;
        sdp.has_key_mgmt = sdp.has_key_mgmt || has_key_mgmt_;
        if (!sdp.record)
            sdp.record = record_;
        sdp_.media.push_back(std::move(sdp));
    }
    return std::move(sdp_);
}

}  // namespace

bool SdpMedia::is_secured() const {
    return protocol.find("SAVP") != std::string::npos || !crypto.empty() || has_fingerprint ||
           has_key_mgmt;
}

Result<Sdp> parse_sdp(Bytes bytes) {
    const std::string_view all = as_text(bytes);
    Reader reader;
    std::size_t lines = 0;
    for (std::size_t at = 0; at < all.size();) {
        if (++lines > limits::sdp_lines_max)
            return refuse(Code::limit, Blame::peer, "a session description has too many lines");
        const grammar::Line line = grammar::read_line(all, at, at, false);
        if (line.bare)
            reader.fault("line ends other than CRLF");
        NK_TRY(reader.read_line(line.text));
        at = line.next;
    }
    return reader.finish();
}

std::optional<SdpFormat> static_format(std::uint8_t payload_type) {
    struct Row {
        std::uint8_t payload_type;
        std::string_view encoding;
        std::uint32_t clock_hz;
        std::uint32_t channels;
    };
    // RFC 3551 table 4. G722's clock is 8000 by an old mistake (4.5.2).
    static constexpr std::array<Row, 17> rows{{{0, "PCMU", 8'000, 1},
                                               {3, "GSM", 8'000, 1},
                                               {4, "G723", 8'000, 1},
                                               {5, "DVI4", 8'000, 1},
                                               {6, "DVI4", 16'000, 1},
                                               {7, "LPC", 8'000, 1},
                                               {8, "PCMA", 8'000, 1},
                                               {9, "G722", 8'000, 1},
                                               {10, "L16", 44'100, 2},
                                               {11, "L16", 44'100, 1},
                                               {12, "QCELP", 8'000, 1},
                                               {13, "CN", 8'000, 1},
                                               {14, "MPA", 90'000, 1},
                                               {15, "G728", 8'000, 1},
                                               {16, "DVI4", 11'025, 1},
                                               {17, "DVI4", 22'050, 1},
                                               {18, "G729", 8'000, 1}}};
    for (const Row& row : rows)
        if (row.payload_type == payload_type)
            return SdpFormat{
                row.payload_type, std::string(row.encoding), row.clock_hz, row.channels, {}};
    return std::nullopt;
}

}  // namespace nk::wire
