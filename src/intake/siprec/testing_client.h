#pragma once
// For tests only: a recording client that talks to a Server in memory, with the test's clock.

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "call/ear.h"
#include "intake/siprec/server.h"

namespace nk::siprec::testing {

inline wire::Endpoint at(const char* ip, std::uint16_t port) {
    return {*wire::parse_ip(ip), port};
}

class HeldClock : public Clock {
public:
    [[nodiscard]] MonoTime now() const override { return time; }
    [[nodiscard]] WallTime wall() const override {
        return WallTime{1'700'000'000'000'000'000} + (time - MonoTime{0});
    }
    MonoTime time{1'000'000'000};
};

class CountingRandom : public Random {
public:
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out)
            byte = static_cast<std::uint8_t>((next_ = next_ * 6'364'136'223'846'793'005ULL + 1) >>
                                             56U);
    }

private:
    std::uint64_t next_ = 1;
};

// Ports as a machine has them; `taken` are somebody else's.
class Sockets : public MediaPorts {
public:
    bool open(std::uint16_t port) override {
        if (taken.contains(port))
            return false;
        EXPECT_TRUE(is_open.insert(port).second);
        return true;
    }
    void close(std::uint16_t port) override { EXPECT_EQ(is_open.erase(port), 1U); }
    void read(std::uint16_t port) override {
        EXPECT_TRUE(is_open.contains(port));
        if (unread)
            std::exchange(unread, nullptr)(port);
    }
    void send_rtcp(std::uint16_t port, const wire::Endpoint& to, Bytes packet,
                   bool is_muxed) override {
        reports.push_back({port, to, {packet.begin(), packet.end()}, is_muxed});
    }
    struct Report {
        std::uint16_t port;
        wire::Endpoint to;
        std::vector<std::uint8_t> bytes;
        bool is_muxed;
    };
    std::set<std::uint16_t> is_open;
    std::set<std::uint16_t> taken;
    std::vector<Report> reports;
    std::function<void(std::uint16_t)> unread;  // what a read of a port brings, once
};

// What was sent to the client, in order.
class Mailbox : public Out {
public:
    bool send(const Peer& to, std::string_view bytes) override {
        if (is_dead)
            return false;
        sent.emplace_back(bytes);
        last_to = to.remote;
        return true;
    }
    std::deque<std::string> sent;
    wire::Endpoint last_to;
    bool is_dead = false;  // the connection is closed
};

// Remembers what it was told of each call; the calls themselves are gone when they ended.
class Witness : public call::Ear {
public:
    struct Heard {
        std::size_t party = 0;
        std::size_t line = 0;
        bool is_mixed = false;
        std::string label;
        bool is_secured = false;
        std::uint16_t sequence = 0;
        bool operator==(const Heard&) const = default;
    };
    void hears(call::Call&, call::Track& track, const call::MediaPacket& packet) override {
        heard.push_back(
            {track.party, track.line, track.is_mixed, track.label, track.secured, packet.sequence});
    }
    void withholds(call::Call&, call::Track& track, MonoTime) override {
        ++withheld;
        withheld_lines.push_back(track.line);
    }
    void learns(call::Call&, call::Track&, MonoTime) override {}
    void tells(call::Call& call, MonoTime) override { story = call; }
    void ends(call::Call& call, MonoTime) override { ended.push_back(call); }
    void passes(MonoTime) override {}

    std::vector<Heard> heard;
    std::size_t withheld = 0;
    std::vector<std::size_t> withheld_lines;  // of each packet
    call::Story story;                        // of the call that changed last
    std::vector<call::Story> ended;
};

struct House {
    HeldClock clock;
    CountingRandom random;
    Sockets sockets;
    Mailbox out;
    Witness ear;
    Server server;
    explicit House(ServerOptions options = {})
        : server(ear, out, sockets, random, clock, std::move(options)) {}

    void pass(Nanos time) {
        const MonoTime until = clock.time + time;
        while (clock.time < until) {
            clock.time = clock.time + milliseconds(100);
            server.tick(clock.time);
        }
    }
};

struct Body {
    std::string type;
    std::string content;
    std::string disposition{};
};

// An m= line as recording clients write it.
inline std::string media_line(std::uint16_t port, std::string_view label,
                              std::string_view direction = "sendonly") {
    std::string text = "m=audio " + std::to_string(port) + " RTP/AVP 8 101\r\n";
    if (!label.empty())
        text.append("a=label:").append(label).append("\r\n");
    return text.append("a=rtpmap:101 telephone-event/8000\r\na=").append(direction).append("\r\n");
}

inline std::string session(std::string_view lines, std::string_view address = "IN IP4 192.0.2.20") {
    return "v=0\r\no=src 1 1 " + std::string(address) + "\r\ns=-\r\nc=" + std::string(address) +
           "\r\nt=0 0\r\n" + std::string(lines);
}

class Client {
public:
    explicit Client(House& house) : house_(house) {}

