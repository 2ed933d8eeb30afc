#include "listener/stores/factors.h"

#include "base/base_encoding.h"
#include "base/digest.h"
#include "listener/detail/rows.h"

namespace nk::listener {

// Bytes are base64url.
const char* const FactorStore::schema = R"(
CREATE TABLE authenticators (
    account TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    is_confirmed INTEGER NOT NULL,
    last_step INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE recovery_codes (
    account TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (account, digest)
) WITHOUT ROWID;
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    credential TEXT NOT NULL UNIQUE,
    algorithm INTEGER NOT NULL,
    public_key TEXT NOT NULL,
    count INTEGER NOT NULL,
    made INTEGER NOT NULL,
    used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX passkeys_by_account ON passkeys (account, made);
)";

namespace {

constexpr const char* columns =
    "SELECT id, account, name, credential, algorithm, public_key, count, made, used FROM passkeys ";

std::vector<std::uint8_t> bytes_in(const std::string& text) {
    return from_base64url(text).value_or(std::vector<std::uint8_t>());
}

Passkey passkey_in(const Statement& row) {
    return {row.text(0),
            row.text(1),
            row.text(2),
            bytes_in(row.text(3)),
            static_cast<int>(row.integer(4)),
            bytes_in(row.text(5)),
            static_cast<std::uint32_t>(row.integer(6)),
            WallTime{row.integer(7)},
            time_or_never(row.integer(8))};
}

}  // namespace

Result<std::optional<Authenticator>> FactorStore::authenticator(std::string_view account) {
    NK_TAKE(auto row, db_.prepare("SELECT secret, is_confirmed, last_step FROM authenticators "
                                  "WHERE account = ?1"));
    row.bind(1, account);
    return one_of<Authenticator>(row, [](const Statement& one) {
        return Authenticator{bytes_in(one.text(0)), one.integer(1) != 0, one.integer(2)};
    });
}

Result<void> FactorStore::put(std::string_view account, const Authenticator& authenticator) {
    NK_TAKE(auto row, db_.prepare("INSERT OR REPLACE INTO authenticators VALUES (?1, ?2, ?3, ?4)"));
    return row.bind(1, account)
        .bind(2, base64url(authenticator.secret))
        .bind(3, std::int64_t{authenticator.is_confirmed ? 1 : 0})
        .bind(4, authenticator.last_step)
        .run();
}

Result<void> FactorStore::remove_authenticator(std::string_view account) {
    NK_TAKE(auto step, Transaction::begin(db_));
    for (const char* sql : {"DELETE FROM authenticators WHERE account = ?1",
                            "DELETE FROM recovery_codes WHERE account = ?1"}) {
        NK_TAKE(auto row, db_.prepare(sql));
        NK_TRY(row.bind(1, account).run());
    }
    return step.commit();
}

Result<void> FactorStore::set_recovery_codes(std::string_view account,
                                             const std::vector<std::string>& codes) {
    NK_TAKE(auto step, Transaction::begin(db_));
    NK_TAKE(auto old, db_.prepare("DELETE FROM recovery_codes WHERE account = ?1"));
    NK_TRY(old.bind(1, account).run());
    NK_TAKE(auto row, db_.prepare("INSERT INTO recovery_codes VALUES (?1, ?2)"));
    for (const auto& code : codes)
        NK_TRY(row.bind(1, account).bind(2, sha256_hex(as_bytes(code))).run());
    return step.commit();
}

Result<bool> FactorStore::use_recovery_code(std::string_view account, std::string_view code) {
    NK_TAKE(auto row, db_.prepare("DELETE FROM recovery_codes WHERE account = ?1 AND digest = ?2 "
                                  "RETURNING 1"));
    row.bind(1, account).bind(2, sha256_hex(as_bytes(code)));
    NK_TAKE(const bool was_one, row.step());
    row.reset();
    return was_one;
}

Result<std::vector<Passkey>> FactorStore::passkeys(std::string_view account) {
    NK_TAKE(auto row, db_.prepare(std::string(columns) + "WHERE account = ?1 ORDER BY made, id"));
    row.bind(1, account);
    return all_of<Passkey>(row, passkey_in);
}

Result<std::optional<Passkey>> FactorStore::passkey(const std::vector<std::uint8_t>& credential) {
    NK_TAKE(auto row, db_.prepare(std::string(columns) + "WHERE credential = ?1"));
    row.bind(1, base64url(credential));
    return one_of<Passkey>(row, passkey_in);
}

Result<void> FactorStore::add(const Passkey& passkey) {
    NK_TAKE(auto row,
            db_.prepare("INSERT INTO passkeys VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)"));
    return row.bind(1, passkey.id)
        .bind(2, passkey.account)
        .bind(3, passkey.name)
        .bind(4, base64url(passkey.credential))
        .bind(5, std::int64_t{passkey.algorithm})
        .bind(6, base64url(passkey.public_key))
        .bind(7, std::int64_t{passkey.count})
        .bind(8, passkey.made.ns)
        .run();
}

Result<void> FactorStore::use(std::string_view id, std::uint32_t count, WallTime now) {
    NK_TAKE(auto row, db_.prepare("UPDATE passkeys SET count = ?2, used = ?3 WHERE id = ?1"));
    return row.bind(1, id).bind(2, std::int64_t{count}).bind(3, now.ns).run();
}

Result<void> FactorStore::remove_passkeys(std::string_view account) {
    NK_TAKE(auto row, db_.prepare("DELETE FROM passkeys WHERE account = ?1"));
    return row.bind(1, account).run();
}

Result<bool> FactorStore::remove_passkey(std::string_view account, std::string_view id) {
    NK_TAKE(auto row,
            db_.prepare("DELETE FROM passkeys WHERE account = ?1 AND id = ?2 RETURNING 1"));
    row.bind(1, account).bind(2, id);
    NK_TAKE(const bool was_there, row.step());
    row.reset();
    return was_there;
}

}  // namespace nk::listener
