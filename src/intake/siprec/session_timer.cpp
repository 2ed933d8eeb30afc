#include "intake/siprec/session_timer.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/limits.h"
#include "base/same_text.h"

namespace nk::siprec {

namespace {

bool lists(const wire::SipMessage& request, std::string_view header, std::string_view tag) {
    return std::ranges::any_of(request.all(header), [&](std::string_view line) {
        return std::ranges::any_of(wire::split_list(line),
                                   [&](std::string_view one) { return equal_ci(one, tag); });
    });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The value of a parameter behind the first ';', as it stands; empty when there is none.
std::string_view parameter(std::string_view value, std::string_view name) {
    for (auto at = value.find(';'); at != std::string_view::npos; at = value.find(';')) {
        value.remove_prefix(at + 1);
        const auto one = value.substr(0, value.find(';'));
        const auto equals = one.find('=');
        if (equals != std::string_view::npos && equal_ci(trimmed(one.substr(0, equals)), name))
            return trimmed(one.substr(equals + 1));
    }
    return {};
}

}  // namespace

std::optional<std::uint32_t> seconds_in(std::string_view value) {
    std::uint32_t seconds = 0;
    const auto word = value.substr(0, value.find_first_of("; \t("));
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), seconds);
    if (error != std::errc() || end != word.data() + word.size())
        return std::nullopt;
    return seconds;
}

std::uint32_t session_timer_min_s() {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::seconds>(limits::session_timer_min).count());
}

std::string SessionTimer::header(bool in_our_request) const {
    return std::to_string(expires / seconds(1)) +
           ";refresher=" + (we_refresh != in_our_request ? "uas" : "uac");
}

// RFC 4028 9, table 2. A proxy may ask on behalf of a client that knows nothing of it: then we
// refresh, and nobody is refused for it.
TimerAsked timer_asked_for(const wire::SipMessage& request) {
    TimerAsked asked;
    const auto value = request.header("Session-Expires");
    if (value.empty())
        return asked;
    asked.timer.client_knows =
        lists(request, "Supported", "timer") || lists(request, "Require", "timer");
    const auto wanted = seconds_in(value);
    if (!wanted) {
        asked.fault = asked.timer.client_knows ? 400 : 0;
        return asked;
    }
    if (*wanted < session_timer_min_s()) {
        asked.fault = asked.timer.client_knows ? 422 : 0;
        return asked;
    }
    asked.timer.expires = seconds(*wanted);
    // One who cannot be sent an UPDATE (RFC 3311 5.1) had better refresh by itself.
    const bool takes_update = request.header("Allow").empty() || lists(request, "Allow", "UPDATE");
    asked.timer.we_refresh = takes_update && (!asked.timer.client_knows ||
                                              equal_ci(parameter(value, "refresher"), "uas"));
    return asked;
}

}  // namespace nk::siprec
