#pragma once
// API tokens: what programs show in place of a session. Kept is a token's SHA-256.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sqlite.h"
#include "base/time.h"

namespace nk::listener {

struct Token {
    std::string id{};
    std::string name{};
    std::string account{};              // whose rights it has
    std::vector<std::string> scopes{};  // by name
    WallTime made{};
    std::optional<WallTime> ends{};
    std::optional<WallTime> used{};
};

class TokenStore {
public:
    static const char* const schema;
    explicit TokenStore(Connection& db) : db_(db) {}

    Result<void> add(std::string_view secret, const Token& token);
    // Nullopt for one that is not known or over.
    Result<std::optional<Token>> by_secret(std::string_view secret, WallTime now);
    Result<std::optional<Token>> by_id(std::string_view id);
    // Newest first; of one account, or of all with an empty one.
    Result<std::vector<Token>> list(std::string_view account);
    Result<void> use(std::string_view id, WallTime now);
    Result<void> remove(std::string_view id);
    Result<void> remove_of(std::string_view account);

private:
    Connection& db_;
};

}  // namespace nk::listener
