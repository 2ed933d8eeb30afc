#include "app/import/words.h"

#include <algorithm>

#include <fmt/format.h>

namespace nk::app {

namespace {

constexpr std::size_t people_named = 5;
constexpr std::size_t sentences_max = 1'000;

std::string plural(std::uint64_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

std::string_view name_of(Became became) {
    switch (became) {
        case Became::recording:
            return "recording";
        case Became::known:
            return "known";
        case Became::left:
            return "left";
        case Became::failed:
            return "failed";
    }
    return "";
}

void ImportReport::add(const Outcome& outcome) {
    ++counts_[static_cast<std::size_t>(outcome.became)];
    const auto sentence = outcome.source.name + ": " + outcome.why;
    if (outcome.became == Became::failed && wrong_.size() < sentences_max)
        wrong_.push_back(sentence);
    if (outcome.became != Became::recording)
        return;
    messages_ += outcome.known.is_message ? 1 : 0;
    unsure_ += outcome.known.is_unsure() ? 1 : 0;
    const auto& known = outcome.known;
    const auto who = !known.names.empty()     ? known.names.front()
                     : !known.numbers.empty() ? known.numbers.front()
                                              : "";
    if (!who.empty())
        ++with_[who];
}

std::string ImportReport::summary() const {
    std::string out;
    const auto calls = recordings() - messages_;
    if (recordings() == 0)
        out = known() > 0                    ? "Nothing that was not there already"
              : people_ > 0 || enriched_ > 0 ? "No sound, but a telephone's lists"
                                             : "No sound was found";
    else
        out = plural(calls, "call", "calls");
    if (messages_ > 0)
        out += fmt::format("{}{}", calls > 0 ? " and " : "",
                           plural(messages_, "voice message", "voice messages"));
    std::vector<std::pair<std::string, std::uint64_t>> people(with_.begin(), with_.end());
    std::stable_sort(people.begin(), people.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (std::size_t i = 0; i < std::min(people.size(), people_named); ++i)
        out += fmt::format("{} {} with {}", i == 0 ? ":" : ",", people[i].second, people[i].first);
    if (people.size() > people_named)
        out += fmt::format(", and {}", plural(people.size() - people_named, "other", "others"));
    out += ".";
    if (unsure_ > 0)
        out += fmt::format(
            " Of {} the day or the other party is not sure: naklank list --unsure shows them.",
            unsure_);
    if (known() > 0 && recordings() > 0)
        out += fmt::format(" {} there already.",
                           known() == 1 ? "One was" : plural(known(), "were", "were"));
    if (people_ > 0)
        out += fmt::format(" {} {} a name from the contacts.", plural(people_, "person", "people"),
                           people_ == 1 ? "has" : "have");
    if (enriched_ > 0)
        out += fmt::format(" More is known now of {} that {} there.",
                           plural(enriched_, "recording", "recordings"),
                           enriched_ == 1 ? "was" : "were");
    if (left() > 0)
        out += fmt::format(" {} no sound, and stayed where {}.",
                           left() == 1 ? "1 file is" : fmt::format("{} files are", left()),
                           left() == 1 ? "it is" : "they are");
    if (failed() > 0)
        out += fmt::format(" {} could not be brought; try again when that is mended.",
                           plural(failed(), "file", "files"));
    return out;
}

}  // namespace nk::app
