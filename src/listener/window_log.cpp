// The custody log, for those who watch over the house; and for everybody what they did themselves.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/form.h"
#include "listener/problem.h"
#include "listener/window.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Role;

}  // namespace

void Window::read_log(const Asked& ask) {
    Query query(ask->request.query());
    custody::Filter filter;
    filter.before = static_cast<std::uint64_t>(query.whole("before", 1, INT64_MAX).value_or(0));
    filter.limit = static_cast<std::size_t>(query.whole("limit", 1, 500).value_or(100));
    filter.who = query.text("who", 100);
    filter.recording = query.text("recording", 40);
    filter.what = query.text("what", 40);
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    const bool watches = ask->account->roles.has_one_of({Role::owner, Role::auditor});
    if (!watches && !filter.who.empty() && filter.who != ask->account->id)
        return ask->answer(not_allowed("not-for-this-role"));
    if (!watches)
        filter.who = ask->account->id;
    work(ask, [this, ask, filter] {
        auto entries = custody::Log::read(house().disk, house().log.folder(), filter);
        return std::function<void()>([this, ask, entries] {
            if (!entries)
                return ask->answer(refused(entries.error()));
            Json json;
            json["events"] = Json::array();
            for (const auto& entry : *entries) {
                const auto& event = entry.event;
                Json one;
                one["number"] = entry.number;
                one["at"] = rfc3339(entry.at);
                one["what"] = event.what;
                one["who"] = as_utf8(name_of_who(event.who));
                if (!event.from.empty())
                    one["from"] = event.from;
                if (!event.recording.empty())
                    one["recording"] = event.recording;
                if (event.from_ms)
                    one["from_ms"] = *event.from_ms;
                if (event.to_ms)
                    one["to_ms"] = *event.to_ms;
                if (!event.detail.empty())
                    one["detail"] = as_utf8(event.detail);
                json["events"].push_back(std::move(one));
            }
            ask->answer({.content_type = "application/json", .body = json.dump()});
        });
    });
}

std::string Window::name_of_who(const std::string& who) {
    if (const auto* account = account_by_id(who))
        return account->name;
    constexpr std::string_view of_a_link = "link:";
    if (who.starts_with(of_a_link))
        if (const auto link = house().state.link(who.substr(of_a_link.size())); link && *link)
            return (*link)->recipient;
    return who;
}

}  // namespace nk::listener
