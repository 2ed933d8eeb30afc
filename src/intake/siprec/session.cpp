#include "intake/siprec/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "base/pack.h"
#include "base/same_text.h"
#include "call/from_sip.h"
#include "wire/rtp.h"

namespace nk::siprec {

namespace {

constexpr std::string_view metadata_type = "application/rs-metadata";

std::uint64_t random_number(Random& random) {
    std::array<std::uint8_t, 8> bytes{};
    random.fill(bytes);
    return get_le<std::uint64_t>(bytes.data());
}

bool begins_with(std::string_view text, std::string_view start) {
    return equal_ci(text.substr(0, start.size()), start);
}

std::uint32_t clock_of(MediaLine& line, std::uint8_t payload_type) {
    if (line.heard_clock_hz == 0 || line.heard_type != payload_type) {
        const std::uint32_t clock_hz = (*line.track->formats)[payload_type].codec.clock_hz;
        line.heard_type = payload_type;
        line.heard_clock_hz = clock_hz == 0 ? 8'000 : clock_hz;
    }
    return line.heard_clock_hz;
}

}  // namespace

Session::Session(Common& common, const wire::SipMessage& invite, MonoTime now)
    : common_(common),
      call_(std::make_unique<call::Call>(common.numbers.next(), now, common.clock.wall())),
      session_id_(random_number(common.random) >> 2U),
      last_report_(now),
      our_ssrc_(static_cast<std::uint32_t>(random_number(common.random))) {
    call_->slot = common_.numbers.take_slot();
    call_->has_signalling = true;
    call_->is_recording_leg = true;
    call_->sip_call_id = std::string(invite.call_id());
    call_->caller_tag = std::string(invite.from_tag());
    call_->invited = now;
    call_->tell(now, "invited", 0);
    if (!invite.faults.empty())
        call_->note("sip-malformed", now);
    learn_without_metadata(invite, now);
}

Session::~Session() {
    common_.numbers.give_slot(call_->slot);
}

Session::Bodies Session::read_bodies(const wire::SipMessage& message) {
    Bodies bodies;
    for (const auto& part : wire::body_parts(message.header("Content-Type"), message.body)) {
        // RFC 2045 5.1, RFC 2183 2: in whatever case
        if (equal_ci(part.content_type, "application/sdp") && !bodies.offer) {
            auto sdp = wire::parse_sdp(part.body);
            bodies.has_unreadable_sdp = bodies.has_unreadable_sdp || !sdp;
            if (sdp)
                bodies.offer = std::move(*sdp);
        } else if (begins_with(part.content_type, metadata_type) ||
                   equal_ci(part.disposition, "recording-session")) {
            bodies.metadata.push_back(part.body);
        }
    }
    return bodies;
}

Session::Outcome Session::on_offer(const wire::SipMessage& message,
                                   const wire::IpAddress& signalling,
                                   const wire::IpAddress& media_at, MonoTime now) {
    call_->last_sign = now;
    read_ports();
    const auto bodies = read_bodies(message);
    if (!bodies.offer && bodies.has_unreadable_sdp)
        return {400, {}, "The session description cannot be read"};
    const bool is_invite = message.method == "INVITE";
    if (!offer_)
        client_ = signalling;
    if (awaits_answer_ && (bodies.offer || is_invite))
        return {491, {}, "The offer in our answer has no answer yet"};  // RFC 3261 14.2, 3311 5.2
    if (!bodies.offer && !offer_)
        return {488, {}, "A recording session needs an offer"};
    if (bodies.offer) {
        const auto& media = bodies.offer->media;
        if (std::none_of(media.begin(), media.end(), is_acceptable))
            if (!offer_ ||
                std::any_of(media.begin(), media.end(), [](const auto& m) { return m.port != 0; }))
                return {488, {}, "No medium is sound that can be received"};
        if (!open_lines(*bodies.offer, now))
            return {503, {}, "No port is free"};
        if (!bodies.offer->faults.empty())
            call_->note("sdp-malformed", now);
        apply(*bodies.offer, signalling, now);
        offer_ = bodies.offer;
    }
    for (const Bytes xml : bodies.metadata)
        take_metadata(xml, now);
    call::add_conversation_keys(*call_, message);
    assign_tracks(now);
    if (bodies.offer)
        follow_pauses(*bodies.offer, now);
    common_.ear.tells(*call_, now);
    if (bodies.offer)
        return {200, compose(*offer_, media_at), {}};
    if (!is_invite)
        return {};
    awaits_answer_ = true;
    return {200, our_offer(media_at), {}};
}

void Session::on_ack(const wire::SipMessage& ack, const wire::IpAddress& signalling, MonoTime now) {
    call_->last_sign = now;
    if (!std::exchange(awaits_answer_, false))
        return;
    read_ports();
    auto answer = read_bodies(ack).offer;
    if (!answer || answer->media.size() != offer_->media.size()) {
        call_->note("sdp-malformed", now);  // what stands goes on
        return;
    }
    if (!answer->faults.empty())
        call_->note("sdp-malformed", now);
    apply(*answer, signalling, now);
    offer_ = std::move(answer);
    assign_tracks(now);
    follow_pauses(*offer_, now);
    common_.ear.tells(*call_, now);
}

void Session::on_body(const wire::SipMessage& message, MonoTime now) {
    call_->last_sign = now;
    if (const auto pressed = call::pressed_in(message))
        press(*pressed, now);
    const auto bodies = read_bodies(message);
    if (!bodies.metadata.empty())
        read_ports();
    for (const Bytes xml : bodies.metadata)
        take_metadata(xml, now);
    assign_tracks(now);
    common_.ear.tells(*call_, now);
}

// Every line that may be received gets its port before anything changes.
bool Session::open_lines(const wire::Sdp& offer, MonoTime now) {
    std::vector<std::pair<std::size_t, std::uint16_t>> opened;
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        if (!is_acceptable(offer.media[i]) || (i < lines_.size() && lines_[i].port != 0))
            continue;
        // A port of the pool that something else on this machine has is passed over.
        std::optional<std::uint16_t> port;
        for (std::size_t tries = 0; tries < limits::port_tries_max; ++tries) {
            port = common_.ports.take(now);
            if (!port || common_.sockets.open(*port))
                break;
            common_.ports.give_back(*port, now);
            port.reset();
        }
        if (!port) {
            for (const auto& [line, other] : opened) {
                common_.sockets.close(other);
                common_.ports.give_back(other, now);
            }
            return false;
        }
        opened.emplace_back(i, *port);
    }
    if (lines_.size() < offer.media.size())
        lines_.resize(offer.media.size());
    for (const auto& [line, port] : opened)
        lines_[line].port = port;
    return true;
}

