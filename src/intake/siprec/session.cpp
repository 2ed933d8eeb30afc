#include "intake/siprec/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "base/pack.h"
#include "call/from_sip.h"
#include "intake/siprec/brands.h"
#include "wire/rs_metadata.h"
#include "wire/rtp.h"

namespace nk::siprec {

namespace {

constexpr std::string_view by_client = "client";
constexpr std::string_view metadata_type = "application/rs-metadata";

std::uint64_t random_number(Random& random) {
    std::array<std::uint8_t, 8> bytes{};
    random.fill(bytes);
    return get_le<std::uint64_t>(bytes.data());
}

std::string role_of(std::size_t place) {
    if (place < 2)
        return place == 0 ? "caller" : "callee";
    return "party-" + std::to_string(place + 1);
}

std::uint32_t clock_of(MediaLine& line, std::uint8_t payload_type) {
    if (line.heard_clock_hz == 0 || line.heard_type != payload_type) {
        const std::uint32_t clock_hz = (*line.track->formats)[payload_type].codec.clock_hz;
        line.heard_type = payload_type;
        line.heard_clock_hz = clock_hz == 0 ? 8'000 : clock_hz;
    }
    return line.heard_clock_hz;
}

std::string short_name(const call::Party& party) {
    if (party.name.empty())
        return party.number;
    return party.number.empty() ? party.name : party.name + " (" + party.number + ")";
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
        if (part.content_type == "application/sdp" && !bodies.offer) {
            auto sdp = wire::parse_sdp(part.body);
            bodies.has_unreadable_sdp = bodies.has_unreadable_sdp || !sdp;
            if (sdp)
                bodies.offer = std::move(*sdp);
        } else if (part.content_type.starts_with(metadata_type) ||
                   part.disposition == "recording-session") {
            bodies.metadata.push_back(part.body);
        }
    }
    return bodies;
}

Session::Outcome Session::on_offer(const wire::SipMessage& message,
                                   const wire::IpAddress& signalling,
                                   const wire::IpAddress& media_at, MonoTime now) {
    call_->last_sign = now;
    const auto bodies = read_bodies(message);
    if (!bodies.offer && bodies.has_unreadable_sdp)
        return {400, {}, "The session description cannot be read"};
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
    common_.ear.tells(*call_, now);
    const bool wants_answer = bodies.offer || message.method == "INVITE";
    return {200, wants_answer ? answer(media_at) : std::string(), {}};
}

void Session::on_body(const wire::SipMessage& message, MonoTime now) {
    call_->last_sign = now;
    if (const auto pressed = call::pressed_in(message))
        call_->press(now, 0, pressed->key, pressed->duration_ms);
    for (const Bytes xml : read_bodies(message).metadata)
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

void Session::apply(const wire::Sdp& offer, const wire::IpAddress& signalling, MonoTime now) {
    bool all_paused = !offer.media.empty();
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        auto& line = lines_[i];
        const auto& media = offer.media[i];
        take_offer(line, media, signalling);
        if (line.is_secured)
            choose_keys(line, media);
        if (line.port != 0 && !is_acceptable(media))
            release_port(line, now);
        all_paused = all_paused && (line.is_paused || line.port == 0);
    }
    for (std::size_t i = offer.media.size(); i < lines_.size(); ++i)
        release_port(lines_[i], now);
    if (all_paused)
        pause(now, by_client);
    else if (is_paused() &&
             std::any_of(offer.media.begin(), offer.media.end(),
                         [](const auto& media) { return media.record == wire::RecordState::on; }))
        resume(now, by_client);
}

// RFC 4568 5.1.2: our answer has the offered line's tag and suite, and a key of our own, though
// nothing is ever sent with it.
void Session::choose_keys(MediaLine& line, const wire::SdpMedia& media) {
    const auto* chosen = usable_crypto(media);
    if (chosen == nullptr ||
        (line.answer && line.answer->tag == chosen->tag && line.answer->suite == chosen->suite))
        return;
    wire::SrtpKey key;
    key.suite = chosen->keys.front().suite;
    key.key.resize(wire::key_bytes_of(key.suite));
    common_.random.fill(key.key);
    line.answer = wire::SdpCrypto{chosen->tag, chosen->suite, {std::move(key)}};
}

std::string Session::answer(const wire::IpAddress& media_at) {
    wire::SdpAnswer answer;
    answer.session_id = session_id_;
    answer.version = version_;
    answer.address = media_at;
    for (std::size_t i = 0; i < offer_->media.size(); ++i) {
        const auto& line = lines_[i];
        auto& ours = answer.media.emplace_back();
        ours.port = line.port;
        for (const auto& format : line.formats)
            ours.payload_types.push_back(format.payload_type);
        ours.rtcp_mux = true;
        ours.crypto = line.answer;
    }
    auto text = wire::compose_answer(*offer_, answer);
    if (text == last_answer_)
        return text;
    answer.version = ++version_;  // RFC 3264 8: one more whenever it differs
    return last_answer_ = wire::compose_answer(*offer_, answer);
}

void Session::take_metadata(Bytes xml, MonoTime now) {
    call_->keep(now, "application/rs-metadata+xml", as_text(xml));
    const auto metadata = wire::parse_rs_metadata(xml);
    if (!metadata) {
        call_->note("metadata-unreadable", now);
        return;
    }
    if (!metadata->faults.empty())
        call_->note("metadata-malformed", now);
    for (const auto& group : metadata->groups)
        if (!group.id.empty())
            call_->add_key("siprec-group:" + group.id);
    for (const auto& session : metadata->sessions) {
        if (!session.id.empty())
            call_->add_key("siprec-session:" + session.id);
        for (const auto& group : session.group_ids)
            call_->add_key("siprec-group:" + group);
    }
    for (auto& key : keys_in(*metadata))
        call_->add_key(std::move(key));
    if (metadata->participants.empty() && metadata->streams.empty() && !has_metadata_)
        return;
    if (!std::exchange(has_metadata_, true))
        roster_ = Roster();  // what was guessed before is told now
    const auto moves = roster_.update(*metadata);
    put_parties(now, moves);
}

// Who is named by something else than metadata, in an order of preference: Cisco's fields, which
// give the party of each line; its form with a call for each party; a Request-URI of Genesys; From
// and To.
void Session::learn_without_metadata(const wire::SipMessage& invite, MonoTime now) {
    for (const auto value : invite.all("X-Cisco-Recording-Participant")) {
        call::Party party;
        call::read_party(party, value);
        roster_.add(std::move(party));
    }
    if (roster_.speakers().empty())
        learn_near_end(invite);
    if (roster_.speakers().empty())
        learn_record_uri(invite);
    if (roster_.speakers().empty())
        for (const auto* field : {"From", "To"}) {
            call::Party party;
            call::read_party(party, invite.header(field));
            roster_.add(std::move(party));
        }
    put_parties(now, {});
}

// Cisco's built-in bridge forks each party in a call of its own; From's parameters say whose it is,
// and what the two have in common.
void Session::learn_near_end(const wire::SipMessage& invite) {
    const auto from = invite.header("From");
    const auto value_of = [&](std::string_view name) {
        const auto at = from.find(name);
        if (at == std::string_view::npos)
            return std::string();
        const auto value = from.substr(at + name.size());
        return std::string(value.substr(0, value.find_first_of(";>, \t")));
    };
    const bool is_near =
        from.find(";x-nearend;") != std::string_view::npos || from.ends_with(";x-nearend");
    const bool is_far =
        from.find(";x-farend;") != std::string_view::npos || from.ends_with(";x-farend");
    if (!is_near && !is_far)
        return;
    for (const auto* field : {"x-nearendaddr=", "x-farendaddr="}) {
        call::Party party;
        party.number = value_of(field);
        party.uri = party.number;
        roster_.add(std::move(party));
    }
    own_party_ = is_near ? 0 : 1;
    for (const auto* field : {"x-refci=", "x-nearendrefci=", "x-farendrefci="})
        if (const auto id = value_of(field); !id.empty())
            call_->add_key("cisco-refci:" + id);
}

void Session::learn_record_uri(const wire::SipMessage& invite) {
    auto told = read_record_uri(invite);
    for (auto& party : told.parties)
        roster_.add(std::move(party));
    for (auto& key : told.keys)
        call_->add_key(std::move(key));
}

void Session::put_parties(MonoTime now, const std::vector<Move>& moves) {
    const auto& speakers = roster_.speakers();
    if (call_->parties.size() < speakers.size())
        call_->parties.resize(speakers.size());
    for (std::size_t i = 0; i < call_->parties.size(); ++i) {
        call_->parties[i] = i < speakers.size() ? speakers[i].party : call::Party();
        call_->parties[i].role = role_of(i);
    }
    for (const auto& move : moves)
        call_->tell(now, move.joined ? "joined" : "left", move.speaker,
                    short_name(speakers[move.speaker].party));
    if (roster_.left_out() > 0)
        call_->note("parties-left-out", now);
}

void Session::assign_tracks(MonoTime now) {
    for (std::size_t i = 0; i < lines_.size(); ++i)
        if (lines_[i].port != 0)
            assign(lines_[i], i, now);
}

void Session::assign(MediaLine& line, std::size_t place, MonoTime now) {
    auto heard = roster_.heard_on(line.label, has_metadata_ ? place : place + own_party_);
    const bool is_told = has_metadata_ && !heard.empty();
    if (heard.empty())
        heard.push_back(std::min(place, call_->parties.size() - 1));
    const std::size_t party = heard.front();
    const bool is_mixed = heard.size() > 1;
    if (line.track != nullptr && !is_told) {
        describe(line, *line.track, now);  // nobody is there just now: whoever it was
        return;
    }
    if (line.track != nullptr && line.is_guess && is_told) {
        line.track->party = party;  // the guess is put right
        line.track->is_mixed = is_mixed;
    }
    line.is_guess = line.is_guess && !is_told;
    const bool is_other =
        line.track == nullptr || line.track->party != party || line.track->is_mixed != is_mixed;
    if (is_other) {
        call::Track* track = track_for(party, place, is_mixed);
        if (track == nullptr)
            call_->note("tracks-left-out", now);
        else
            put_track(line, *track, now);
    }
    if (line.track != nullptr)
        describe(line, *line.track, now);
}

call::Track* Session::track_for(std::size_t party, std::size_t line, bool is_mixed) {
    for (const auto& track : call_->tracks)
        if (track->party == party && track->line == line && track->is_mixed == is_mixed)
            return track.get();
    if (call_->tracks.size() >= limits::tracks_per_call_max)
        return nullptr;
    auto track = std::make_unique<call::Track>();
    track->index = call_->tracks.size();
    track->party = party;
    track->line = line;
    track->is_mixed = is_mixed;
    call_->tracks.push_back(std::move(track));
    return call_->tracks.back().get();
}

// What the line's offer says about the track; the Ear is told when that is news.
void Session::describe(MediaLine& line, call::Track& track, MonoTime now) {
    auto formats = std::make_shared<call::FormatMap>(*call::static_formats());
    call::add_formats(*formats, line.formats);
    if (track.formats && track.may_send != line.sends)
        call_->tell(now, line.sends ? "resumed" : "held", track.party);
    track.label = line.label;
    track.may_send = line.sends;
    track.secured = line.is_secured;
    track.formats = std::move(formats);
    line.heard_clock_hz = 0;
    track.keys = line.is_secured && !line.keys.empty()
                     ? std::make_shared<const call::SrtpKeys>(line.keys)
                     : nullptr;
    common_.ear.learns(*call_, track, now);
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
    if (is_withheld(arrival)) {
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

bool Session::is_withheld(MonoTime arrival) const {
    return arrival >= pause_.from && (pause_.is_on || arrival < pause_.until);
}

void Session::pause(MonoTime now, std::string_view by) {
    if (is_paused()) {
        pause_.is_clients = pause_.is_clients && by == by_client;
        return;
    }
    // One that follows at once is the same one: what arrived in the first may not be read yet.
    if (now - pause_.until >= limits::pause_seam)
        pause_.from = now;
    pause_.is_on = true;
    pause_.is_clients = by == by_client;
    call_->tell(now, "recording-paused", {}, std::string(by));
    common_.ear.tells(*call_, now);
}

void Session::resume(MonoTime now, std::string_view by) {
    if (!is_paused() || (by == by_client && !pause_.is_clients))
        return;
    pause_.is_on = false;
    pause_.until = now;
    call_->tell(now, "recording-resumed", {}, std::string(by));
    common_.ear.tells(*call_, now);
}

void Session::tick(MonoTime now) {
    if (is_paused() && now - pause_.from >= limits::pause_max)
        resume(now, "limit");
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
        const auto to = line.rtcp_at.value_or(
            wire::Endpoint{from->ip, static_cast<std::uint16_t>(from->port + 1)});
        common_.sockets.send_rtcp(line.port, to,
                                  wire::compose_receiver_report({our_ssrc_, {*report}, "naklank"}));
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
