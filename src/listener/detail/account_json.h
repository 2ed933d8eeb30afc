#pragma once
// An account as the API tells it: never its password, hashed or not.

#include <nlohmann/json.hpp>

#include "listener/state.h"

namespace nk::listener {

inline nlohmann::ordered_json json_of(const Account& account) {
    nlohmann::ordered_json json;
    json["id"] = account.id;
    json["name"] = account.name;
    json["roles"] = nlohmann::ordered_json::array();
    for (const auto role : purpose::all_roles)
        if (account.roles.has(role))
            json["roles"].push_back(name_of(role));
    json["language"] = account.language;
    json["face"] = account.face;
    json["numbers"] = account.numbers;
    json["team"] = account.team;
    json["leads"] = account.leads;
    json["is_disabled"] = account.is_disabled;
    json["has_authenticator"] = account.has_authenticator;
    return json;
}

}  // namespace nk::listener
