#include "wire/sdp_compose.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace nk::wire {

namespace {

// A line, whatever the value: what was read has no line ends, and nothing else brings one in.
void add_line(std::string& out, char type, std::string_view value) {
    out.append({type, '='});
    for (const char c : value)
        out += c == '\r' || c == '\n' ? ' ' : c;
    out.append("\r\n");
}

void add_attribute(std::string& out, std::string_view name, std::string_view value = {}) {
    add_line(out, 'a',
             value.empty() ? std::string(name) : std::string(name).append(":").append(value));
}

std::string address_text(const IpAddress& address) {
    return (address.is_v4() ? "IN IP4 " : "IN IP6 ") + address.text();
}

std::string_view name_of(Direction direction) {
    constexpr std::array<std::string_view, 4> names{"sendrecv", "sendonly", "recvonly", "inactive"};
    return names[static_cast<std::size_t>(direction)];
}

std::string_view name_of(RecordState state) {
    constexpr std::array<std::string_view, 3> names{"on", "off", "paused"};
    return names[static_cast<std::size_t>(state)];
}

// In the order of the offer, as most devices do and none minds (RFC 3264 6.1 has it a SHOULD).
std::vector<const SdpFormat*> taken_formats(const SdpMedia& offered, const SdpAnswerMedia& ours) {
    std::vector<const SdpFormat*> taken;
    for (const SdpFormat& format : offered.formats)
        if (std::find(ours.payload_types.begin(), ours.payload_types.end(), format.payload_type) !=
            ours.payload_types.end())
            taken.push_back(&format);
    return taken;
}

// A line that was cut off is answered with one that is whole.
std::string word(const std::string& text) {
    return text.empty() ? "-" : text;
}

void add_media_line(std::string& out, const SdpMedia& offered, std::uint16_t port,
                    std::string_view formats) {
    add_line(out, 'm',
             word(offered.type) + " " + std::to_string(port) + " " + word(offered.protocol) + " " +
                 std::string(formats));
}

// RFC 3264 6: port zero, and a list of formats because the grammar wants one.
void add_refused(std::string& out, const SdpMedia& offered) {
    add_media_line(out, offered, 0, offered.format_list.empty() ? "0" : offered.format_list);
    if (!offered.label.empty())
        add_attribute(out, "label", offered.label);
}

void add_format(std::string& out, const SdpFormat& format) {
    const std::string type = std::to_string(format.payload_type) + " ";
    if (!format.encoding.empty() && format.clock_hz > 0) {
        std::string map = type + format.encoding + "/" + std::to_string(format.clock_hz);
        if (format.channels > 1)
            map.append("/" + std::to_string(format.channels));
        add_attribute(out, "rtpmap", map);
    }
    if (!format.fmtp.empty())
        add_attribute(out, "fmtp", type + format.fmtp);
}

void add_rtcp(std::string& out, const SdpMedia& offered, const SdpAnswerMedia& ours) {
    if (ours.rtcp_mux && offered.rtcp_mux)
        add_attribute(out, "rtcp-mux");
    else if (ours.rtcp_port != 0 && ours.rtcp_port != ours.port + 1)
        add_attribute(out, "rtcp", std::to_string(ours.rtcp_port));
}

void add_media(std::string& out, const SdpMedia& offered, const SdpAnswerMedia& ours) {
    const auto formats = taken_formats(offered, ours);
    if (offered.port == 0 || ours.port == 0 || formats.empty())
        return add_refused(out, offered);
    std::string list;
    for (const SdpFormat* format : formats)
        list.append(list.empty() ? "" : " ").append(std::to_string(format->payload_type));
    add_media_line(out, offered, ours.port, list);
    for (const SdpFormat* format : formats)
        add_format(out, *format);
    if (offered.ptime_ms > 0)
        add_attribute(out, "ptime", std::to_string(offered.ptime_ms));
    add_rtcp(out, offered, ours);
    if (ours.crypto && !ours.crypto->keys.empty())
        add_attribute(out, "crypto", compose_crypto(*ours.crypto));
    if (!offered.label.empty())
        add_attribute(out, "label", offered.label);
    if (ours.record)
        add_attribute(out, "record", name_of(*ours.record));
    add_attribute(out,
                  name_of(ours.is_paused ? Direction::inactive : answer_to(offered.direction)));
}

}  // namespace

Direction answer_to(Direction offered) {
    return offered == Direction::sendrecv || offered == Direction::sendonly ? Direction::recvonly
                                                                            : Direction::inactive;
}

std::string compose_answer(const Sdp& offer, const SdpAnswer& answer) {
    std::string out;
    add_line(out, 'v', "0");
    add_line(out, 'o',
             "- " + std::to_string(answer.session_id) + " " + std::to_string(answer.version) + " " +
                 address_text(answer.address));
    add_line(out, 's', "-");
    add_line(out, 'c', address_text(answer.address));
    add_line(out, 't', offer.timing.empty() ? "0 0" : offer.timing);  // RFC 3264 6: as offered
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        if (i < answer.media.size())
            add_media(out, offer.media[i], answer.media[i]);
        else
            add_refused(out, offer.media[i]);
    }
    return out;
}

}  // namespace nk::wire
