#include "app/serve_report.h"

#include <nlohmann/json.hpp>

#include "app/aside.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::app {

namespace {

constexpr std::size_t value_bytes_max = 512;  // a Call-ID may be 60 KB long

std::string shortened(const std::string& text) {
    return text.size() <= value_bytes_max ? text : text.substr(0, value_bytes_max) + "...";
}

// A word as it is; anything else in quotes, on one line.
std::string as_value(const std::string& text) {
    const bool is_word = !text.empty() && text.find_first_not_of(
                                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789.:@_+-/[]") == std::string::npos;
    return is_word ? text : nlohmann::json(as_utf8(text)).dump();
}

}  // namespace

void ServeReport::log(std::string_view level, std::string_view event, const Fields& fields) const {
    const auto time = rfc3339(clock_.wall());
    if (as_json_) {
        nlohmann::ordered_json line{{"time", time}, {"level", level}, {"event", event}};
        for (const auto& [name, value] : fields)
            line[std::string(name)] = as_utf8(shortened(value));
        say_aside("{}\n", line.dump());
        return;
    }
    std::string line = fmt::format("{} {} {}", time, level, event);
    for (const auto& [name, value] : fields)
        line += fmt::format(" {}={}", name, as_value(shortened(value)));
    say_aside("{}\n", line);
}

void ServeReport::watched(const WatchNews& news) const {
    Fields fields{{"folder", news.folder}};
    if (!news.trouble.empty()) {
        fields.emplace_back("why", news.trouble);
        return log("warning", "cannot-watch", fields);
    }
    const std::pair<std::string_view, std::uint64_t> counts[] = {
        {"recordings", news.recordings}, {"known", news.known},   {"left", news.left},
        {"failed", news.failed},         {"unsure", news.unsure}, {"people", news.people},
        {"enriched", news.enriched}};
    for (const auto& [name, count] : counts)
        if (count > 0 || name == "recordings")
            fields.emplace_back(name, std::to_string(count));
    if (!news.problems_in.empty())
        fields.emplace_back("problems_in", news.problems_in);
    log(news.problems_in.empty() ? "info" : "warning", "brought", fields);
}

void ServeReport::sealed(const recording::RecordingFacts& facts) {
    std::uint64_t lost = 0;
    std::uint64_t dropped = 0;
    for (const auto& track : facts.tracks) {
        lost += track.packets.lost;
        dropped += track.packets.dropped_by_us;
    }
    log("info", "sealed",
        {{"id", facts.id},
         {"call_id", facts.call.sip_call_id},
         {"seconds", fmt::format("{:.1f}", static_cast<double>(facts.duration.count()) / 1e9)},
         {"tracks", std::to_string(facts.tracks.size())},
         {"lost", std::to_string(lost)},
         {"dropped_by_us", std::to_string(dropped)},
         {"ending", std::string(call::name_of(facts.call.ending))}});
}

void ServeReport::failed(const call::Story& story, const Error& error) {
    log("error", "not-kept", {{"call_id", story.sip_call_id}, {"why", error.what}});
}

void ServeReport::warn(const std::string& sentence) {
    log("warning", "trouble", {{"what", sentence}});
}

}  // namespace nk::app
