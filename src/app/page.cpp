#include "app/page.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/table.h"
#include "app/text.h"
#include "archive/layout.h"
#include "base/rfc3339.h"

namespace nk::app {

namespace {

using recording::GapCause;
using recording::RecordingFacts;
using recording::TrackFacts;

struct Sign {
    std::string_view cause;  // by name, so that a new cause needs no change here
    char sign;
    Colour colour;
    std::string_view meaning;
};
constexpr char sound_sign = '#';
constexpr char dropped_sign = 'x';
constexpr std::array<Sign, 11> signs{{{"", sound_sign, Colour::green, "sound"},
                                      {"loss", '!', Colour::red, "lost by the network"},
                                      {"dropped-by-us", dropped_sign, Colour::red, "dropped by us"},
                                      {"silence", '.', Colour::dim, "silence the sender chose"},
                                      {"hold", '=', Colour::yellow, "hold"},
                                      {"paused", '~', Colour::yellow, "sender paused"},
                                      {"withheld", '/', Colour::yellow, "recording paused"},
                                      {"key-press", '-', Colour::blue, "key press"},
                                      {"undecodable", '?', Colour::yellow, "undecodable"},
                                      {"not-begun", ' ', Colour::plain, "not begun"},
                                      {"ended", ' ', Colour::plain, "ended"}}};

const Sign& sign_of(char sign) {
    const auto* it =
        std::find_if(signs.begin(), signs.end(), [sign](const Sign& s) { return s.sign == sign; });
    return it == signs.end() ? signs.front() : *it;
}

std::size_t sign_index(GapCause cause) {
    for (std::size_t i = 1; i < signs.size(); ++i)
        if (signs[i].cause == recording::name_of(cause))
            return i;
    return 3;  // a cause we have no sign for is at least no sound
}

// How much of one cell is filled by each sign, in samples; a cell may be less than one sample wide.
using Filling = std::array<double, signs.size()>;

std::string coloured(const std::string& strip, const Look& look) {
    if (!look.colour)
        return strip;
    std::string out;
    for (std::size_t i = 0; i < strip.size();) {
        const std::size_t end = std::min(strip.find_first_not_of(strip[i], i), strip.size());
        out += look.paint(std::string_view(strip).substr(i, end - i), sign_of(strip[i]).colour);
        i = end;
    }
    return out;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 37> explanations{{
    {"ack-missing", "The recording client never acknowledged the answer to its INVITE."},
    {"began-before-the-capture",
     "The call was first seen in its middle; its beginning is not here."},
    {"bye-missing", "The call was answered and fell silent without a BYE."},
    {"capture-dropped-packets",
     "The machine dropped packets while the call ran, of this call or of others."},
    {"capture-ended", "The capture stopped while the call went on."},
    {"clock-leapt", "The capture's clock leapt; the time line goes on without the leap."},
    {"codec-guessed", "No signalling named the codec; every packet agreed with this one."},
    {"documents-left-out", "There was more metadata than a recording keeps."},
    {"duplicate-packets", "Packets came twice, as from a mirror that sees them twice."},
    {"events-left-out", "There were more events than a recording keeps."},
    {"goes-on-in-another-recording",
     "Signalling named the media in mid-call; the recording that follows is linked."},
    {"journal-damaged",
     "The journal was damaged while the call was in it; what stood there is missing."},
    {"key-presses-left-out", "There were more key presses than a recording keeps."},
    {"key-presses-withheld",
     "Keys were pressed while the recording was paused; which, is not kept."},
    {"media-encrypted", "The media is encrypted and was not decoded; its payload is kept."},
    {"media-from-a-stranger", "Packets came from somebody that no one named; they were left out."},
    {"media-from-unnamed-port", "Packets came from a port that no SDP named, as behind NAT."},
    {"media-without-signalling", "No SIP named this media; who called whom is not known."},
    {"metadata-malformed",
     "The recording client's metadata breaks its form; it was used as far as it goes."},
    {"metadata-unreadable",
     "The recording client's metadata cannot be read; it is kept as it came."},
    {"no-media", "The call was answered and no media was seen."},
    {"one-sided", "Only one of the parties was heard."},
    {"parties-left-out", "There were more parties than a recording keeps."},
    {"recorder-stopped",
     "The recorder was cut off while the call ran; what was said after that is missing."},
    {"samples-overlap",
     "Packets carried more samples than their time stamps leave room for; the overlap was cut."},
    {"sdp-malformed", "A session description breaks its grammar; it was used as far as it goes."},
    {"sealed-anew",
     "An earlier recording of this call was made while its journal was damaged; this one was made "
     "of all that could be read later."},
    {"sender-paused", "A sender stopped and went on without moving its time stamps."},
    {"sequence-restarted", "A sender began its sequence numbers anew in mid-call."},
    {"sip-malformed", "A SIP message breaks its grammar; it was used as far as it goes."},
    {"srtp-authentication-failed",
     "No key in the signalling fits these packets; their payload is kept."},
    {"ssrc-changed", "A party's SSRC changed; its track goes on."},
    {"streams-left-out", "There were more streams than a track keeps."},
    {"timestamps-leapt",
     "Time stamps leapt ahead of the clock; the stream went on at the clock's time."},
    {"too-late", "Packets came after their place had been written; they are counted, not heard."},
    {"tracks-left-out", "There were more tracks than a recording keeps."},
    {"undecodable-codec", "There is no decoder for this codec; its payload is kept."},
}};

std::string line(const Look& look, std::string_view name, const std::string& value) {
    return look.paint(fmt::format("{:<13}", name), Colour::dim) + value + "\n";
}

std::string sound_text(const RecordingFacts& facts, const std::string& root) {
    if (!facts.audio)
        return "none";
    const auto& a = *facts.audio;
    return fmt::format("{}  ({}, {} Hz, {} channel{}, {})",
                       terminal_text(archive::recording_folder(root, facts.id) + "/" + a.file),
                       terminal_text(a.format), a.rate_hz, a.channels, a.channels == 1 ? "" : "s",
                       size_text(a.bytes));
}

// "stopped T, resumed T" of a recovered call, in local time; any other text as it stands.
std::string cut_off_text(std::string_view detail) {
    constexpr std::string_view stopped = "stopped ";
    constexpr std::string_view resumed = ", resumed ";
    const auto comma = detail.find(resumed);
    if (!detail.starts_with(stopped) || comma == std::string_view::npos)
        return terminal_text(detail);
    const auto from = wall_time_in(detail.substr(stopped.size(), comma - stopped.size()));
    const auto to = wall_time_in(detail.substr(comma + resumed.size()));
    if (!from || !to)
        return terminal_text(detail);
    return fmt::format("recorder stopped {}, resumed {}", local_time_text(*from),
                       local_time_text(*to));
}

std::string cut_off_of_page(const RecordingFacts& facts, const Look& look) {
    std::string out;
    for (const auto& event : facts.call.events)
        if (event.what == "recorder-stopped" && !event.detail.empty())
            out += line(look, "cut off", cut_off_text(event.detail));
    return out;
}

std::string head_of_page(const RecordingFacts& facts, const std::string& root,
                         const std::optional<archive::Conversation>& conversation,
                         const Look& look) {
    std::string out = look.paint(facts.id, Colour::bold) + "\n";
    for (std::size_t i = 0; i < facts.call.parties.size(); ++i) {
        const auto& p = facts.call.parties[i];
        const bool is_told = p.uri.empty() || party_text(p) == terminal_text(p.uri);
        const std::string uri = is_told ? "" : "  " + terminal_text(p.uri);
        out += line(look, terminal_text(p.role), party_text(p) + look.paint(uri, Colour::dim));
    }
    out += line(look, "started", local_time_text(facts.started));
    out += line(look, "length", length_text(facts.duration));
    out += line(
        look, "ending",
        fmt::format("{}, {}", facts.call.answered ? "answered" : "not answered",
                    name_of(facts.call.ending)) +
            (facts.call.final_status > 0 ? fmt::format(", SIP status {}", facts.call.final_status)
                                         : ""));
    out += cut_off_of_page(facts, look);
    out += line(look, "kept for",
                fmt::format("{}, captured on the basis {}, door {}", name_of(facts.purpose),
                            name_of(facts.basis), name_of(facts.door)));
    out += line(look, "sound", sound_text(facts, root));
    if (conversation)
        out += line(
            look, "conversation",
            fmt::format("{} recordings; {}", conversation->members.size(),
                        conversation->best == facts.id ? "this is the best copy"
                                                       : "the best copy is " + conversation->best));
    return out;
}

std::string codecs_text(const TrackFacts& track) {
    std::vector<std::string> parts;
    for (const auto& c : track.codecs)
        parts.push_back(fmt::format("{} ({} packets)", terminal_text(c.name), c.packets));
    return parts.empty() ? "no packets" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string tracks_of_page(const RecordingFacts& facts, const Look& look) {
    std::string out;
    for (const auto& t : facts.tracks) {
        const std::string who = t.is_mixed ? "all parties together"
                                : t.party < facts.call.parties.size()
                                    ? terminal_text(facts.call.parties[t.party].role)
                                    : "unknown";
        const auto& p = t.packets;
        out += fmt::format("\n{}  {}\n",
                           look.paint(fmt::format("track {}, {}", t.number, who), Colour::bold),
                           codecs_text(t));
        out += fmt::format(
            "packets      {} received, {} lost, {} late, {} duplicate, {} dropped by us, "
            "{} undecodable{}\n",
            p.received, p.lost, p.late, p.duplicate, p.dropped_by_us, p.undecodable,
            p.withheld > 0 ? fmt::format(", {} withheld", p.withheld) : "");
        if (!t.srtp.empty())
            out += "decrypted    " + terminal_text(t.srtp) + "\n";
        if (facts.audio)
            out += "[" + coloured(strip_of(t, facts.audio->frames), look) + "]\n";
    }
    return out;
}

// Where this machine dropped packets, of whomever they were; one that dropped none says nothing.
std::string drops_of_page(const RecordingFacts& facts, const Look& look) {
    if (facts.drops.empty())
        return {};
    std::uint64_t packets = 0;
    for (const auto& d : facts.drops)
        packets = packets + d.packets < packets ? ~std::uint64_t{0} : packets + d.packets;
    const bool is_one = facts.drops.size() == 1;
    std::string out = fmt::format("\n{}  {} packet{} in {} interval{}\n",
                                  look.paint("dropped by this machine", Colour::bold), packets,
                                  packets == 1 ? "" : "s", facts.drops.size(), is_one ? "" : "s");
    if (facts.audio)
        out += "[" + coloured(strip_of_drops(facts, facts.audio->frames), look) + "]\n";
    return out;
}

// Only the signs that the strips use.
std::string legend(const RecordingFacts& facts, const Look& look) {
    std::string used;
    for (const auto& t : facts.tracks)
        if (facts.audio)
            used += strip_of(t, facts.audio->frames);
    if (facts.audio)
        used += strip_of_drops(facts, facts.audio->frames);
    std::string out;
    for (const auto& s : signs)
        if (s.sign != ' ' && used.find(s.sign) != std::string::npos)
            out += (out.empty() ? "" : "   ") + look.paint(std::string(1, s.sign), s.colour) + " " +
                   std::string(s.meaning);
    return out.empty() ? out : out + "\n";
}

std::string oddities_of_page(const RecordingFacts& facts, const Look& look) {
    std::string out;
    for (const auto& o : facts.call.oddities) {
        const std::string times = o.count > 1 ? fmt::format(" ({} times)", o.count) : "";
        const auto words = explanation_of(o.name);
        out += look.paint(terminal_text(o.name), Colour::yellow) + times +
               (words.empty() ? "" : ": " + std::string(words)) + "\n";
    }
    return out.empty() ? out : "\n" + look.paint("what was odd", Colour::bold) + "\n" + out;
}

std::string keys_of_page(const RecordingFacts& facts, const Look& look) {
    std::string out;
    for (const auto& k : facts.call.key_presses)
        out += fmt::format(
            "{:>8}  {} pressed {}\n",
            length_text(milliseconds(static_cast<std::int64_t>(std::clamp(k.at_ms, 0.0, 1e12)))),
            k.party < facts.call.parties.size() ? terminal_text(facts.call.parties[k.party].role)
                                                : "unknown",
            terminal_text(k.key));
    return out.empty() ? out : "\n" + look.paint("keys", Colour::bold) + "\n" + out;
}

// Who paused or resumed the recording, in words; any other detail as it stands.
std::string detail_text(const call::Event& event) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> who{{
        {"client", "by the recording client"},
        {"request", "asked for at this machine"},
        {"limit", "a pause lasts no longer"},
    }};
    if (event.what.starts_with("recording-"))
        for (const auto& [by, words] : who)
            if (event.detail == by)
                return std::string(words);
    return terminal_text(event.detail);
}

std::string events_of_page(const RecordingFacts& facts, const Look& look) {
    constexpr std::size_t shown_max = 100;
    std::string out;
    for (std::size_t i = 0; i < std::min(facts.call.events.size(), shown_max); ++i) {
        const auto& e = facts.call.events[i];
        const auto at = milliseconds(std::clamp<std::int64_t>(e.at_ms, 0, 1'000'000'000'000));
        out += fmt::format("{:>8}  {}", e.at_ms < 0 ? "before" : length_text(at),
                           terminal_text(e.what));
        if (e.party && *e.party < facts.call.parties.size())
            out += ", " + terminal_text(facts.call.parties[*e.party].role);
        out += (e.detail.empty() ? "" : ": " + detail_text(e)) + "\n";
    }
    if (facts.call.events.size() > shown_max)
        out += fmt::format("{:>8}  and {} more, told by --json\n", "",
                           facts.call.events.size() - shown_max);
    return out.empty() ? out : "\n" + look.paint("what happened", Colour::bold) + "\n" + out;
}

}  // namespace

std::string strip_of(const TrackFacts& track, std::uint64_t frames) {
    if (frames == 0)
        return std::string(strip_cells, ' ');
    const auto all = static_cast<double>(frames);
    const double width = all / static_cast<double>(strip_cells);
    std::vector<Filling> cells(strip_cells);
    for (auto& cell : cells)
        cell[0] = width;
    for (const auto& gap : track.gaps) {
        const double from = std::min(static_cast<double>(gap.from), all);
        const double to = std::min(from + static_cast<double>(gap.length), all);
        for (auto i = static_cast<std::size_t>(from / width); i < strip_cells; ++i) {
            const double begin = std::max(from, width * static_cast<double>(i));
            const double end = std::min(to, width * static_cast<double>(i + 1));
            if (begin >= to)
                break;
            if (begin >= end)  // the division above rounded down across an edge
                continue;
            cells[i][sign_index(gap.cause)] += end - begin;
            cells[i][0] -= end - begin;
        }
    }
    std::string strip;
    for (const auto& cell : cells) {
        auto most =
            static_cast<std::size_t>(std::max_element(cell.begin(), cell.end()) - cell.begin());
        for (const std::size_t alarm : {std::size_t{1}, std::size_t{2}})  // loss, dropped by us
            if (cell[alarm] > 0)
                most = alarm;
        strip += signs[most].sign;
    }
    return strip;
}

std::string strip_of_drops(const RecordingFacts& facts, std::uint64_t frames) {
    std::string strip(strip_cells, ' ');
    if (frames == 0)
        return strip;
    const double width = static_cast<double>(frames) / static_cast<double>(strip_cells);
    for (const auto& drop : facts.drops) {
        if (drop.to < 0 || (drop.from >= 0 && static_cast<std::uint64_t>(drop.from) >= frames))
            continue;
        const auto cell = [&](std::int64_t at) {
            const double place = std::floor(static_cast<double>(at) / width);
            return static_cast<std::size_t>(
                std::clamp(place, 0.0, static_cast<double>(strip_cells - 1)));
        };
        for (std::size_t i = cell(drop.from); i <= cell(drop.to); ++i)
            strip[i] = dropped_sign;
    }
    return strip;
}

std::string_view explanation_of(std::string_view oddity) {
    for (const auto& [name, words] : explanations)
        if (name == oddity)
            return words;
    return {};
}

std::string recording_page(const RecordingFacts& facts, const std::string& archive_root,
                           const std::optional<archive::Conversation>& conversation,
                           const Look& look) {
    return head_of_page(facts, archive_root, conversation, look) + tracks_of_page(facts, look) +
           drops_of_page(facts, look) + legend(facts, look) + events_of_page(facts, look) +
           keys_of_page(facts, look) + oddities_of_page(facts, look);
}

}  // namespace nk::app
