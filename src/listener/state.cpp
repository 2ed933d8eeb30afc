#include "listener/state.h"

#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "base/sqlite.h"
#include "listener/detail/rows.h"
#include "listener/fold.h"
#include "listener/stores/factors.h"
#include "listener/stores/tokens.h"
#include "listener/stores/webhooks.h"

namespace nk::listener {

namespace {

using purpose::Role;
using purpose::Roles;

constexpr std::int64_t schema_version = 2;

constexpr const char* schema = R"(
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE accounts (
    idx INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    roles TEXT NOT NULL,
    language TEXT NOT NULL,
    face TEXT NOT NULL,
    numbers TEXT NOT NULL,
    team TEXT NOT NULL,
    leads TEXT NOT NULL,
    is_disabled INTEGER NOT NULL
);
CREATE TABLE sessions (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    begun INTEGER NOT NULL,
    used INTEGER NOT NULL,
    came_from TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account);
CREATE TABLE links (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    recording TEXT NOT NULL,
    made_by TEXT NOT NULL,
    recipient TEXT NOT NULL,
    word TEXT NOT NULL,
    made INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    revoked INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    first_opened INTEGER NOT NULL,
    last_opened INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX links_by_recording ON links (recording, made);
PRAGMA user_version = 1;
)";

// What came with version 2.
constexpr const char* version_2 = "PRAGMA user_version = 2";

constexpr const char* account_columns =
    "idx, id, name, password, roles, language, face, numbers, team, leads, is_disabled, "
    "EXISTS (SELECT 1 FROM authenticators AS f WHERE f.account = accounts.id AND is_confirmed)";
constexpr const char* link_columns =
    "id, recording, made_by, recipient, word, made, ends, revoked, opened, first_opened, "
    "last_opened";

std::string digest_of(std::string_view secret) {
    return sha256_hex(as_bytes(secret));
}

std::string names_of(Roles roles) {
    std::vector<std::string> names;
    for (const auto role : purpose::all_roles)
        if (roles.has(role))
            names.emplace_back(name_of(role));
    return joined(names);
}

Roles roles_in(const std::string& text) {
    Roles roles;
    for (const auto& name : lines_of(text))
        if (const auto role = purpose::role_named(name))
            roles.add(*role);
    return roles;
}

Account account_in(const Statement& row) {
    Account out;
    out.index = static_cast<std::uint16_t>(row.integer(0));
    out.id = row.text(1);
    out.name = row.text(2);
    out.password = row.text(3);
    out.roles = roles_in(row.text(4));
    out.language = row.text(5);
    out.face = row.text(6);
    out.numbers = lines_of(row.text(7));
    out.team = row.text(8);
    out.leads = lines_of(row.text(9));
    out.is_disabled = row.integer(10) != 0;
    out.has_authenticator = row.integer(11) != 0;
    return out;
}

Link link_in(const Statement& row) {
    Link out;
    out.id = row.text(0);
    out.recording = row.text(1);
    out.by = row.text(2);
    out.recipient = row.text(3);
    out.word = row.text(4);
    out.made = WallTime{row.integer(5)};
    out.ends = WallTime{row.integer(6)};
    out.revoked = time_or_never(row.integer(7));
    out.opened = static_cast<std::uint64_t>(row.integer(8));
    out.first_opened = time_or_never(row.integer(9));
    out.last_opened = time_or_never(row.integer(10));
    return out;
}

}  // namespace

struct State::Inner {
    explicit Inner(Connection connection) : db(std::move(connection)) {}
    Connection db;

