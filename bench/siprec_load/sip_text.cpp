#include "sip_text.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>
#include <unistd.h>

namespace nk::load {

namespace {

std::string sdp(std::uint32_t number, const Endpoint& media) {
    const auto ip = fmt::format("IN {} {}", media.ip.is_v4() ? "IP4" : "IP6", media.ip.text());
    auto out = fmt::format("v=0\r\no=load {0} 1 {1}\r\ns=-\r\nc={1}\r\nt=0 0\r\n", number, ip);
    for (const int label : {1, 2})
        out += fmt::format(
            "m=audio {} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=label:{}\r\na=sendonly\r\n",
            media.port, label);
    return out;
}

// Names as RFC 7865 wants them: of this run alone.
const std::string& run_id() {
    static const std::string id = fmt::format(
        "{:x}{:08x}", std::chrono::system_clock::now().time_since_epoch().count(), ::getpid());
    return id;
}

std::string metadata(std::uint32_t number) {
    auto out = fmt::format(
        R"(<?xml version="1.0" encoding="UTF-8"?>)"
        R"(<recording xmlns="urn:ietf:params:xml:ns:recording:1"><datamode>complete</datamode>)"
        R"(<group group_id="g{1}-{0}"/><session session_id="s{1}-{0}">)"
        R"(<group-ref>g{1}-{0}</group-ref></session>)",
        number, run_id());
    for (const int side : {1, 2})
        out += fmt::format(
            R"(<participant participant_id="p{1}-{0}"><nameID aor="sip:{1}{0:07}@example.org">)"
            R"(<name>Party {1} of {0}</name></nameID></participant>)"
            R"(<participantsessionassoc participant_id="p{1}-{0}" session_id="s{2}-{0}"/>)"
            R"(<stream stream_id="m{1}-{0}" session_id="s{2}-{0}"><label>{1}</label></stream>)"
            R"(<participantstreamassoc participant_id="p{1}-{0}"><send>m{1}-{0}</send>)"
            R"(</participantstreamassoc>)",
            number, side, run_id());
    return out + "</recording>";
}

}  // namespace

std::string SipText::request(std::string_view method, const Dialog& dialog, std::uint32_t cseq,
                             std::string_view more, std::string_view body) const {
    const auto here = link_.here().text();
    const auto there = link_.recorder().text();
    return fmt::format(
        "{0} {1} SIP/2.0\r\n"
        "Via: SIP/2.0/{2} {3};branch=z9hG4bK{4:x}-{5}-{0};rport\r\n"
        "Max-Forwards: 70\r\n"
        "From: <sip:load@{3}>;tag=t{4:x}-{5}\r\n"
        "To: <sip:recorder@{6}>{7}\r\n"
        "Call-ID: {5}-{4:x}@load\r\n"
        "CSeq: {8} {0}\r\n"
        "Contact: <sip:load@{3};transport={9}>;+sip.src\r\n"
        "{10}Content-Length: {11}\r\n\r\n{12}",
        method, dialog.target.empty() ? "sip:recorder@" + there : dialog.target,
        link_.is_tcp() ? "TCP" : "UDP", here, run_, dialog.number, there,
        dialog.remote_tag.empty() ? "" : ";tag=" + dialog.remote_tag, cseq,
        link_.is_tcp() ? "tcp" : "udp", more, body.size(), body);
}

std::string SipText::invite(const Dialog& dialog) const {
    const auto body = fmt::format(
        "--parts\r\nContent-Type: application/sdp\r\n\r\n{}\r\n"
        "--parts\r\nContent-Type: application/rs-metadata+xml\r\n"
        "Content-Disposition: recording-session\r\n\r\n{}\r\n--parts--\r\n",
        sdp(dialog.number, media_), metadata(dialog.number));
    return request("INVITE", dialog, 1,
                   "Require: siprec\r\nContent-Type: multipart/mixed;boundary=parts\r\n", body);
}

std::string SipText::ack(const Dialog& dialog) const {
    return request("ACK", dialog, 1, "", "");
}

std::string SipText::bye(const Dialog& dialog) const {
    return request("BYE", dialog, 2, "", "");
}

std::uint32_t number_in(std::string_view call_id) {
    std::uint32_t number = 0;
    std::from_chars(call_id.data(), call_id.data() + call_id.size(), number);
    return number;
}

}  // namespace nk::load