    // Sends the request and gives the last response to it.
    std::string send(std::string_view method, const std::vector<Body>& bodies = {},
                     std::string_view extra = "") {
        house_.out.sent.clear();
        house_.server.on_sip(as_bytes(request(method, ++cseq, bodies, extra)), peer,
                             house_.clock.time);
        const std::string response = house_.out.sent.empty() ? "" : house_.out.sent.back();
        const auto parsed = wire::parse_sip(as_bytes(response));
        if (parsed && method == "INVITE" && parsed->status == 200) {
            remote_tag = std::string(parsed->to_tag());
            learn_ports(parsed->body);
            if (acknowledges)
                acknowledge({});
        }
        return response;
    }
    // The last INVITE's 200.
    void acknowledge(const std::vector<Body>& bodies) {
        house_.server.on_sip(as_bytes(request("ACK", cseq, bodies, "")), peer, house_.clock.time);
    }
    std::string request(std::string_view method, std::uint32_t number,
                        const std::vector<Body>& bodies, std::string_view extra) {
        std::string body;
        std::string type;
        if (bodies.size() == 1 && bodies[0].disposition.empty()) {
            body = bodies[0].content;
            type = bodies[0].type;
        } else if (!bodies.empty()) {
            type = "multipart/mixed;boundary=between";
            for (const auto& part : bodies) {
                body += "--between\r\nContent-Type: " + part.type + "\r\n";
                if (!part.disposition.empty())
                    body += "Content-Disposition: " + part.disposition + "\r\n";
                body += "\r\n" + part.content + "\r\n";
            }
            body += "--between--\r\n";
        }
        std::string text(method);
        text += " sip:srs@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK" +
                std::to_string(number) + std::string(method == "ACK" ? "a" : "r") + call_id +
                "\r\nMax-Forwards: 70\r\nFrom: <sip:src@192.0.2.20>;tag=" + own_tag +
                "\r\nTo: <sip:srs@192.0.2.10>" + (remote_tag.empty() ? "" : ";tag=" + remote_tag) +
                "\r\nCall-ID: " + call_id + "\r\nCSeq: " + std::to_string(number) + " " +
                std::string(method) + "\r\nContact: <sip:src@192.0.2.20:5060>;+sip.src\r\n" +
                std::string(extra);
        if (!type.empty())
            text += "Content-Type: " + type + "\r\n";
        return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    // One packet of G.711 on that line of the last answer.
    void speak(std::size_t line, std::uint16_t sequence, const char* from = "192.0.2.20",
               std::uint16_t from_port = 0, Nanos ago = {}) {
        std::vector<std::uint8_t> packet(172, 0x55);
        packet[0] = 0x80;
        packet[1] = 8;
        packet[2] = static_cast<std::uint8_t>(sequence >> 8U);
        packet[3] = static_cast<std::uint8_t>(sequence);
        const std::uint32_t stamp = 160U * sequence;
        for (std::size_t i = 0; i < 4; ++i)
            packet[4 + i] = static_cast<std::uint8_t>(stamp >> (24U - 8U * i));
        packet[11] = static_cast<std::uint8_t>(line + 1);
        house_.server.on_media(
            ports.at(line),
            at(from, from_port != 0 ? from_port : static_cast<std::uint16_t>(30'000 + 2 * line)),
            packet, house_.clock.time - ago);
    }
    // One that arrived so long ago, and is read from its socket now.
    void spoke(std::size_t line, std::uint16_t sequence, Nanos ago) {
        speak(line, sequence, "192.0.2.20", 0, ago);
    }

    Peer peer{.flow = 1,
              .remote = at("192.0.2.20", 5060),
              .local = at("192.0.2.10", 5060),
              .is_reliable = false};
    std::string call_id = "recording-1";
    std::string own_tag = "client";
    std::string remote_tag;
    std::uint32_t cseq = 0;
    std::vector<std::uint16_t> ports;  // of the last answer, by line
    bool acknowledges = true;          // at once, and with no body

private:
    void learn_ports(Bytes body) {
        const auto sdp = wire::parse_sdp(body);
        ASSERT_TRUE(sdp);
        ports.clear();
        for (const auto& media : sdp->media)
            ports.push_back(media.port);
    }

    House& house_;
};

inline int status_of(std::string_view response) {
    const auto parsed = wire::parse_sip(as_bytes(response));
    return parsed ? parsed->status : 0;
}

// Metadata as the RFC has it: each participant sends the stream that has their label.
struct Person {
    std::string id;
    std::string aor;
    std::string name;
    std::string label;  // empty: sends nothing
};
inline std::string metadata(const std::vector<Person>& people, std::string_view extra = "",
                            std::string_view mode = "complete") {
    std::string xml = "<recording xmlns=\"urn:ietf:params:xml:ns:recording:1\"><datamode>" +
                      std::string(mode) +
                      "</datamode><group group_id=\"g1\"/><session session_id=\"s1\">"
                      "<group-ref>g1</group-ref></session>";
    for (const auto& person : people) {
        xml += "<participant participant_id=\"" + person.id + "\"><nameID aor=\"" + person.aor +
               "\"><name>" + person.name + "</name></nameID></participant>";
        if (person.label.empty())
            continue;
        xml += "<stream stream_id=\"of-" + person.label + "\" session_id=\"s1\"><label>" +
               person.label + "</label></stream><participantstreamassoc participant_id=\"" +
               person.id + "\"><send>of-" + person.label + "</send></participantstreamassoc>";
    }
    return xml + std::string(extra) + "</recording>";
}

inline std::vector<Body> offer(std::string_view sdp, std::string_view xml) {
    return {{"application/sdp", std::string(sdp)},
            {"application/rs-metadata+xml", std::string(xml), "recording-session"}};
}

}  // namespace nk::siprec::testing
