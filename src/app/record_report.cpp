#include "app/record_report.h"

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/json.h"
#include "app/left_runs.h"
#include "app/table.h"
#include "app/text.h"
#include "base/limits.h"

namespace nk::app {

RecordReport::RecordReport(const RecordOptions& options, std::string archive_root,
                           archive::Catalogue* catalogue)
    : options_(options),
      archive_root_(std::move(archive_root)),
      catalogue_(catalogue),
      is_live_(!options.interface_name.empty()) {}

void RecordReport::begin() {
    if (options_.json)
        fmt::print("[");
    else if (is_live_ && !options_.quiet)
        say_aside("Recording calls on {}; Ctrl-C finishes what is running and ends.\n",
                  options_.interface_name);
    std::fflush(stdout);
}

// A file's recordings are told when all are known, because only then it is known which belong
// together; live ones as they are sealed.
void RecordReport::sealed(const recording::RecordingFacts& facts) {
    if (options_.quiet && !options_.json)
        return;
    if (!is_live_ && sealed_.size() >= limits::reported_recordings_max) {
        ++left_out_;
        return;
    }
    recording::RecordingFacts brief = facts;
    for (auto& track : brief.tracks) {
        track.gaps = {};
        track.media_marks = {};
    }
    sealed_.push_back(std::move(brief));
    if (is_live_) {
        print({{sealed_.back(), std::nullopt}});
        sealed_.clear();
    }
}

void RecordReport::print(const std::vector<archive::Entry>& entries) {
    if (!options_.json) {
        print_recordings(entries, archive_root_);
        std::fflush(stdout);
        return;
    }
    for (const auto& entry : entries)
        fmt::print("{}\n{}", printed_++ == 0 ? "" : ",",
                   describe(entry.facts, archive_root_, entry.conversation).dump());
    std::fflush(stdout);
}

void RecordReport::failed(const call::Story& story, const Error& error) {
    warn(fmt::format("the call of {} could not be kept: {}", local_time_text(story.began_wall),
                     error.what));
}

void RecordReport::warn(const std::string& sentence) {
    say_aside("naklank record: {}\n", sentence);
}

void RecordReport::end(const call::BookCounts& calls, const tap::TapCounts& packets,
                       const SourceCounts& source) {
    std::vector<archive::Entry> entries;
    for (auto& facts : sealed_) {
        std::optional<archive::Conversation> conversation;
        if (catalogue_ != nullptr)
            if (auto found = catalogue_->conversation_of(facts.id))
                conversation = std::move(*found);
        entries.push_back({std::move(facts), std::move(conversation)});
    }
    if (!entries.empty())
        print(entries);
    if (options_.json)
        fmt::print("{}]\n", printed_ == 0 ? "" : "\n");
    else if (!options_.quiet)
        summary(calls, packets, source);
}

void RecordReport::summary(const call::BookCounts& calls, const tap::TapCounts& packets,
                           const SourceCounts& source) const {
    std::string text =
        fmt::format("{} packets, {}", packets.packets,
                    calls.calls == 1 ? "1 call" : fmt::format("{} calls", calls.calls));
    const auto add = [&text](std::uint64_t count, std::string_view one, std::string_view many) {
        if (count > 0)
            text += fmt::format("; {} {}", count, count == 1 ? one : many);
    };
    add(left_out_, "recording is in the archive but not in this table",
        "recordings are in the archive but not in this table");
    add(calls.attempts, "attempt nobody answered, not recorded",
        "attempts nobody answered, not recorded");
    add(packets.stray_flows, "flow that looked like media and belongs to no call",
        "flows that looked like media and belong to no call");
    add(packets.other_media, "packet of fax or video, not recorded",
        "packets of fax or video, not recorded");
    add(packets.flows_refused, "media packet beyond the table of flows",
        "media packets beyond the table of flows");
    add(packets.after_calls, "media packet after its call had ended",
        "media packets after their calls had ended");
    add(packets.sip_refused, "unreadable SIP message", "unreadable SIP messages");
    const std::string no_key = " had no key in " + options_.tls_keylog;
    add(packets.tls.without_key, "TLS connection" + no_key, "TLS connections" + no_key);
    add(packets.tls.without_beginning, "TLS connection whose beginning was not captured",
        "TLS connections whose beginning was not captured");
    add(packets.tls.with_hole, "TLS connection not read on after missing bytes",
        "TLS connections not read on after missing bytes");
    add(packets.tls.unreadable, "TLS connection that could not be read",
        "TLS connections that could not be read");
    add(packets.cut_short, "packet cut short by the capture", "packets cut short by the capture");
    add(packets.clock_leaps, "leap of the capture's clock", "leaps of the capture's clock");
    add(calls.refused_calls, "call refused: too many at once", "calls refused: too many at once");
    add(source.dropped_by_us, "packet dropped by this machine", "packets dropped by this machine");
    if (is_live_)
        text += fmt::format("; packets waited in at most {} % of the room for them",
                            source.fill_percent_max);
    say_aside("{}.\n", text);
}

}  // namespace nk::app
