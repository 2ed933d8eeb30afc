#include "listener/stores/tokens.h"

#include "base/digest.h"
#include "listener/detail/rows.h"

namespace nk::listener {

const char* const TokenStore::schema = R"(
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    account TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    used INTEGER NOT NULL
) WITHOUT ROWID;
)";

namespace {

constexpr const char* columns = "SELECT id, name, account, scopes, made, ends, used FROM tokens ";

Token token_in(const Statement& row) {
    return {row.text(0),
            row.text(1),
            row.text(2),
            lines_of(row.text(3)),
            WallTime{row.integer(4)},
            time_or_never(row.integer(5)),
            time_or_never(row.integer(6))};
}

}  // namespace

Result<void> TokenStore::add(std::string_view secret, const Token& token) {
    NK_TAKE(auto row, db_.prepare("INSERT INTO tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)"));
    return row.bind(1, token.id)
        .bind(2, sha256_hex(as_bytes(secret)))
        .bind(3, token.name)
        .bind(4, token.account)
        .bind(5, joined(token.scopes))
        .bind(6, token.made.ns)
        .bind(7, token.ends ? token.ends->ns : std::int64_t{0})
        .run();
}

Result<std::optional<Token>> TokenStore::by_secret(std::string_view secret, WallTime now) {
    NK_TAKE(auto row,
            db_.prepare(std::string(columns) + "WHERE digest = ?1 AND (ends = 0 OR ends > ?2)"));
    row.bind(1, sha256_hex(as_bytes(secret))).bind(2, now.ns);
    return one_of<Token>(row, token_in);
}

Result<std::optional<Token>> TokenStore::by_id(std::string_view id) {
    NK_TAKE(auto row, db_.prepare(std::string(columns) + "WHERE id = ?1"));
    row.bind(1, id);
    return one_of<Token>(row, token_in);
}

Result<std::vector<Token>> TokenStore::list(std::string_view account) {
    NK_TAKE(auto row, db_.prepare(std::string(columns) +
                                  "WHERE ?1 = '' OR account = ?1 ORDER BY made DESC, id"));
    row.bind(1, account);
    return all_of<Token>(row, token_in);
}

Result<void> TokenStore::use(std::string_view id, WallTime now) {
    NK_TAKE(auto row, db_.prepare("UPDATE tokens SET used = ?2 WHERE id = ?1"));
    return row.bind(1, id).bind(2, now.ns).run();
}

Result<void> TokenStore::remove(std::string_view id) {
    NK_TAKE(auto row, db_.prepare("DELETE FROM tokens WHERE id = ?1"));
    return row.bind(1, id).run();
}

Result<void> TokenStore::remove_of(std::string_view account) {
    NK_TAKE(auto row, db_.prepare("DELETE FROM tokens WHERE account = ?1"));
    return row.bind(1, account).run();
}

}  // namespace nk::listener
