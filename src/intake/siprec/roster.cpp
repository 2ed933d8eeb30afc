#include "intake/siprec/roster.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "call/from_sip.h"

namespace nk::siprec {

namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

// An address of record is a URI, or "user@host", or a bare number or name.
call::Party party_of(const wire::RsParticipant& participant) {
    call::Party party;
    for (const auto& name : participant.names) {  // of several the last: the one added later
        if (!name.aor.empty())
            party.uri = name.aor;
        if (!name.display_name.empty())
            party.name = name.display_name;
    }
    auto parts = wire::parse_uri(party.uri);
    if (!parts && party.uri.find('@') != std::string::npos)
        parts = wire::parse_uri("sip:" + party.uri);
    if (parts)
        party.number = parts->user.empty() ? parts->host : parts->user;
    else
        party.number = party.uri;
    return party;
}

bool is_placeholder(const call::Party& party) {
    return party.name.empty() && party.number.empty();
}

std::string digits_of(std::string_view text) {
    std::string digits;
    for (const char c : text)
        if (c >= '0' && c <= '9')
            digits += c;
    return digits;
}

// Two ways to write one number: with and without the country, the trunk's zero, the domain.
bool is_same_number(std::string_view a, std::string_view b) {
    constexpr std::size_t enough = 7;
    if (a.empty() || b.empty())
        return false;
    if (a == b)
        return true;
    const std::string x = digits_of(a);
    const std::string y = digits_of(b);
    const std::size_t shared = std::min(x.size(), y.size());
    return shared >= enough && x.substr(x.size() - shared) == y.substr(y.size() - shared);
}

std::string number_in(std::string_view text) {
    if (const auto parts = wire::parse_uri(text))
        return parts->user;
    return std::string(text.substr(0, text.find('@')));
}

// Who called or was called, by an extension: a number or URI, or a From or To as Ribbon copies it.
std::string number_said(const wire::RsMetadata& metadata, std::string_view as_number,
                        std::string_view as_field) {
    if (auto number = number_in(metadata.hint(as_number)); !number.empty())
        return number;
    call::Party party;
    call::read_party(party, metadata.hint(as_field));
    return party.number;
}

}  // namespace

// What a document says of each participant, by their id: looked up and not searched for, since
// whoever writes a document decides how long it is.
struct Roster::Said {
    explicit Said(const wire::RsMetadata& metadata) {
        for (const auto& participant : metadata.participants)
            listed.insert(participant.id);
        for (const auto& association : metadata.participant_sessions)
            left[association.participant_id] = association.times.is_over;
        for (const auto& association : metadata.participant_streams)
            flows[association.participant_id].push_back(&association);
    }
    std::set<std::string_view> listed;
    std::map<std::string_view, bool> left;  // as it is said last
    std::map<std::string_view, std::vector<const wire::RsParticipantStream*>> flows;
};

std::size_t Roster::known(std::string_view id) const {
    const auto it = id.empty() ? ids_.end() : ids_.find(id);
    return it == ids_.end() ? nobody : it->second;
}

// Some clients give everybody new ids in every message.
std::size_t Roster::same_person(const call::Party& party, const Said& said) const {
    if (party.uri.empty())
        return nobody;
    for (std::size_t i = 0; i < speakers_.size(); ++i)
        if (speakers_[i].party.uri == party.uri && !said.listed.contains(speakers_[i].id))
            return i;
    return nobody;
}

// Somebody without a name who sent what this participant sends now, and is no longer spoken of.
std::size_t Roster::placeholder_for(std::string_view id, const Said& said) const {
    const auto flows = said.flows.find(id);
    if (flows == said.flows.end())
        return nobody;
    for (const auto* association : flows->second)
        for (const auto& stream : association->send) {
            const auto senders = senders_.find(stream);
            if (senders == senders_.end())
                continue;
            for (const std::size_t speaker : senders->second)
                if (is_placeholder(speakers_[speaker].party) &&
                    !said.listed.contains(speakers_[speaker].id))
                    return speaker;
        }
    return nobody;
}

