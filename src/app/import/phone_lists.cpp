#include "app/import/phone_lists.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace nk::app {

namespace {

void take_faults(const BroughtFile& file, const std::vector<std::string>& faults,
                 std::vector<std::string>& wrong) {
    for (const auto& fault : faults)
        wrong.push_back(file.name + ": " + fault);
}

// Two copies of a list hold the same calls.
void drop_doubles(std::vector<wire::LoggedCall>& calls) {
    const auto key = [](const wire::LoggedCall& one) {
        return std::tie(one.started, one.number, one.type);
    };
    std::stable_sort(calls.begin(), calls.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
    calls.erase(std::unique(calls.begin(), calls.end(),
                            [&](const auto& a, const auto& b) { return key(a) == key(b); }),
                calls.end());
}

}  // namespace

PhoneLists read_phone_lists(Disk& disk, const Found& found, std::vector<std::string>& wrong) {
    PhoneLists lists;
    for (const auto& file : found.call_logs) {
        const auto bytes = read_whole(disk, file.path, wire::call_log_bytes_max);
        auto log = bytes ? wire::parse_call_log(*bytes) : tl::unexpected(bytes.error());
        if (!log) {
            wrong.push_back(file.name + ": " + log.error().what);
            continue;
        }
        take_faults(file, log->faults, wrong);
        lists.calls.insert(lists.calls.end(), std::make_move_iterator(log->calls.begin()),
                           std::make_move_iterator(log->calls.end()));
    }
    for (const auto& file : found.contacts) {
        const auto bytes = read_whole(disk, file.path, wire::vcard_bytes_max);
        auto cards = bytes ? wire::parse_vcards(*bytes) : tl::unexpected(bytes.error());
        if (!cards) {
            wrong.push_back(file.name + ": " + cards.error().what);
            continue;
        }
        take_faults(file, cards->faults, wrong);
        lists.cards.insert(lists.cards.end(), std::make_move_iterator(cards->cards.begin()),
                           std::make_move_iterator(cards->cards.end()));
    }
    drop_doubles(lists.calls);
    lists.contacts = importing::ContactBook(lists.cards);
    return lists;
}

}  // namespace nk::app
