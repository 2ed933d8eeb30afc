#pragma once
// The window: what people and programs ask over HTTP, answered (api/openapi.yaml is the contract).
// No sockets and no threads: a request comes in as a value, its answer goes out as one, at once or
// when the work it took is done. One strand.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "listener/copies.h"
#include "listener/counter.h"
#include "listener/desks/albums.h"
#include "listener/desks/events.h"
#include "listener/desks/factors.h"
#include "listener/desks/hooks.h"
#include "listener/desks/imports.h"
#include "listener/desks/jobs.h"
#include "listener/desks/keeping.h"
#include "listener/desks/live.h"
#include "listener/desks/name_templates.h"
#include "listener/desks/photos.h"
#include "listener/desks/talks.h"
#include "listener/desks/tokens.h"
#include "listener/desks/webhooks.h"
#include "listener/hearings.h"

namespace nk::listener {

// How large a body may be, by what is asked.
std::size_t body_bytes_max(const HttpRequest& request);

class Window : private Counter {
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

    // The same of what runs. Some 25 times a second.
    void tick_live();
    [[nodiscard]] LiveDesk& live() { return live_; }

    // Until the house is set up: what opens the set-up page, new at each start.
    [[nodiscard]] const std::string& set_up_code() const { return set_up_code_; }
    // A recording came, and the list knows it: what people made of it earlier is put to it.
    void on_new_recording(std::string_view id);
    // More is known of one that was there.
    void on_changed(std::string_view id);
    // How many bytes the body of a request may have; that of a hook more.
    [[nodiscard]] std::size_t body_limit(const HttpRequest& request);
    // What somebody brought on a strand of its own.
    [[nodiscard]] ImportDesk& imports() { return imports_; }
    // The list was read anew.
    void on_all_anew();

private:
    void enter(const Asked& ask, const Route& route);
    void add_routes();

    // window_door.cpp
    void get_status(const Asked& ask);
    void set_up(const Asked& ask);
    void get_session(const Asked& ask);
    void sign_in(const Asked& ask);
    void sign_out(const Asked& ask);
    void change_me(const Asked& ask);
    bool is_second_factor(const Asked& ask, const Account& account, const std::string& code);
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

    // window_sound.cpp
    void get_audio(const Asked& ask);
    void get_peaks(const Asked& ask);
    struct SoundWanted {
        bool as_wav = false;
        bool as_opus = false;
        bool is_download = false;
        std::optional<std::uint32_t> track{};  // that voice alone
        std::optional<std::int64_t> from_ms{};
        std::optional<std::int64_t> to_ms{};
        bool as_flac = false;          // it was said
        bool as_original = false;      // as it was brought
        bool is_for_stranger = false;  // by a link: nothing but the sound, no tags
        std::string type{};            // when it is an original's own
        std::string ending{};
    };
    static std::string type_of(const SoundWanted& wanted);
    static std::string ending_of(const SoundWanted& wanted);
    void send_original(const Asked& ask, const recording::RecordingFacts& facts, SoundWanted wanted,
                       const std::string& who);
    void with_made(const Asked& ask, const recording::RecordingFacts& facts,
                   std::optional<CopyKind> copy, std::function<void()> then);
    void send_copy(const Asked& ask, recording::RecordingFacts facts, CopyKind kind,
                   SoundWanted wanted, const std::string& who);
    void send_from(const Asked& ask, const recording::RecordingFacts& facts,
                   const std::string& path, const SoundWanted& wanted, const std::string& who);
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

    KeepingDesk keeping_;
    AlbumDesk albums_;
    PhotoDesk photos_;
    TokenDesk tokens_;
    FactorDesk factors_;
    LiveDesk live_;
    EventDesk events_;
    WebhookDesk webhooks_;
    JobDesk jobs_;
    ImportDesk imports_;
    HookDesk hooks_;
    NameTemplateDesk name_templates_;
    TalkDesk talks_;
    std::vector<Route> routes_;
    std::string set_up_code_;
    Hearings hearings_;
    struct Ticket {
        std::string link;
        MonoTime ends;
    };
    std::map<std::string, Ticket> tickets_;  // of links that were opened
    MonoTime last_tick_{};
    MonoTime last_look_{};
};

}  // namespace nk::listener
