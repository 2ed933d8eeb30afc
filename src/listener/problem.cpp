#include "listener/problem.h"

#include <nlohmann/json.hpp>

namespace nk::listener {

namespace {

std::string_view title_of(int status) {
    switch (status) {
        case 400:
            return "The request cannot be read";
        case 401:
            return "Nobody is signed in";
        case 403:
            return "Not allowed";
        case 404:
            return "There is nothing here";
        case 405:
            return "That cannot be done here";
        case 409:
            return "It stands in the way of something";
        case 413:
            return "Too large";
        case 415:
            return "Of another kind than is read here";
        case 416:
            return "There is no such part";
        case 422:
            return "Some of it cannot be taken";
        case 429:
            return "Too many tries";
        case 503:
            return "Not just now";
        default:
            return "Something went wrong here";
    }
}

}  // namespace

HttpReply problem(int status, std::string_view type, std::string_view detail,
                  const Fields& fields) {
    nlohmann::ordered_json json;
    json["type"] = type;
    json["title"] = title_of(status);
    json["status"] = status;
    if (!detail.empty())
        json["detail"] = detail;
    if (!fields.empty())
        json["fields"] = fields;
    return {.status = status,
            .content_type = "application/problem+json",
            .body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

HttpReply problem_of(const Error& error) {
    if (error.blame == Blame::peer)
        return problem(error.code == Code::exists ? 409 : 422, "refused", error.what);
    // What the disk says may name places that are none of the asker's business: it is in the log.
    if (error.blame == Blame::machine)
        return problem(503, "machine",
                       "This cannot be done just now; the recorder's log says why.");
    return problem(500, "fault", "This is a fault of the recorder's; its log says more.");
}

HttpReply not_found() {
    return problem(404, "not-found", "There is no such thing, or none that you may see.");
}

HttpReply not_signed_in() {
    return problem(401, "not-signed-in", "Sign in first.");
}

HttpReply not_written_down() {
    return problem(503, "not-written-down",
                   "This could not be written down just now, and nothing is heard or changed that "
                   "is not. The recorder's log says why.");
}

HttpReply not_allowed(std::string_view reason) {
    return problem(403, reason, "You may not do that with it.");
}

}  // namespace nk::listener
