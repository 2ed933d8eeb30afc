#pragma once
// What somebody signs in with besides a password: an authenticator's codes, and passkeys.

#include <map>
#include <string>
#include <vector>

#include "listener/counter.h"

namespace nk::listener {

class FactorDesk {
public:
    // Signs somebody in, by the window.
    using SignIn = std::function<void(const Asked&, const Account&, std::string_view what)>;
    FactorDesk(Counter& counter, SignIn sign_in)
        : counter_(counter), sign_in_(std::move(sign_in)) {}
    void add_routes(std::vector<Route>& routes);

    // Whether the code is the authenticator's, or one for recovery, which is spent then.
    Result<bool> fits_code(const Account& account, const std::string& code);

private:
    void begin_authenticator(const Asked& ask);
    void confirm_authenticator(const Asked& ask);
    void remove_authenticator(const Asked& ask);
    void list_passkeys(const Asked& ask);
    void begin_passkey(const Asked& ask);
    void add_passkey(const Asked& ask);
    void remove_passkey(const Asked& ask);
    void begin_sign_in(const Asked& ask);
    void sign_in(const Asked& ask);
    // `then` when the password is that of who asks; else they are answered.
    void with_password(const Asked& ask, const std::string& password, std::function<void()> then);
    std::string new_challenge(const std::string& account, const std::string& whose);
    bool take_challenge(const std::string& challenge, const std::string& account);
    [[nodiscard]] std::vector<std::string> new_recovery_codes();

    Counter& counter_;
    SignIn sign_in_;
    struct Challenge {
        std::string account;  // empty: to sign in
        std::string whose;    // an account, or an address
        MonoTime ends;
    };
    std::map<std::string, Challenge> challenges_;
};

}  // namespace nk::listener
