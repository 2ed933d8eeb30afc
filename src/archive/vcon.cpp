#include "archive/vcon.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "archive/detail/facts_json.h"
#include "archive/original.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::archive {

namespace {

using detail::Json;
using recording::RecordingFacts;

constexpr std::string_view syntax = "0.4.0";
constexpr std::string_view attachment_purpose = "naklank-recording";

bool looks_like_telephone_number(std::string_view text) {
    const bool has_digit = text.find_first_of("0123456789") != std::string_view::npos;
    return has_digit && text.find_first_not_of("+0123456789*#-.()") == std::string_view::npos;
}

Json party(const call::Party& p) {
    Json out = Json::object();
    if (looks_like_telephone_number(p.number))
        out["tel"] = p.number;
    if (!p.uri.empty())
        out["sip"] = as_utf8(p.uri);
    if (!p.name.empty())
        out["name"] = as_utf8(p.name);
    return out;
}

// The recorder contributed the attachment, so it is a party too: the last one.
Json parties(const RecordingFacts& facts) {
    Json out = Json::array();
    for (const auto& p : facts.call.parties)
        out.push_back(party(p));
    out.push_back({{"name", "Naklank"}, {"type", "bot"}});
    return out;
}

double finite_or_0(double value) {
    return std::isfinite(value) ? value : 0;
}

struct Moment {
    double at_ms;  // since the recording's start
    std::size_t party;
    std::string event;
    std::string button;
    std::size_t order = 0;
};

// Events of the call that the draft has a name for (party_history).
void add_event(const call::Event& e, const RecordingFacts& facts, std::vector<Moment>& out) {
    const auto at = static_cast<double>(e.at_ms);
    const std::size_t party_count = facts.call.parties.size();
    if (e.what == "invited" && party_count > 0)
        out.push_back({at, e.party.value_or(0), "join", {}, 0});
    else if (e.what == "answered" && party_count > 1)
        out.push_back({at, e.party.value_or(1), "join", {}, 0});
    else if (e.what == "held" && e.party)
        out.push_back({at, *e.party, "hold", {}, 0});
    else if (e.what == "resumed" && e.party)
        out.push_back({at, *e.party, "unhold", {}, 0});
    else if (e.what == "ended" && e.party)
        out.push_back({at, *e.party, "drop", {}, 0});
    else if (e.what == "ended")
        for (std::size_t i = 0; i < party_count; ++i)
            out.push_back({at, i, "drop", {}, 0});
}

// A moment of the call on the wall. The milliseconds may come from a file, so they are kept within
// what a time can hold.
WallTime moment_of(WallTime started, double ms) {
    constexpr std::int64_t far_ns = 4'000'000'000'000'000'000;  // 126 years
    constexpr auto far = static_cast<double>(far_ns);
    const auto ns = static_cast<std::int64_t>(std::clamp(ms * 1e6, -far, far));
    return WallTime{std::clamp(started.ns, -far_ns, far_ns)} + Nanos(ns);
}

Json party_history(const RecordingFacts& facts) {
    std::vector<Moment> moments;
    for (const auto& e : facts.call.events)
        add_event(e, facts, moments);
    for (const auto& k : facts.call.key_presses) {
        const std::string button = as_utf8(k.key);
        moments.push_back({finite_or_0(k.at_ms), k.party, "keydown", button, 0});
        moments.push_back({finite_or_0(k.at_ms + k.duration_ms), k.party, "keyup", button, 0});
    }
    // Of one moment, in the order they were told. (Not std::stable_sort: libstdc++'s own is one
    // that clang refuses as deprecated.)
    for (std::size_t i = 0; i < moments.size(); ++i)
        moments[i].order = i;
    std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
        return std::tie(a.at_ms, a.order) < std::tie(b.at_ms, b.order);
    });
    Json out = Json::array();
    for (const auto& m : moments) {
        Json entry{{"party", m.party},
                   {"time", rfc3339(moment_of(facts.started, m.at_ms))},
                   {"event", m.event}};
        if (!m.button.empty())
            entry["button"] = m.button;
        out.push_back(std::move(entry));
    }
    return out;
}

// One element per channel (Dialog Object, "parties"): the party heard on it, all of them in a list
// when it is mixed, null when there is none.
Json parties_by_channel(const RecordingFacts& facts) {
    Json everybody = Json::array();
    for (std::size_t i = 0; i < facts.call.parties.size(); ++i)
        everybody.push_back(i);
    Json out = Json::array();
    for (std::uint32_t channel = 1; facts.audio && channel <= facts.audio->channels; ++channel) {
        Json heard = nullptr;
        for (const auto& t : facts.tracks)
            if (t.number == channel)
                heard = t.is_mixed ? everybody : Json(t.party);
        out.push_back(std::move(heard));
    }
    return out;
}

// "sha512-" and the digest in base64url without padding (RFC 4648 5).
std::string content_hash(std::string_view algorithm, std::string_view hex) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const auto nibble = [](char c) -> std::uint32_t {
        return static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10) & 15;
    };
    std::string out(algorithm);
    out += '-';
    std::uint32_t bits = 0;
    int bit_count = 0;
    for (const char c : hex) {
        bits = (bits << 4 | nibble(c)) & 0xfff;
        bit_count += 4;
        if (bit_count >= 6) {
            bit_count -= 6;
            out += letters[bits >> bit_count & 63];
        }
    }
    if (bit_count > 0)
        out += letters[bits << (6 - bit_count) & 63];
    return out;
}

