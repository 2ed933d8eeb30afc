#include "generator.h"

#include <algorithm>
#include <cmath>

namespace nk::generate {

namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t frame_ns = 20 * ms;
constexpr std::int64_t epoch_ns = 1'772'442'000'000 * ms;  // 2026-03-02 09:00 UTC
constexpr std::int64_t ring_ns = 1'000 * ms;
constexpr std::int64_t callee_later_ns = 3 * ms;
constexpr std::int64_t report_every_ns = 5'000 * ms;
constexpr std::uint64_t seconds_1900_to_1970 = 2'208'988'800;
constexpr std::size_t conversations_max = 8;
constexpr std::uint16_t first_media_port = 20'000;

std::int64_t in_ns(double milliseconds) {
    return std::llround(milliseconds * static_cast<double>(ms));
}

std::vector<Format> formats_of(const std::string& codec) {
    if (codec == "PCMA")
        return {pcma};
    if (codec == "PCMU")
        return {pcmu};
    if (codec == "L16")
        return {l16};
    return {pcma, pcmu};
}

}  // namespace

Generator::Generator(const Options& options, CaptureWriter& out)
    : options_(options),
      out_(out),
      chance_(options.seed),
      formats_(formats_of(options.codec)),
      frames_(static_cast<std::uint64_t>(options.seconds * 50)) {
    hold_frames_ = std::min(frames_, static_cast<std::uint64_t>(options.hold_s * 50));
    hold_from_ = (frames_ - hold_frames_) / 2;
    change_at_ = options.ssrc_change ? std::max<std::uint64_t>(frames_ / 2, 1) : 0;
    // As many different conversations as there may be calls, up to a point; they are shared, each
    // call beginning at a sample of its own, so that no two send the same payloads.
    const std::size_t count =
        std::min<std::size_t>(conversations_max, options.calls) * formats_.size();
    for (std::size_t i = 0; i < count; ++i)
        conversations_.emplace_back(formats_[i % formats_.size()],
                                    std::clamp(options.seconds, 1.0, 60.0), chance_());
    calls_.resize(options.calls);
    for (std::uint32_t number = 0; number < options.calls; ++number)
        plan(number);
}