// What has arrived and was not read is judged by what stands, before anything changes.
void Session::read_ports() {
    for (const auto& line : lines_)
        if (line.port != 0)
            common_.sockets.read(line.port);
}

void Session::apply(const wire::Sdp& offer, const wire::IpAddress& signalling, MonoTime now) {
    for (const auto& media : offer.media)
        if (media.address && !media.address->is_unspecified() &&
            known_.size() < limits::media_addresses_max &&
            std::find(known_.begin(), known_.end(), *media.address) == known_.end())
            known_.push_back(*media.address);
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        auto& line = lines_[i];
        const auto& media = offer.media[i];
        take_offer(line, media, signalling, known_);
        choose_keys(line, media);
        if (line.port != 0 && !is_acceptable(media))
            release_port(line, now);
    }
    for (std::size_t i = offer.media.size(); i < lines_.size(); ++i)
        release_port(lines_[i], now);
}

// RFC 4568 5.1.2, 6.3: our answer has the offered line's tag, suite and parameters, and a key of
// our own, though nothing is ever sent with it.
void Session::choose_keys(MediaLine& line, const wire::SdpMedia& media) {
    const auto* chosen = line.is_secured ? usable_crypto(media) : nullptr;
    if (chosen == nullptr) {
        line.answer.reset();
        return;
    }
    const auto& theirs = chosen->keys.front();
    if (line.answer && line.answer->tag == chosen->tag && line.answer->suite == chosen->suite &&
        line.answer->is_rtcp_encrypted == chosen->is_rtcp_encrypted &&
        line.answer->keys.front().is_encrypted == theirs.is_encrypted)
        return;
    wire::SrtpKey key;
    key.suite = theirs.suite;
    key.is_encrypted = theirs.is_encrypted;
    key.key.resize(wire::key_bytes_of(key.suite));
    common_.random.fill(key.key);
    line.answer =
        wire::SdpCrypto{chosen->tag, chosen->suite, {std::move(key)}, chosen->is_rtcp_encrypted};
}

// What stands, and each line to be received, whether it is held or not.
std::string Session::our_offer(const wire::IpAddress& media_at) {
    auto offer = *offer_;
    for (auto& media : offer.media)
        media.direction = wire::Direction::sendonly;
    return compose(offer, media_at);
}