// Those that speakers have now stay.
void Roster::forget_old_ids(std::size_t coming) {
    if (ids_.size() + coming <= limits::rs_ids_max)
        return;
    std::erase_if(ids_, [this](const auto& one) { return speakers_[one.second].id != one.first; });
}

std::size_t Roster::take_in(const wire::RsParticipant& participant, const Said& said) {
    auto party = party_of(participant);
    std::size_t speaker = known(participant.id);
    if (speaker == nobody)
        speaker = same_person(party, said);
    if (speaker == nobody)
        speaker = placeholder_for(participant.id, said);
    if (speaker == nobody) {
        if (speakers_.size() >= limits::parties_max) {
            ++left_out_;
            return nobody;
        }
        speaker = speakers_.size();
        speakers_.push_back({participant.id, std::move(party), false});
    } else {
        auto& kept = speakers_[speaker];
        kept.id = participant.id;
        if (!is_placeholder(party)) {
            if (party.name.empty())
                party.name = kept.party.name;
            kept.party = std::move(party);
        }
    }
    if (!participant.id.empty())
        ids_[participant.id] = speaker;
    return speaker;
}

void Roster::take_streams(const wire::RsMetadata& metadata) {
    if (!metadata.is_partial && !metadata.streams.empty())
        streams_.clear();
    for (const auto& stream : metadata.streams) {
        const auto known = std::find_if(streams_.begin(), streams_.end(), [&](const auto& s) {
            return !stream.id.empty() ? s.id == stream.id : s.label == stream.label;
        });
        const bool is_mixed = stream.mode == wire::RsMode::mixed;
        if (known == streams_.end()) {
            if (streams_.size() < limits::rs_streams_max)
                streams_.push_back({stream.id, stream.label, is_mixed});
            continue;
        }
        if (!stream.label.empty())
            known->label = stream.label;
        if (stream.mode != wire::RsMode::not_said)
            known->is_mixed = is_mixed;
    }
}

void Roster::take_senders(const wire::RsMetadata& metadata) {
    if (!metadata.is_partial && !metadata.participant_streams.empty())
        sends_.clear();
    std::set<std::size_t> told;  // what is said of one replaces what was said of them before
    for (const auto& association : metadata.participant_streams) {
        const std::size_t speaker = known(association.participant_id);
        if (speaker == nobody)
            continue;
        auto& sends = sends_[speaker];
        if (association.times.is_over) {
            if (association.send.empty())
                sends.clear();
            for (const auto& stream : association.send)
                sends.erase(stream);
            continue;
        }
        if (told.insert(speaker).second)
            sends.clear();
        for (const auto& stream : association.send)
            if (sends.size() < limits::rs_streams_max)
                sends.insert(stream);
    }
}

void Roster::index_senders() {
    senders_.clear();
    for (const auto& [speaker, streams] : sends_)
        for (const auto& stream : streams)
            senders_[stream].push_back(speaker);
}

std::vector<Move> Roster::update(const wire::RsMetadata& metadata) {
    const bool is_first = speakers_.empty();
    const Said said(metadata);
    forget_old_ids(metadata.participants.size());
    std::vector<bool> was_there;
    for (const auto& speaker : speakers_)
        was_there.push_back(speaker.is_there);
    std::vector<bool> is_there = was_there;
    if (!metadata.is_partial && !metadata.participants.empty())
        is_there.assign(speakers_.size(), false);  // who is not in it is not in the call
    for (const auto& participant : metadata.participants) {
        const std::size_t speaker = take_in(participant, said);
        is_there.resize(speakers_.size(), false);
        if (speaker != nobody)
            is_there[speaker] = true;
    }
    for (std::size_t i = 0; i < speakers_.size(); ++i)
        if (const auto left = said.left.find(speakers_[i].id);
            left != said.left.end() && left->second)
            is_there[i] = false;
    was_there.resize(speakers_.size(), false);
    std::vector<Move> moves;
    for (std::size_t i = 0; i < speakers_.size(); ++i) {
        speakers_[i].is_there = is_there[i];
        if (is_there[i] != was_there[i])
            moves.push_back({i, is_there[i]});
    }
    take_streams(metadata);
    take_senders(metadata);
    if (is_first)
        put_caller_first(metadata);
    index_senders();
    return moves;
}