void Generator::plan(std::uint32_t number) {
    Call& call = calls_[number];
    call.conversation = number % conversations_.size();
    call.turned_by = chance_() % conversations_[call.conversation].samples();
    call.started_ns = epoch_ns + in_ns(options_.stagger_s * 1000 * number / options_.calls) +
                      static_cast<std::int64_t>(chance_() % 1000) * 1'000;
    const auto port = static_cast<std::uint16_t>(first_media_port + 2 * (number % 20'000));
    for (std::size_t side = 0; side < 2; ++side) {
        Party& party = call.parties.emplace_back(!options_.truth.empty());
        party.frame_ns = frame_ns / (1 + (side == 0 ? -1e-6 : 1e-6) * options_.drift_ppm);
        party.media = {host_of(options_.ipv6, side, number), port};
        for (Stream& stream : party.streams)
            stream = {static_cast<std::uint32_t>(chance_()), static_cast<std::uint16_t>(chance_()),
                      static_cast<std::uint32_t>(chance_())};
    }
    call.sip = {number, call.parties[0].media, call.parties[1].media,
                formats_[number % formats_.size()]};
    push(call.started_ns, number, Kind::sip, static_cast<std::uint64_t>(Step::invite));
}

void Generator::push(std::int64_t at_ns, std::uint32_t call, Kind kind, std::uint64_t index,
                     std::uint8_t party, bool is_copy) {
    events_.push({at_ns, planned_++, index, call, kind, party, is_copy});
}

nlohmann::json Generator::run() {
    while (!events_.empty()) {
        const Event event = events_.top();
        events_.pop();
        play(event);
    }
    nlohmann::json all = nlohmann::json::array();
    if (!options_.truth.empty())
        for (Call& call : calls_)
            all.push_back(finish(call));
    return all;
}

void Generator::play(const Event& event) {
    switch (event.kind) {
        case Kind::sip:
            return play_sip(event);
        case Kind::send:
            return play_send(event);
        case Kind::arrive:
            return play_arrival(event);
        case Kind::report:
            return play_report(event);
    }
}

// Signalling

std::int64_t Generator::media_time(const Call& call, std::uint64_t frame) const {
    return call.answered_ns + 30 * ms + static_cast<std::int64_t>(frame) * frame_ns;
}

std::int64_t Generator::sent_at(const Party& party, std::uint64_t frame) const {
    return party.begins_ns + std::llround(static_cast<double>(frame) * party.frame_ns);
}

void Generator::play_sip(const Event& event) {
    Call& call = calls_[event.call];
    const auto step = static_cast<Step>(event.index);
    const auto say = [&](bool from_caller, const std::string& message) {
        const Port caller{call.sip.caller.host, sip_port};
        const Port callee{call.sip.callee.host, sip_port};
        out_.write(event.at_ns, from_caller ? caller : callee, from_caller ? callee : caller,
                   as_bytes(message));
    };
    const auto then = [&](std::int64_t after_ns, Step next) {
        push(event.at_ns + after_ns, event.call, Kind::sip, static_cast<std::uint64_t>(next));
    };
    const SipCall& sip = call.sip;
    switch (step) {
        case Step::invite:
            say(true, sip.request("INVITE", 1, "sendrecv"));
            return then(10 * ms, Step::trying);
        case Step::trying:
            say(false, sip.reply("100 Trying", "INVITE", 1));
            return then(50 * ms, Step::ringing);
        case Step::ringing:
            say(false, sip.reply("180 Ringing", "INVITE", 1));
            return then(ring_ns, Step::answer);
        case Step::answer:
            say(false, sip.reply("200 OK", "INVITE", 1, "sendrecv"));
            call.answered_ns = event.at_ns;
            return then(15 * ms, Step::acknowledge);
        case Step::acknowledge: {
            say(true, sip.request("ACK", 1));
            for (std::uint8_t side = 0; side < 2; ++side) {
                Party& party = call.parties[side];
                party.begins_ns = media_time(call, 0) + side * callee_later_ns;
                push(party.begins_ns, event.call, Kind::send, 0, side);
                push(party.begins_ns + report_every_ns / 2, event.call, Kind::report, 0, side);
            }
            const std::int64_t delays = in_ns(options_.jitter_ms + options_.reorder_ms) + 100 * ms;
            call.ended_ns = sent_at(call.parties[0], frames_) + delays;
            if (!options_.no_bye)
                then(call.ended_ns - event.at_ns, Step::bye);
            if (hold_frames_ > 0)
                then(media_time(call, hold_from_) - 100 * ms - event.at_ns, Step::hold);
            return;
        }
        case Step::hold:
            say(true, sip.request("INVITE", 2, "sendonly"));
            then(20 * ms, Step::held);
            return then(media_time(call, hold_from_ + hold_frames_) - event.at_ns - 100 * ms,
                        Step::resume);
        case Step::held:
            say(false, sip.reply("200 OK", "INVITE", 2, "recvonly"));
            return then(10 * ms, Step::hold_acknowledge);
        case Step::hold_acknowledge:
            return say(true, sip.request("ACK", 2));
        case Step::resume:
            say(true, sip.request("INVITE", 3, "sendrecv"));
            return then(20 * ms, Step::resumed);
        case Step::resumed:
            say(false, sip.reply("200 OK", "INVITE", 3, "sendrecv"));
            return then(10 * ms, Step::resume_acknowledge);
        case Step::resume_acknowledge:
            return say(true, sip.request("ACK", 3));
        case Step::bye:
            say(true, sip.request("BYE", 4));
            return then(20 * ms, Step::bye_answer);
        case Step::bye_answer:
            return say(false, sip.reply("200 OK", "BYE", 4));
    }
}

// Media

std::size_t Generator::stream_of(std::uint8_t party, std::uint64_t frame) const {
    return party == 1 && change_at_ > 0 && frame >= change_at_ ? 1 : 0;
}

bool Generator::is_held(std::uint8_t party, std::uint64_t frame) const {
    return party == 0 && frame >= hold_from_ && frame < hold_from_ + hold_frames_;
}

std::uint64_t Generator::packet_of(std::uint8_t party, std::uint64_t frame) const {
    if (stream_of(party, frame) == 1)
        return frame - change_at_;
    return party == 0 && frame >= hold_from_ + hold_frames_ ? frame - hold_frames_ : frame;
}

std::uint32_t Generator::timestamp_of(const Call& call, std::uint8_t party,
                                      std::uint64_t frame) const {
    const std::size_t stream = stream_of(party, frame);
    const std::uint64_t frames = stream == 1 ? frame - change_at_ : frame;
    return call.parties[party].streams[stream].timestamp +
           static_cast<std::uint32_t>(frames * call.sip.format.frame_samples());
}

bool Generator::is_lost(Party& party) {
    if (options_.loss_percent <= 0)
        return false;
    const double share = std::min(options_.loss_percent / 100, 0.99);
    const double burst = std::max(options_.loss_burst, 1.0);
    // Two states; the losing one is left with 1/burst, and entered so often that `share` is lost.
    const double go_on = party.is_losing ? 1 - 1 / burst : share / (1 - share) / burst;
    party.is_losing = burst > 1 ? uniform_(chance_) < go_on : uniform_(chance_) < share;
    return party.is_losing;
}

// Where in its conversation a call's frame begins.
std::size_t Generator::sample_of(const Call& call, std::uint64_t frame) {
    return call.turned_by + static_cast<std::size_t>(frame) * call.sip.format.frame_samples();
}

void Generator::play_send(const Event& event) {
    Call& call = calls_[event.call];
    Party& party = call.parties[event.party];
    const std::uint64_t frame = event.index;
    if (frame + 1 < frames_)
        push(sent_at(party, frame + 1), event.call, Kind::send, frame + 1, event.party);
    const Bytes samples =
        conversations_[call.conversation].s16le(event.party, sample_of(call, frame));
    if (is_held(event.party, frame))
        return party.truth.silent(samples.size());
    if (change_at_ > 0 && frame == change_at_ && event.party == 1) {
        party.truth.new_stream();
        party.packets_sent = 0;
    }
    ++party.packets_sent;
    const bool lost = is_lost(party);
    party.truth.sent(event.at_ns, sent_at(party, frame + 1), !lost, samples);
    if (lost)
        return;

    std::int64_t arrives_ns = event.at_ns;
    if (options_.jitter_ms > 0)
        arrives_ns += in_ns(uniform_(chance_) * options_.jitter_ms);
    if (happens(options_.reorder_percent)) {
        arrives_ns += in_ns(options_.reorder_ms);
    } else {  // the others keep their order
        arrives_ns = std::max(arrives_ns, party.last_arrival_ns + 1'000);
        party.last_arrival_ns = arrives_ns;
    }
    Event arrival = event;
    arrival.kind = Kind::arrive;
    arrival.at_ns = arrives_ns;
    if (arrives_ns == event.at_ns)
        play_arrival(arrival);
    else
        push(arrives_ns, event.call, Kind::arrive, frame, event.party);
    if (happens(options_.duplicate_percent))
        push(arrives_ns + ms / 2, event.call, Kind::arrive, frame, event.party, true);
}

void Generator::play_arrival(const Event& event) {
    Call& call = calls_[event.call];
    Party& party = call.parties[event.party];
    const Party& other = call.parties[1 - event.party];
    const std::size_t number = stream_of(event.party, event.index);
    const Stream& stream = party.streams[number];
    const std::uint64_t packet = packet_of(event.party, event.index);
    const bool marker =
        packet == 0 || (event.party == 0 && event.index == hold_from_ + hold_frames_);
    std::array<std::uint8_t, 12> header{0x80};
    header[1] = static_cast<std::uint8_t>(call.sip.format.payload_type | (marker ? 0x80 : 0));
    put_be16(header.data() + 2, static_cast<std::uint16_t>(stream.sequence + packet));
    put_be32(header.data() + 4, timestamp_of(call, event.party, event.index));
    put_be32(header.data() + 8, stream.ssrc);
    out_.write(
        event.at_ns, party.media, other.media, header,
        conversations_[call.conversation].payload(event.party, sample_of(call, event.index)));
    party.truth.arrived(number, event.index, event.is_copy);
}

// A sender report (RFC 3550 6.4.1) and the sender's name (6.5).
void Generator::play_report(const Event& event) {
    Call& call = calls_[event.call];
    const Party& party = call.parties[event.party];
    const Party& other = call.parties[1 - event.party];
    const auto since = static_cast<double>(event.at_ns - party.begins_ns) / party.frame_ns;
    const auto frame = static_cast<std::uint64_t>(since);
    if (frame >= frames_)
        return;
    const Stream& stream = party.streams[stream_of(event.party, frame)];
    std::array<std::uint8_t, 48> packet{0x80, 200, 0, 6};
    put_be32(packet.data() + 4, stream.ssrc);
    const auto at = static_cast<std::uint64_t>(event.at_ns);
    put_be32(packet.data() + 8,
             static_cast<std::uint32_t>(at / 1'000'000'000 + seconds_1900_to_1970));
    put_be32(packet.data() + 12,
             static_cast<std::uint32_t>((at % 1'000'000'000 << 32) / 1'000'000'000));
    const auto into_frame =
        static_cast<std::uint32_t>((since - std::floor(since)) * call.sip.format.frame_samples());
    put_be32(packet.data() + 16, timestamp_of(call, event.party, frame) + into_frame);
    const auto packets = static_cast<std::uint32_t>(party.packets_sent);
    put_be32(packet.data() + 20, packets);
    const Bytes payload = conversations_[call.conversation].payload(0, 0);
    put_be32(packet.data() + 24, packets * static_cast<std::uint32_t>(payload.size()));
    static constexpr std::array<std::uint8_t, 20> description{
        0x81, 202, 0, 4, 0, 0, 0, 0, 1, 6, 'n', 'a', 'k', 'l', 'a', 'n', 0, 0, 0, 0};
    std::copy(description.begin(), description.end(), packet.begin() + 28);
    put_be32(packet.data() + 32, stream.ssrc);
    const auto rtcp = [](Port port) {
        ++port.port;
        return port;
    };
    out_.write(event.at_ns, rtcp(party.media), rtcp(other.media), packet);
    push(event.at_ns + report_every_ns, event.call, Kind::report, 0, event.party);
}

nlohmann::json Generator::finish(Call& call) {
    nlohmann::json parties = nlohmann::json::array();
    for (Party& party : call.parties) {
        if (options_.twice)
            party.truth.twice();
        parties.push_back(party.truth.to_json());
    }
    return {
        {"call_id", call.sip.call_id()},
        {"caller", call.sip.caller_number()},
        {"callee", call.sip.callee_number()},
        {"codec", call.sip.format.name},
        {"rate_hz", call.sip.format.rate_hz},
        {"invited_ns", call.started_ns},
        {"answered_ns", call.answered_ns},
        {"ended_ns", options_.no_bye ? 0 : call.ended_ns},
        {"callee_later_ns", call.parties[1].truth.first_ns() - call.parties[0].truth.first_ns()},
        {"parties", parties}};
}

}  // namespace nk::generate
