#pragma once
// What the window knows of this house and of nobody's calls: accounts, sessions, links, settings.
// One SQLite file that only its owner reads. Passwords are there as Argon2id, whatever opens a door
// (a session, a link, the set-up) as its SHA-256: who reads the file can open none.
//
// One strand.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "purpose/rights.h"

namespace nk::listener {

struct Account {
    std::string id;        // a-7k3v9qd2
    std::string name;      // to sign in with, and shown; its case does not matter
    std::string password;  // as hash_password() makes it
    purpose::Roles roles;
    std::string language = "nl";
    std::string face = "full";  // calm or full
    std::vector<std::string> numbers;
    std::string team;
    std::vector<std::string> leads;
    bool is_disabled = false;
    bool has_authenticator = false;  // its second factor counts (stores/factors.h)
    std::uint16_t index = 0;         // a small number that stays
    bool operator==(const Account&) const = default;
};

struct Session {
    std::string account;
    WallTime begun;
    WallTime used;
    std::string from;  // address
};

struct Link {
    std::string id;
    std::string recording;
    std::string by;  // account
    std::string recipient;
    std::string word;  // as hash_password() makes it; empty: none
    WallTime made;
    WallTime ends;
    std::optional<WallTime> revoked;
    std::uint64_t opened = 0;
    std::optional<WallTime> first_opened;
    std::optional<WallTime> last_opened;

    [[nodiscard]] bool is_open(WallTime now) const { return !revoked && now < ends; }
};

class State {
public:
    // Makes what is missing. A file of a newer program is refused.
    static Result<std::unique_ptr<State>> open(const std::string& path);
    struct Inner;
    explicit State(std::unique_ptr<Inner> inner);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    // Empty when it was never set.
    Result<std::string> setting(std::string_view name);
    Result<void> set(std::string_view name, std::string_view value);

    Result<std::vector<Account>> accounts();
    Result<std::optional<Account>> account(std::string_view id);
    Result<std::optional<Account>> account_named(std::string_view name);
    // Enters it in place of one of its id; a new one gets its index. Code::exists when another has
    // its name.
    Result<Account> put(const Account& account);

    // `secret` is what the client has; kept is its digest.
    Result<void> begin_session(std::string_view secret, const Session& session);
    // Nullopt for one that is not known, over, or unused for too long.
    Result<std::optional<Session>> session(std::string_view secret, WallTime now);
    Result<void> use_session(std::string_view secret, WallTime now);
    Result<void> end_session(std::string_view secret);
    Result<void> end_sessions_of(std::string_view account, std::string_view but_secret = {});
    Result<void> forget_old(WallTime now);

    Result<void> add_link(std::string_view secret, const Link& link);
    Result<std::optional<Link>> link_by_secret(std::string_view secret);
    Result<std::optional<Link>> link(std::string_view id);
    Result<std::vector<Link>> links_of(std::string_view recording);  // newest first
    Result<void> revoke_link(std::string_view id, WallTime now);
    Result<void> note_opening(std::string_view id, WallTime now);

    // For the stores of this room alone.
    [[nodiscard]] Connection& connection();

private:
    std::unique_ptr<Inner> inner_;
};

}  // namespace nk::listener