    Result<std::optional<Account>> one_account(const std::string& where, std::string_view value) {
        NK_TAKE(auto row, db.prepare(std::string("SELECT ") + account_columns +
                                     " FROM accounts WHERE " + where + " = ?1"));
        row.bind(1, value);
        NK_TAKE(const bool there, row.step());
        return there ? std::optional(account_in(row)) : std::nullopt;
    }
    Result<std::optional<Link>> one_link(const std::string& where, std::string_view value) {
        NK_TAKE(auto row, db.prepare(std::string("SELECT ") + link_columns + " FROM links WHERE " +
                                     where + " = ?1"));
        row.bind(1, value);
        NK_TAKE(const bool there, row.step());
        return there ? std::optional(link_in(row)) : std::nullopt;
    }
};

State::State(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}

State::~State() = default;

Result<std::unique_ptr<State>> State::open(const std::string& path) {
    constexpr int busy_ms = 5'000;
    NK_TAKE(auto db, Connection::open(path, busy_ms));
    NK_TRY(
        db.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON"));
    NK_TAKE(auto version, db.prepare("PRAGMA user_version"));
    NK_TAKE(const bool has_version, version.step());
    const auto found = has_version ? version.integer(0) : 0;
    version.reset();
    if (found < 0 || found > schema_version)
        return refuse(Code::unsupported, Blame::owner,
                      path + " is of version " + std::to_string(found) +
                          "; this program knows version " + std::to_string(schema_version));
    NK_TAKE(auto transaction, Transaction::begin(db));
    if (found < 1)
        NK_TRY(db.run(schema));
    if (found < 2)
        for (const char* step :
             {TokenStore::schema, FactorStore::schema, WebhookStore::schema, version_2})
            NK_TRY(db.run(step));
    NK_TRY(transaction.commit());
    return std::make_unique<State>(std::make_unique<Inner>(std::move(db)));
}

Connection& State::connection() {
    return inner_->db;
}

Result<std::string> State::setting(std::string_view name) {
    NK_TAKE(auto row, inner_->db.prepare("SELECT value FROM settings WHERE name = ?1"));
    row.bind(1, name);
    NK_TAKE(const bool there, row.step());
    return there ? row.text(0) : std::string();
}

Result<void> State::set(std::string_view name, std::string_view value) {
    NK_TAKE(auto row, inner_->db.prepare("INSERT OR REPLACE INTO settings VALUES (?1, ?2)"));
    return row.bind(1, name).bind(2, value).run();
}

Result<std::vector<Account>> State::accounts() {
    NK_TAKE(auto row, inner_->db.prepare(std::string("SELECT ") + account_columns +
                                         " FROM accounts ORDER BY folded"));
    std::vector<Account> out;
    for (;;) {
        NK_TAKE(const bool there, row.step());
        if (!there)
            return out;
        out.push_back(account_in(row));
    }
}

Result<std::optional<Account>> State::account(std::string_view id) {
    return inner_->one_account("id", id);
}

Result<std::optional<Account>> State::account_named(std::string_view name) {
    return inner_->one_account("folded", fold(name));
}

Result<Account> State::put(const Account& account) {
    NK_TAKE(const auto other, account_named(account.name));
    if (other && other->id != account.id)
        return refuse(Code::exists, Blame::peer, "another account has that name");
    NK_TAKE(auto row,
            inner_->db.prepare(
                "INSERT INTO accounts (id, name, folded, password, roles, language, face, numbers, "
                "team, leads, is_disabled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
                "ON CONFLICT (id) DO UPDATE SET name = ?2, folded = ?3, password = ?4, roles = ?5, "
                "language = ?6, face = ?7, numbers = ?8, team = ?9, leads = ?10, is_disabled = "
                "?11"));
    NK_TRY(row.bind(1, account.id)
               .bind(2, account.name)
               .bind(3, fold(account.name))
               .bind(4, account.password)
               .bind(5, names_of(account.roles))
               .bind(6, account.language)
               .bind(7, account.face)
               .bind(8, joined(account.numbers))
               .bind(9, account.team)
               .bind(10, joined(account.leads))
               .bind(11, std::int64_t{account.is_disabled ? 1 : 0})
               .run());
    NK_TAKE(const auto put, this->account(account.id));
    return *put;
}

Result<void> State::begin_session(std::string_view secret, const Session& session) {
    NK_TAKE(auto row, inner_->db.prepare("INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5)"));
    return row.bind(1, digest_of(secret))
        .bind(2, session.account)
        .bind(3, session.begun.ns)
        .bind(4, session.used.ns)
        .bind(5, session.from)
        .run();
}

Result<std::optional<Session>> State::session(std::string_view secret, WallTime now) {
    NK_TAKE(auto row,
            inner_->db.prepare(
                "SELECT account, begun, used, came_from FROM sessions WHERE digest = ?1"));
    row.bind(1, digest_of(secret));
    NK_TAKE(const bool there, row.step());
    if (!there)
        return std::nullopt;
    Session out{row.text(0), WallTime{row.integer(1)}, WallTime{row.integer(2)}, row.text(3)};
    if (now - out.used >= limits::session_unused_max || now - out.begun >= limits::session_longest)
        return std::nullopt;
    return out;
}

Result<void> State::use_session(std::string_view secret, WallTime now) {
    NK_TAKE(auto row, inner_->db.prepare("UPDATE sessions SET used = ?2 WHERE digest = ?1"));
    return row.bind(1, digest_of(secret)).bind(2, now.ns).run();
}

Result<void> State::end_session(std::string_view secret) {
    NK_TAKE(auto row, inner_->db.prepare("DELETE FROM sessions WHERE digest = ?1"));
    return row.bind(1, digest_of(secret)).run();
}

Result<void> State::end_sessions_of(std::string_view account, std::string_view but_secret) {
    NK_TAKE(auto row,
            inner_->db.prepare("DELETE FROM sessions WHERE account = ?1 AND digest <> ?2"));
    return row.bind(1, account).bind(2, digest_of(but_secret)).run();
}

Result<void> State::forget_old(WallTime now) {
    NK_TAKE(auto row, inner_->db.prepare("DELETE FROM sessions WHERE used < ?1 OR begun < ?2"));
    return row.bind(1, (now + Nanos(-limits::session_unused_max)).ns)
        .bind(2, (now + Nanos(-limits::session_longest)).ns)
        .run();
}

Result<void> State::add_link(std::string_view secret, const Link& link) {
    NK_TAKE(auto row, inner_->db.prepare(
                          "INSERT INTO links VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, 0)"));
    return row.bind(1, link.id)
        .bind(2, digest_of(secret))
        .bind(3, link.recording)
        .bind(4, link.by)
        .bind(5, link.recipient)
        .bind(6, link.word)
        .bind(7, link.made.ns)
        .bind(8, link.ends.ns)
        .run();
}

Result<std::optional<Link>> State::link_by_secret(std::string_view secret) {
    return inner_->one_link("digest", digest_of(secret));
}

Result<std::optional<Link>> State::link(std::string_view id) {
    return inner_->one_link("id", id);
}

Result<std::vector<Link>> State::links_of(std::string_view recording) {
    NK_TAKE(auto row, inner_->db.prepare(std::string("SELECT ") + link_columns +
                                         " FROM links WHERE recording = ?1 ORDER BY made DESC"));
    row.bind(1, recording);
    std::vector<Link> out;
    for (;;) {
        NK_TAKE(const bool there, row.step());
        if (!there)
            return out;
        out.push_back(link_in(row));
    }
}

Result<void> State::revoke_link(std::string_view id, WallTime now) {
    NK_TAKE(auto row,
            inner_->db.prepare("UPDATE links SET revoked = ?2 WHERE id = ?1 AND revoked = 0"));
    return row.bind(1, id).bind(2, now.ns).run();
}

Result<void> State::note_opening(std::string_view id, WallTime now) {
    NK_TAKE(auto row, inner_->db.prepare(
                          "UPDATE links SET opened = opened + 1, last_opened = ?2, first_opened = "
                          "CASE first_opened WHEN 0 THEN ?2 ELSE first_opened END WHERE id = ?1"));
    return row.bind(1, id).bind(2, now.ns).run();
}

}  // namespace nk::listener