void Roster::add(call::Party party) {
    if (speakers_.size() >= limits::parties_max) {
        ++left_out_;
        return;
    }
    speakers_.push_back({"", std::move(party), true});
}

// Vendors say who called in extensions of their own.
void Roster::put_caller_first(const wire::RsMetadata& metadata) {
    if (speakers_.size() < 2)
        return;
    const std::string calling = number_said(metadata, "callingPartyNumber", "fromhdr");
    const std::string called = number_said(metadata, "calledPartyNumber", "tohdr");
    bool second_called = false;
    if (!calling.empty())
        second_called = is_same_number(speakers_[1].party.number, calling) &&
                        !is_same_number(speakers_[0].party.number, calling);
    if (!second_called && !called.empty())
        second_called = is_same_number(speakers_[0].party.number, called) &&
                        !is_same_number(speakers_[1].party.number, called);
    for (const auto& extension : metadata.extensions)
        if ((extension.name == "callingParty" || extension.name == "callerOrig") &&
            extension.text == "true")
            second_called = second_called || extension.of == speakers_[1].id;
    if (!second_called)
        return;
    std::swap(speakers_[0], speakers_[1]);
    for (auto& [id, speaker] : ids_)
        speaker = speaker < 2 ? 1 - speaker : speaker;
    std::swap(sends_[0], sends_[1]);
}

std::vector<std::size_t> Roster::all_there() const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < speakers_.size(); ++i)
        if (speakers_[i].is_there)
            all.push_back(i);
    return all;
}

std::vector<std::size_t> Roster::all_sending() const {
    auto all = all_there();
    std::erase_if(all, [&](std::size_t speaker) {
        const auto sends = sends_.find(speaker);
        return sends == sends_.end() || sends->second.empty();
    });
    return all;
}

std::vector<std::size_t> Roster::heard_on(std::string_view label, std::size_t place) const {
    const auto stream = std::find_if(streams_.begin(), streams_.end(), [&](const auto& s) {
        return !label.empty() && s.label == label;
    });
    if (stream == streams_.end()) {
        if (streams_.empty() && place < speakers_.size())
            return {place};
        return {};
    }
    if (stream->is_mixed)
        return all_there();
    auto senders = senders_of(stream->id);
    if (!senders.empty())
        return senders;
    // Nothing says who sends it: all of them when it is the only one, unless one alone is said to
    // send anything; else those of whom nothing is known stand in the order of such streams. Who
    // sends another one does not speak on this, were its own sender gone.
    if (streams_.size() == 1) {
        const auto sending = all_sending();
        return sending.size() == 1 ? sending : all_there();
    }
    auto left = static_cast<std::size_t>(std::count_if(
        streams_.begin(), stream, [&](const auto& s) { return senders_of(s.id).empty(); }));
    for (const std::size_t speaker : all_there()) {
        const auto sends = sends_.find(speaker);
        if ((sends == sends_.end() || sends->second.empty()) && left-- == 0)
            return {speaker};
    }
    return {};
}

std::vector<std::size_t> Roster::senders_of(const std::string& stream) const {
    const auto known = senders_.find(stream);
    auto senders = known == senders_.end() ? std::vector<std::size_t>() : known->second;
    std::erase_if(senders, [this](std::size_t speaker) { return !speakers_[speaker].is_there; });
    return senders;
}

}  // namespace nk::siprec
