#pragma once
// Where every request of the window comes in: who asks, by what right, and what is written down
// about it. The desks (window.h, desks/) do the rest, and have all they need from here.
//
// Everything that tells of a recording goes through CallList, and so through purpose::may(). What
// is heard, taken along, shared, changed or refused is in the custody log before its answer leaves.
// One strand.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/notes.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/http.h"
#include "base/result.h"
#include "custody/log.h"
#include "listener/bringer.h"
#include "listener/call_list.h"
#include "listener/courier.h"
#include "listener/live.h"
#include "listener/people_file.h"
#include "listener/state.h"
#include "listener/throttle.h"
#include "listener/work.h"
#include "sound/codec.h"

namespace nk::listener {

struct WindowOptions {
    std::string archive;  // its folder
    std::string state;    // the folder with the custody log and what can be made again
    std::string version;
};

// What the window works with; all of it outlives it.
struct House {
    Disk& disk;
    const Clock& clock;
    Random& random;
    State& state;
    custody::Log& log;
    CallList& calls;
    Work& work;
    // Sentences for the log of the process: what the machine refused.
    std::function<void(const std::string&)> warn;
    // Deletes a recording from the archive and its catalogue.
    std::function<Result<void>(const std::string& id, const archive::Act& deleted)> erase;
    // Null where there is none: nothing is heard live, and no program is told of anything.
    LiveSource* live = nullptr;
    sound::DecoderMaker* decoders = nullptr;
    Courier* courier = nullptr;
    Bringer* bringer = nullptr;
};

// What somebody with a token may ask for (api/openapi.yaml, Scope); with a cookie, everything.
enum class Scope : std::uint8_t { read, hear, write, remove, house };
inline constexpr std::array all_scopes{Scope::read, Scope::hear, Scope::write, Scope::remove,
                                       Scope::house};
std::string_view name_of(Scope scope);
std::optional<Scope> scope_named(std::string_view name);

// A request on its way.
struct Ask {
    HttpRequest request;
    std::vector<std::string> parts;  // of the path behind /api/v1/
    std::optional<Account> account;
    Viewer viewer;
    std::string secret;               // of the session; empty with a token
    std::string token;                // its id; empty with a cookie
    std::vector<std::string> scopes;  // of the token
    HttpAnswer answer;

    // With a cookie, everything.
    [[nodiscard]] bool has(Scope scope) const;
};
using Asked = std::shared_ptr<Ask>;

enum class Access : std::uint8_t {
    open_to_all,
    signed_in,
    in_person,             // not with a token
    says_who_in_its_body,  // whoever takes it calls enter_by_token()
};
struct Route {
    std::string_view method;
    std::string_view pattern;  // calls/*/notes
    Access access;
    Scope scope;
    std::function<void(const Asked&)> handler;
};

// Into a desk's routes.
template <class Desk>
class RouteBook {
public:
    RouteBook(std::vector<Route>& routes, Desk& desk) : routes_(routes), desk_(desk) {}
    void add(std::string_view method, std::string_view pattern, Access access, Scope scope,
             void (Desk::*handler)(const Asked&)) {
        routes_.push_back({method, pattern, access, scope,
                           [&desk = desk_, handler](const Asked& ask) { (desk.*handler)(ask); }});
    }

private:
    std::vector<Route>& routes_;
    Desk& desk_;
};

// Something that happened to a recording, for those who follow what happens.
struct Happening {
    std::string_view what;  // "recording.made" ... (api/openapi.yaml, WebhookEvent)
    std::string recording;
};

class Counter {
public:
    Counter(const House& house, WindowOptions options);

    // Its parts can be used by those who only look, too.
    [[nodiscard]] const House& house() const { return house_; }
    [[nodiscard]] const WindowOptions& options() const { return options_; }
    [[nodiscard]] Throttle& throttle() { return throttle_; }
    [[nodiscard]] WallTime wall() const { return house_.clock.wall(); }
    [[nodiscard]] MonoTime now() const { return house_.clock.now(); }

    Result<void> read_accounts();
    [[nodiscard]] const std::vector<Account>& accounts() const { return accounts_; }  // by name
    [[nodiscard]] const Account* account_by_id(std::string_view id) const;
    [[nodiscard]] Viewer viewer_of(const Account& account) const;

    // Who asks, and whether they may come any further; else the answer.
    [[nodiscard]] std::optional<HttpReply> identify(Ask& ask, Access access, Scope scope);
    // Into the custody log; false when it could not be.
    bool write_down(const custody::Event& event);
    // False, and the ask is answered, when it could not be written down.
    bool tell(const Ask& ask, custody::Event event);
    void deny(const Asked& ask, std::string_view recording, purpose::Action action,
              purpose::Reason reason);
    // The same, without an answer: once a minute for the same.
    bool write_denial(const Ask& ask, std::string_view recording, const std::string& what);
    // Whether who came in so could still: the session goes on, or the token is one.
    [[nodiscard]] bool is_still_in(const std::string& account, const std::string& secret,
                                   const std::string& token);
    // False, and the ask is answered, when they may not.
    bool check(const Asked& ask, std::string_view recording, purpose::Action action);
    // The recording that the path names, when the asker may do that with it; else they are
    // answered.
    std::optional<CallRow> call_for(const Asked& ask, purpose::Action action);
    HttpReply refused(const Error& error);
    // False, and the ask is answered, when too many tries failed; else this one is counted.
    bool may_try(const Asked& ask, const std::string& key);
    // `job` on the strand of work, then what it gives on ours; or the ask is answered.
    void work(const Asked& ask, std::function<std::function<void()>()> job);

    [[nodiscard]] PeopleFile& people_file() { return people_file_; }
    // Reads it again when somebody else wrote it.
    void follow_people();
    // The turn to change them; null, and the ask is answered, when it cannot be had.
    std::unique_ptr<FileLock> turn_of_people(const Asked& ask);
    // A person of calls that the asker may see.
    [[nodiscard]] bool knows_person(const Ask& ask, std::string_view id) const;
    // What people made of it, from its file to the list.
    void on_recording(std::string_view id);
    void happened(std::string_view what, std::string_view recording);
    // Whoever wants to know; called in the order in which they asked.
    void follow(std::function<void(const Happening&)> follower);

    std::string secret(std::size_t bytes);
    std::string short_id(std::string_view kind);

    // Who asks, by a token that the request has in its body.
    std::optional<HttpReply> enter_by_token(Ask& ask, std::string_view secret, Scope scope) {
        return identify_by_token(ask, secret, Access::signed_in, scope);
    }

private:
    std::optional<HttpReply> identify_by_token(Ask& ask, std::string_view bearer, Access access,
                                               Scope scope);
    House house_;
    WindowOptions options_;
    std::vector<Account> accounts_;
    Throttle throttle_;
    PeopleFile people_file_;
    std::map<std::string, MonoTime> denials_;  // that were told lately, by who, what and why
    std::vector<std::function<void(const Happening&)>> followers_;
};

// The address, and with which token; for the custody log.
std::string came_from(const Ask& ask);

// What the list is told of a recording's file.
Marked marked_by(const archive::Notes& notes);
// The same, and of one that was brought and of which more was found what is known of it now.
Marked marked_by(Disk& disk, const std::string& archive, std::string_view id,
                 const archive::Notes& notes);

}  // namespace nk::listener