std::string Session::compose(const wire::Sdp& offer, const wire::IpAddress& media_at) {
    wire::SdpAnswer answer;
    answer.session_id = session_id_;
    answer.version = version_;
    answer.address = media_at;
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        const auto& line = lines_[i];
        auto& ours = answer.media.emplace_back();
        ours.port = line.port;
        for (const auto& format : line.formats)
            ours.payload_types.push_back(format.payload_type);
        ours.rtcp_mux = line.is_muxed;
        ours.crypto = line.answer;
    }
    auto text = wire::compose_answer(offer, answer);
    if (text == last_answer_)
        return text;
    answer.version = ++version_;  // RFC 3264 8: one more whenever it differs
    return last_answer_ = wire::compose_answer(offer, answer);
}

Session::Heard Session::on_packet(std::size_t line_index, const wire::Endpoint& from, Bytes packet,
                                  MonoTime arrival) {
    auto& line = lines_[line_index];
    if (packet.size() >= 2 && wire::is_rtcp_type(packet[1])) {
        const auto rtcp = line.is_secured ? std::nullopt : wire::parse_rtcp(packet);
        for (const auto& report : rtcp ? rtcp->reports : std::vector<wire::SenderReport>())
            line.reception.on_report(report, arrival);
        return Heard::report;
    }
    const auto rtp =
        wire::parse_rtp(packet, line.is_secured ? wire::Padding::unknown : wire::Padding::removed);
    if (!rtp)
        return Heard::other;
    if (!line.source.accept(from, arrival)) {
        call_->note("media-from-a-stranger", arrival);
        return Heard::stranger;
    }
    call::Track* track = track_at(line, arrival);
    if (track == nullptr)
        return Heard::other;
    line.reception.on_packet(rtp->ssrc, rtp->sequence, rtp->timestamp,
                             clock_of(line, rtp->payload_type), arrival);
    ++call_->media_packets;
    call_->last_media = call_->last_sign = arrival;
    if (is_withheld(line, arrival)) {
        common_.ear.withholds(*call_, *track, arrival);
        return Heard::media;
    }
    common_.ear.hears(*call_, *track,
                      {.arrival = arrival,
                       .ssrc = rtp->ssrc,
                       .timestamp = rtp->timestamp,
                       .sequence = rtp->sequence,
                       .marker = rtp->marker,
                       .payload_type = rtp->payload_type,
                       .payload = rtp->payload,
                       .whole = packet});
    return Heard::media;
}

void Session::on_drop(std::size_t line, std::uint64_t packets, MonoTime from, MonoTime to) {
    if (auto* track = lines_[line].track)
        common_.ear.misses(*call_, *track, packets, from, to);
}

void Session::tick(MonoTime now) {
    end_forgotten_pauses(now);
    if (now - last_report_ < limits::receiver_report_every)
        return;
    last_report_ = now;
    for (auto& line : lines_) {
        const auto from = line.source.latched();
        if (line.port == 0 || line.is_secured || !from)
            continue;
        const auto report = line.reception.report(now);
        if (!report)
            continue;
        const auto beside = wire::Endpoint{from->ip, static_cast<std::uint16_t>(from->port + 1)};
        common_.sockets.send_rtcp(line.port, line.is_muxed ? *from : line.rtcp_at.value_or(beside),
                                  wire::compose_receiver_report({our_ssrc_, {*report}, "naklank"}),
                                  line.is_muxed);
    }
}

void Session::answered(std::string_view our_tag, MonoTime now) {
    if (call_->answered)
        return;
    call_->answered = now;
    call_->answered_tag = std::string(our_tag);
    call_->callee_tags.insert(call_->answered_tag);
    call_->final_status = 200;
    call_->tell(now, "answered", 1);
    common_.ear.tells(*call_, now);
}

void Session::release_port(MediaLine& line, MonoTime now) {
    if (line.port == 0)
        return;
    common_.sockets.close(line.port);
    common_.ports.give_back(line.port, now);
    line.port = 0;
}

void Session::end(call::Ending ending, MonoTime now) {
    for (auto& line : lines_)
        release_port(line, now);
    call_->over = now;
    call_->ending = ending;
    call_->tell(now, "ended", {}, std::string(call::name_of(ending)));
    common_.ear.ends(*call_, now);
}

}  // namespace nk::siprec
