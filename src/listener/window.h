#pragma once
// The window: what people and programs ask over HTTP, answered (api/openapi.yaml is the contract).
// No sockets and no threads: a request comes in as a value, its answer goes out as one, at once or
// when the work it took is done. One strand.
//
// Everything that tells of a recording goes through CallList, and so through purpose::may(). What
// is heard, taken along, shared, changed or refused is in the custody log before its answer leaves.

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
#include "listener/call_list.h"
#include "listener/hearings.h"
#include "listener/state.h"
#include "listener/throttle.h"
#include "listener/work.h"

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
};

class Window {
    struct Key {};  // only open has it

public:
    Window(Key key, const House& house, WindowOptions options);
    // Reads accounts, people and notes. The list has its recordings by then.
    static Result<std::unique_ptr<Window>> open(const House& house, WindowOptions options);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    void handle(const HttpRequest& request, HttpAnswer answer);
    // What is due now and then. To be called every second or so.
    void tick();

    // Until the house is set up: what opens the set-up page, new at each start.
    [[nodiscard]] const std::string& set_up_code() const { return set_up_code_; }
    // A recording came, and the list knows it: what people made of it earlier is put to it.
    void on_recording(std::string_view id);
    // The list was read anew.
    void on_all_anew();

private:
    // A request on its way.
    struct Ask {
        HttpRequest request;
        std::vector<std::string> parts;  // of the path behind /api/v1/
        std::optional<Account> account;
        Viewer viewer;
        std::string secret;  // of the session
        HttpAnswer answer;
    };
    using Asked = std::shared_ptr<Ask>;
    using Handler = void (Window::*)(const Asked&);
    enum class Access : std::uint8_t { open, signed_in };
    struct Route {
        std::string_view method;
        std::string_view pattern;  // calls/*/notes
        Access access;
        Handler handler;
    };
    static const std::vector<Route>& routes();
    static bool fits(std::string_view pattern, const std::vector<std::string>& parts);

    // window.cpp
    void enter(const Asked& ask, Access access, Handler handler);
    [[nodiscard]] std::optional<HttpReply> identify(Ask& ask, Access access);
    Result<void> read_accounts();
    [[nodiscard]] Viewer viewer_of(const Account& account) const;
    [[nodiscard]] const Account* account_by_id(std::string_view id) const;
    std::string secret(std::size_t bytes);
    std::string short_id(std::string_view kind);
    HttpReply refused(const Error& error);
    // Into the custody log; false when it could not be.
    bool write_down(const custody::Event& event);
    // False, and the ask is answered, when it could not be written down.
    bool tell(const Ask& ask, custody::Event event);
    void deny(const Asked& ask, std::string_view recording, purpose::Action action,
              purpose::Reason reason);
    // The recording that the path names, when the asker may do that with it; else they are
    // answered.
    std::optional<CallRow> call_for(const Asked& ask, purpose::Action action);

    // window_door.cpp
    void get_status(const Asked& ask);
    void set_up(const Asked& ask);
    void get_session(const Asked& ask);
    void sign_in(const Asked& ask);
    void sign_out(const Asked& ask);
    void change_me(const Asked& ask);
    void begin_session(const Asked& ask, const Account& account, std::string_view what);
    [[nodiscard]] std::string session_json(const Account& account) const;

    // window_accounts.cpp
    void list_accounts(const Asked& ask);
    void add_account(const Asked& ask);
    void change_account(const Asked& ask);
    void keep_account(const Asked& ask, const Account& account, int status, std::string_view what);
    [[nodiscard]] bool is_last_who_administers(const Account& account) const;

    // window_calls.cpp
    void list_calls(const Asked& ask);
    void get_call(const Asked& ask);
    void change_call(const Asked& ask);
    void list_tags(const Asked& ask);
    [[nodiscard]] Result<std::string> details_of(const Ask& ask, const CallRow& row);

    // window_sound.cpp
    void get_audio(const Asked& ask);
    void get_peaks(const Asked& ask);
    struct SoundWanted {
        bool as_wav = false;
        bool is_download = false;
        std::optional<std::uint32_t> track;  // that voice alone
        std::optional<std::int64_t> from_ms;
        std::optional<std::int64_t> to_ms;
    };
    void send_sound(const Asked& ask, const std::string& id, const SoundWanted& wanted,
                    const std::string& who);
    void send_peaks(const Asked& ask, const std::string& id, std::optional<std::int64_t> from_ms,
                    std::optional<std::int64_t> to_ms, std::size_t points);

    // window_notes.cpp
    void edit_notes(const Asked& ask, const CallRow& row, int status, std::string_view what,
                    const std::function<std::optional<archive::Note>(archive::Notes&)>& change);
    archive::Note* note_of_ones_own(const Asked& ask, archive::Notes& notes);
    void add_note(const Asked& ask);
    void change_note(const Asked& ask);
    void remove_note(const Asked& ask);

    // window_links.cpp
    void list_links(const Asked& ask);
    void add_link(const Asked& ask);
    void revoke_link(const Asked& ask);
    void get_shared(const Asked& ask);
    void get_shared_audio(const Asked& ask);
    void get_shared_peaks(const Asked& ask);
    std::optional<Link> link_for(const Asked& ask);
    [[nodiscard]] bool may_be_shared(const Link& link) const;
    void open_link(const Asked& ask, const Link& link);
    std::optional<Link> link_by_ticket(const Asked& ask, const std::string& ticket);

    // window_people.cpp
    void list_people(const Asked& ask);
    void add_person(const Asked& ask);
    void change_person(const Asked& ask);
    void remove_person(const Asked& ask);
    void keep_people(const Asked& ask, std::vector<Person> people, const std::string& id,
                     int status, std::string_view what);
    [[nodiscard]] std::string person_json(const Person& person, const CallList::Tally& tally) const;

    // window_log.cpp
    void read_log(const Asked& ask);
    std::string name_of_who(const std::string& who);

    House house_;
    WindowOptions options_;
    std::vector<Account> accounts_;  // by name
    std::string set_up_code_;
    Throttle throttle_;
    std::map<std::string, MonoTime> denials_;  // that were told lately, by who, what and why
    Hearings hearings_;
    struct Ticket {
        std::string link;
        MonoTime ends;
    };
    std::map<std::string, Ticket> tickets_;  // of links that were opened
    MonoTime last_tick_{};
};

}  // namespace nk::listener
