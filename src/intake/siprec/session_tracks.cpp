// Who is heard on which line of a recording session, and onto which track that goes: from the
// metadata, or from what else names somebody.

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "call/from_sip.h"
#include "intake/siprec/brands.h"
#include "intake/siprec/session.h"
#include "wire/rs_metadata.h"

namespace nk::siprec {

namespace {

std::string role_of(std::size_t place) {
    if (place < 2)
        return place == 0 ? "caller" : "callee";
    return "party-" + std::to_string(place + 1);
}

// RFC 7865 has UUIDs: names that nobody else draws. A shorter one ("1", "s1") is a client's own
// counting, so it is a key among what that client records at about that time.
std::string key_of(std::string_view kind, std::string_view id, const wire::IpAddress& client) {
    constexpr std::size_t unique_from = 8;  // bytes
    const std::string whose = id.size() < unique_from ? "@" + client.text() : "";
    return std::string(kind) + whose + ":" + std::string(id);
}

std::string short_name(const call::Party& party) {
    if (party.name.empty())
        return party.number;
    return party.number.empty() ? party.name : party.name + " (" + party.number + ")";
}

}  // namespace

void Session::take_metadata(Bytes xml, MonoTime now) {
    call_->keep(now, "application/rs-metadata+xml", as_text(xml));
    const auto metadata = wire::parse_rs_metadata(xml);
    if (!metadata) {
        call_->note("metadata-unreadable", now);
        return;
    }
    if (!metadata->faults.empty())
        call_->note("metadata-malformed", now);
    const auto add_key = [&](std::string_view kind, const std::string& id) {
        if (!id.empty())
            call_->add_key(key_of(kind, id, client_));
    };
    for (const auto& group : metadata->groups)
        add_key("siprec-group", group.id);
    for (const auto& session : metadata->sessions) {
        add_key("siprec-session", session.id);
        for (const auto& group : session.group_ids)
            add_key("siprec-group", group);
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

// A line for which there is no track is not received: it is answered with port 0.
void Session::assign_tracks(MonoTime now) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        auto& line = lines_[i];
        if (line.port != 0)
            assign(line, i, now);
        if (line.track == nullptr)
            release_port(line, now);
    }
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
        if (track != nullptr)
            put_track(line, *track, now);
        else if (line.track == nullptr || !std::exchange(line.track->is_mixed, true))
            call_->note("tracks-left-out", now);  // and nobody's words under another's name alone
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

}  // namespace nk::siprec