// Why there is no sound, in the words the draft allows (Dialog Object, "disposition").
std::string_view disposition(const call::CallFacts& call) {
    if (call.answered)
        return "hung-up";  // connected, and nothing was said
    switch (call.final_status) {
        case 486:
        case 600:
            return "busy";
        case 503:
            return "congestion";
        case 408:
        case 480:
        case 487:
            return "no-answer";
        default:
            break;
    }
    const bool gave_up = call.ending == call::Ending::cancelled ||
                         call.ending == call::Ending::timed_out ||
                         call.ending == call::Ending::capture_ended;
    return gave_up ? "no-answer" : "failed";
}

std::string codec_of(const RecordingFacts& facts) {
    return facts.tracks.empty() ? "" : facts.tracks.front().codec;
}

Json dialog(const RecordingFacts& facts) {
    Json out{{"type", facts.audio ? "recording" : "incomplete"}, {"start", rfc3339(facts.started)}};
    if (facts.audio) {
        out["duration"] = static_cast<double>(to_ms(facts.duration)) / 1000.0;
        out["parties"] = parties_by_channel(facts);
    } else {
        out["disposition"] = disposition(facts.call);
        out["parties"] = Json::array();
        for (std::size_t i = 0; i < facts.call.parties.size(); ++i)
            out["parties"].push_back(i);
    }
    // Who began a call that was brought, nobody may know.
    if (!facts.call.parties.empty() &&
        (!facts.brought || facts.call.parties.front().role == "caller"))
        out["originator"] = 0;  // party 0 is the caller (call/facts.h)
    if (const auto& audio = facts.audio) {
        out["mediatype"] = facts.brought ? media_type_of(facts.brought->container, codec_of(facts))
                                         : "audio/" + as_utf8(audio->format);
        out["filename"] = as_utf8(audio->file);
        out["url"] = as_utf8(audio->file);  // relative: it lies beside this file
        out["content_hash"] = {content_hash("sha512", audio->sha512),
                               content_hash("sha256", audio->sha256)};
    }
    if (Json history = party_history(facts); !history.empty())
        out["party_history"] = std::move(history);
    return out;
}

// The facts end with their own hash, so that a flipped bit among them shows (archive/verify.h). It
// is no seal: who changes facts on purpose can hash them too.
Json body(const RecordingFacts& facts) {
    Json out = detail::to_json(facts);
    out["facts_sha256"] = sha256_hex(as_bytes(out.dump()));
    return out;
}

Result<RecordingFacts> facts_in_attachments(const Json& vcon) {
    const auto attachments = vcon.find("attachments");
    if (attachments != vcon.end() && attachments->is_array())
        for (const auto& attachment : *attachments) {
            if (!attachment.is_object() ||
                attachment.value("purpose", Json()) != Json(attachment_purpose))
                continue;
            const auto body = attachment.find("body");
            if (body == attachment.end())
                return refuse(Code::malformed, Blame::peer, "its attachment has no body");
            return detail::facts_in(*body);
        }
    return refuse(Code::unsupported, Blame::peer,
                  "it has no attachment with purpose \"" + std::string(attachment_purpose) + "\"");
}

Result<Json> parse(std::string_view text) {
    if (text.size() > limits::vcon_bytes_max)
        return refuse(Code::limit, Blame::peer, "it is larger than a vCon of ours can be");
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        return refuse(Code::malformed, Blame::peer,
                      "it is not JSON, from byte " + std::to_string(error.byte) + " on");
    } catch (const Json::exception& error) {  // a number beyond a double, for one
        return refuse(Code::malformed, Blame::peer, error.what());
    }
}

}  // namespace

std::string to_vcon(const RecordingFacts& facts) {
    const Json vcon{{"vcon", syntax},
                    {"uuid", as_utf8(facts.uuid)},
                    {"extensions", {"naklank"}},
                    {"created_at", rfc3339(facts.sealed_at)},
                    {"parties", parties(facts)},
                    {"dialog", Json::array({dialog(facts)})},
                    {"attachments", Json::array({Json{{"purpose", attachment_purpose},
                                                      {"start", rfc3339(facts.started)},
                                                      {"party", facts.call.parties.size()},
                                                      {"dialog", 0},
                                                      {"mediatype", "application/json"},
                                                      {"encoding", "json"},
                                                      {"body", body(facts)}}})}};
    return vcon.dump(1) + "\n";
}

Result<RecordingFacts> from_vcon(std::string_view text) {
    NK_TAKE(const Json vcon, parse(text));
    if (!vcon.is_object() || vcon.value("vcon", Json()) != Json(syntax))
        return refuse(Code::unsupported, Blame::peer,
                      "it is not a vCon of syntax " + std::string(syntax));
    NK_TAKE(auto facts, facts_in_attachments(vcon));
    if (vcon.value("uuid", Json()) != Json(facts.uuid))
        return refuse(Code::malformed, Blame::peer, "its two uuids differ");
    return facts;
}

std::string to_summary(const RecordingFacts& facts) {
    RecordingFacts brief = facts;
    brief.call.events.clear();
    brief.call.key_presses.clear();
    brief.drops.clear();
    brief.drops_left_out = 0;
    for (auto& t : brief.tracks) {
        t.gaps.clear();
        t.media_marks.clear();
    }
    return detail::to_json(brief).dump();
}

Result<RecordingFacts> from_summary(std::string_view text) {
    NK_TAKE(const Json object, parse(text));
    return detail::facts_in(object);
}

}  // namespace nk::archive
