#pragma once

#include <nlohmann/json.hpp>

#include "base/http.h"

namespace nk::listener {

inline HttpReply json_reply(const nlohmann::ordered_json& json, int status = 200) {
    return {.status = status,
            .content_type = "application/json",
            .body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

}  // namespace nk::listener
