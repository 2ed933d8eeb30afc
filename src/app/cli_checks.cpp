#include "app/cli_checks.h"

#include <cstdint>
#include <ctime>

#include "archive/export.h"
#include "base/rfc3339.h"
#include "purpose/purpose.h"

namespace nk::app {

std::optional<WallTime> moment_in(const std::string& text) {
    if (const auto time = wall_time_in(text))
        return time;
    for (const char* format : {"%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S",
                               "%Y-%m-%dT%H:%M:%S"}) {
        std::tm local{};
        local.tm_isdst = -1;
        const char* end = strptime(text.c_str(), format, &local);
        if (end == nullptr || *end != '\0')
            continue;
        constexpr std::int64_t second_max =
            9'000'000'000;  // the year 2255; a WallTime ends in 2262
        const std::int64_t second = std::mktime(&local);
        if (second >= -second_max && second <= second_max)
            return WallTime{second * 1'000'000'000};
    }
    return std::nullopt;
}

CLI::Validator is_said() {
    return {[](std::string& text) {
                return text.empty() ? std::string("it is empty: give it a value, or leave it out")
                                    : std::string();
            },
            ""};
}

CLI::Validator is_moment() {
    return {[](std::string& text) {
                return moment_in(text) ? std::string()
                                       : "\"" + text +
                                             "\" is no time: give 2026-11-23, \"2026-11-23 14:00\" "
                                             "or 2026-11-23T14:00:00+01:00";
            },
            ""};
}

CLI::Validator is_count() {
    return {[](std::string& text) {
                const bool is_number = !text.empty() && text.size() < 10 &&
                                       text.find_first_not_of("0123456789") == std::string::npos;
                return is_number && std::stol(text) > 0
                           ? std::string()
                           : "\"" + text + "\" is no count: give 1 or more";
            },
            ""};
}

CLI::Validator is_purpose() {
    return {[](std::string& text) {
                return purpose::purpose_named(text)
                           ? std::string()
                           : "\"" + text +
                                 "\" is no purpose: wording, training, agreement, memory or "
                                 "keepsake";
            },
            ""};
}

CLI::Validator is_format() {
    return {[](std::string& text) {
                return archive::export_format_named(text)
                           ? std::string()
                           : "\"" + text + "\" is no format: wav, flac, json or s16le";
            },
            ""};
}

CLI::Validator is_number() {
    return {[](std::string& text) {
                return text.find_first_of("0123456789") != std::string::npos
                           ? std::string()
                           : "\"" + text +
                                 "\" holds no digits: give a number or a part of one, such as "
                                 "0201234567, +31 20 or 4567";
            },
            ""};
}

}  // namespace nk::app
