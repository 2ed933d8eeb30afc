#pragma once
// For tests only: calls as a network carries them, made up from a seed: SIP and two streams of
// A-law in UDP over IPv4, with what networks do to packets. Every payload is one of its own, so
// that it can be found again in whatever was recorded.

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "recording/testing_call.h"

namespace nk::app::testing {

// Chance that is the same each time.
class SeededRandom : public Random {
public:
    explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out)
            byte = static_cast<std::uint8_t>(next());
    }
    unsigned roll(unsigned below) { return static_cast<unsigned>(next() % below); }

private:
    std::uint64_t next() {  // splitmix64, by Steele, Lea and Flood
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
        z = (z ^ z >> 27) * 0x94d049bb133111ebU;
        return z ^ z >> 31;
    }
    std::uint64_t state_;
};

struct Sent {
    Nanos at{0};  // since the network began; when it passes the recorder
    std::vector<std::uint8_t> ip_packet;
    // Of a packet of sound: which one, and 0 otherwise.
    std::uint32_t payload = 0;
};

struct CallPlan {
    std::uint32_t number = 1;  // of the call
    Nanos begins{0};
    Nanos talks = seconds(1);
    // In a thousand packets.
    unsigned lost = 0;
    unsigned doubled = 0;
    unsigned late = 0;
    unsigned late_ms_max = 60;
};

constexpr std::uint32_t packets_per_side_max = 100'000;
// Packet n of a side, as a number of its own in all calls; never 0.
constexpr std::uint32_t payload_number(std::uint32_t call, std::uint32_t side, std::uint32_t n) {
    return (call * 2 + side) * packets_per_side_max + n + 1;
}
constexpr std::uint32_t ssrc_of(std::uint32_t call, std::uint32_t side) {
    return 0x5000 + call * 2 + side;
}

class Network {
public:
    explicit Network(std::uint64_t seed = 0) : chance_(seed) {}

    void call(const CallPlan& plan) {
        const std::string sdp[] = {description(plan, 0), description(plan, 1)};
        sip(plan, 0, plan.begins,
            fmt::format("INVITE sip:callee@192.0.2.2 SIP/2.0\r\n{}CSeq: 1 INVITE\r\n{}",
                        head(plan, ""), sdp[0]));
        sip(plan, 1, plan.begins + milliseconds(100),
            fmt::format("SIP/2.0 200 OK\r\n{}CSeq: 1 INVITE\r\n{}", head(plan, ";tag=b"), sdp[1]));
        sip(plan, 0, plan.begins + milliseconds(110),
            fmt::format("ACK sip:callee@192.0.2.2 SIP/2.0\r\n{}CSeq: 1 ACK\r\nContent-Length: "
                        "0\r\n\r\n",
                        head(plan, ";tag=b")));
        const auto packets = static_cast<std::uint32_t>(plan.talks / milliseconds(20));
        for (std::uint32_t n = 0; n < packets; ++n)
            for (std::uint32_t side = 0; side < 2; ++side)
                speak(plan, side, n);
        const Nanos over = plan.begins + milliseconds(120) + plan.talks;
        sip(plan, 0, over,
            fmt::format("BYE sip:callee@192.0.2.2 SIP/2.0\r\n{}CSeq: 2 BYE\r\nContent-Length: "
                        "0\r\n\r\n",
                        head(plan, ";tag=b")));
        sip(plan, 1, over + milliseconds(10),
            fmt::format("SIP/2.0 200 OK\r\n{}CSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n",
                        head(plan, ";tag=b")));
    }
    // In the order in which they pass.
    std::vector<Sent> take() {
        std::stable_sort(sent_.begin(), sent_.end(),
                         [](const Sent& a, const Sent& b) { return a.at < b.at; });
        return std::move(sent_);
    }
    unsigned roll(unsigned below) { return chance_.roll(below); }

private:
    static std::uint16_t media_port(const CallPlan& plan, std::uint32_t side) {
        return static_cast<std::uint16_t>((side == 0 ? 10'000 : 30'000) + 2 * plan.number);
    }
    static std::string head(const CallPlan& plan, const std::string& to_tag) {
        return fmt::format(
            "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK{0}\r\n"
            "From: <sip:caller{0}@192.0.2.1>;tag=a\r\nTo: <sip:callee@192.0.2.2>{1}\r\n"
            "Call-ID: call-{0}\r\n",
            plan.number, to_tag);
    }
    static std::string description(const CallPlan& plan, std::uint32_t side) {
        const std::string body = fmt::format(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.{0}\r\ns=-\r\nc=IN IP4 192.0.2.{0}\r\nt=0 0\r\n"
            "m=audio {1} RTP/AVP 8\r\n",
            side + 1, media_port(plan, side));
        return fmt::format("Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{}",
                           body.size(), body);
    }
    void speak(const CallPlan& plan, std::uint32_t side, std::uint32_t n) {
        if (roll(1'000) < plan.lost)
            return;
        const std::uint32_t number = payload_number(plan.number, side, n);
        std::vector<std::uint8_t> rtp{0x80, 8};
        put(rtp, 500 + n, 2);
        put(rtp, 160 * n, 4);
        put(rtp, ssrc_of(plan.number, side), 4);
        const auto payload = recording::testing::voice(number);
        rtp.insert(rtp.end(), payload.begin(), payload.end());
        const Nanos due = plan.begins + milliseconds(120) + milliseconds(20) * n;
        const bool is_late = n > 5 && roll(1'000) < plan.late;
        const Nanos at = due + (is_late ? milliseconds(roll(plan.late_ms_max)) : milliseconds(0));
        udp(plan, side, at, media_port(plan, side), media_port(plan, 1 - side), rtp, number);
        if (roll(1'000) < plan.doubled)
            udp(plan, side, at + milliseconds(1), media_port(plan, side),
                media_port(plan, 1 - side), rtp, number);
    }
    void sip(const CallPlan& plan, std::uint32_t side, Nanos at, const std::string& text) {
        const std::vector<std::uint8_t> bytes(text.begin(), text.end());
        udp(plan, side, at, 5060, 5060, bytes, 0);
    }
    void udp(const CallPlan&, std::uint32_t side, Nanos at, std::uint16_t from, std::uint16_t to,
             const std::vector<std::uint8_t>& payload, std::uint32_t number) {
        std::vector<std::uint8_t> ip{0x45, 0};
        put(ip, 28 + payload.size(), 2);
        put(ip, 0, 4);
        put(ip, 0x4011, 2);  // time to live and protocol
        put(ip, 0, 2);
        put(ip, 0xc0000201 + side, 4);
        put(ip, 0xc0000202 - side, 4);
        put(ip, from, 2);
        put(ip, to, 2);
        put(ip, 8 + payload.size(), 2);
        put(ip, 0, 2);
        ip.insert(ip.end(), payload.begin(), payload.end());
        sent_.push_back({at, std::move(ip), number});
    }
    static void put(std::vector<std::uint8_t>& out, std::size_t value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            out.push_back(static_cast<std::uint8_t>(value >> shift));
    }

    SeededRandom chance_;
    std::vector<Sent> sent_;
};

}  // namespace nk::app::testing
