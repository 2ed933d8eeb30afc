#pragma once
// For tests only: a window with everything real behind it, on a disk and in a database in memory,
// asked by function calls.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "archive/catalogue.h"
#include "archive/erase.h"
#include "archive/layout.h"
#include "archive/vcon.h"
#include "base/memory_disk.h"
#include "base/testing_clock.h"
#include "base/testing_random.h"
#include "listener/testing_bringer.h"
#include "listener/window.h"
#include "recording/facts.h"
#include "sound/flac.h"

namespace nk::listener::testing {

using Json = nlohmann::json;

using nk::testing::HeldClock;

// Does what it is asked at once, or refuses.
class AtOnce : public Work {
public:
    bool post(std::function<std::function<void()>()> job) override {
        if (is_full)
            return false;
        if (is_held)
            held.push_back(job());
        else
            job()();
        return true;
    }
    // What was done meanwhile is told now.
    void let_go() {
        is_held = false;
        for (auto& then : std::exchange(held, {}))
            then();
    }
    bool is_full = false;
    bool is_held = false;  // it takes its time
    std::vector<std::function<void()>> held{};
};

struct Answer {
    int status = 0;
    std::string type;
    std::string body;
    std::vector<HttpHeader> headers;
    [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
    [[nodiscard]] std::string header(std::string_view name) const {
        for (const auto& one : headers)
            if (one.name == name)
                return one.value;
        return {};
    }
};

inline constexpr std::string_view password = "correct horse battery";

class TestWindow {
public:
    TestWindow() {
        (void)disk.make_folders("/archive");
        (void)disk.make_folders("/state");
        auto opened = State::open(":memory:");
        EXPECT_TRUE(opened) << opened.error().what;
        state = *std::move(opened);
        catalogue = *archive::Catalogue::open(":memory:");
        log = *custody::Log::open(disk, clock, "/state/custody");
        reopen();
    }
    void reopen() {
        window.reset();
        auto opened = Window::open({disk, clock, random, *state, *log, calls, work,
                                    [this](const std::string& what) { warnings.push_back(what); },
                                    [this](const std::string& id, const archive::Act& deleted) {
                                        return archive::erase_recording(disk, *catalogue,
                                                                        "/archive", id, deleted);
                                    },
                                    nullptr, nullptr, nullptr, &bringer},
                                   {"/archive", "/state", "1.2.3"});
        ASSERT_TRUE(opened) << opened.error().what;
        window = *std::move(opened);
    }

    // With the cookie of who signed in last, unless `as` names another.
    Answer ask(std::string method, std::string target, const Json& body = {},
               std::vector<HttpHeader> more = {}) {
        HttpRequest request;
        request.method = std::move(method);
        request.target = "/api/v1/" + std::move(target);
        request.remote = {*parse_ip("192.0.2.7"), 40'000};
        if (!cookie.empty())
            request.headers.push_back({"cookie", "naklank=" + cookie});
        if (request.method != "GET")
            request.headers.push_back({"x-naklank-window", "1"});
        if (!body.is_null()) {
            request.headers.push_back({"content-type", "application/json"});
            request.body = body.is_string() ? body.get<std::string>() : body.dump();
        }
        for (auto& one : more)
            request.headers.push_back(std::move(one));
        return send(request);
    }
    // What is answered later.
    std::shared_ptr<std::optional<Answer>> ask_slowly(const std::string& method,
                                                      const std::string& target, const Json& body) {
        HttpRequest request;
        request.method = method;
        request.target = "/api/v1/" + target;
        request.remote = {*parse_ip("192.0.2.7"), 40'000};
        request.headers = {{"x-naklank-window", "1"}, {"content-type", "application/json"}};
        if (!cookie.empty())
            request.headers.push_back({"cookie", "naklank=" + cookie});
        request.body = body.dump();
        auto out = std::make_shared<std::optional<Answer>>();
        window->handle(request, [out](const HttpReply& reply) {
            *out = Answer{reply.status, reply.content_type, reply.body, reply.headers};
        });
        return out;
    }
    Answer send(const HttpRequest& request) {
        std::optional<Answer> out;
        window->handle(request, [&](HttpReply reply) {
            EXPECT_FALSE(out) << "answered twice";
            out.emplace(Answer{reply.status, reply.content_type, reply.body, reply.headers});
            std::array<char, 1'000> piece{};
            while (reply.stream) {
                const auto got = reply.stream->read(piece);
                EXPECT_TRUE(got) << got.error().what;
                if (!got || *got == 0)
                    break;
                out->body.append(piece.data(), *got);
            }
        });
        EXPECT_TRUE(out) << request.method << " " << request.target << " was not answered";
        const auto set = out ? out->header("Set-Cookie") : "";
        if (set.starts_with("naklank="))
            cookie = set.substr(8, set.find(';') - 8);
        return out.value_or(Answer{});
    }

    Answer set_up(const std::string& for_whom = "home", std::vector<std::string> numbers = {}) {
        return ask("POST", "setup",
                   {{"code", window->set_up_code()},
                    {"for_whom", for_whom},
                    {"language", "nl"},
                    {"name", "Anna"},
                    {"password", password},
                    {"numbers", numbers}});
    }
    void sign_in(const std::string& name) {
        cookie.clear();
        const auto answer = ask("POST", "session", {{"name", name}, {"password", password}});
        EXPECT_EQ(answer.status, 201) << answer.body;
    }
    // By who is signed in.
    void add_account(const std::string& name, const std::vector<std::string>& roles,
                     const std::vector<std::string>& numbers = {}, const std::string& team = "",
                     const std::vector<std::string>& leads = {}) {
        const auto answer = ask("POST", "accounts",
                                {{"name", name},
                                 {"password", password},
                                 {"roles", roles},
                                 {"numbers", numbers},
                                 {"team", team},
                                 {"leads", leads}});
        EXPECT_EQ(answer.status, 201) << answer.body;
    }

    // A file that somebody brought, of that container and codec, in the archive and in the list.
    std::string bring(const std::string& container = "mov", const std::string& codec = "aac",
                      std::vector<call::Finding> findings = {}, bool has_end = true);
    // A sealed recording of a second of two voices, in the archive and in the list.
    std::string record(const std::string& caller, const std::string& callee,
                       purpose::Purpose why = purpose::Purpose::agreement,
                       std::int64_t seconds_ago = 0);

    std::vector<custody::Entry> told(const std::string& what = "") {
        return *custody::Log::read(disk, "/state/custody", {.what = what});
    }

    MemoryDisk disk;
    HeldClock clock;
    nk::testing::StirredRandom random;
    AtOnce work;
    FakeBringer bringer;
    CallList calls;
    std::unique_ptr<State> state;
    std::unique_ptr<archive::Catalogue> catalogue;
    std::unique_ptr<custody::Log> log;
    std::vector<std::string> warnings;
    std::unique_ptr<Window> window;
    std::string cookie;
};

inline std::string TestWindow::record(const std::string& caller, const std::string& callee,
                                      purpose::Purpose why, std::int64_t seconds_ago) {
    recording::RecordingFacts facts;
    facts.started = clock.on_wall + Nanos(-seconds(seconds_ago));
    facts.id = archive::make_id(facts.started, random);
    facts.uuid = archive::make_uuid(facts.started, random);
    facts.duration = seconds(1);
    facts.sealed_at = facts.started + seconds(2);
    facts.purpose = why;
    facts.basis = purpose::Basis::own_line;
    facts.call.answered = true;
    facts.call.parties = {{"caller", caller, "", "sip:" + caller + "@example.com"},
                          {"callee", callee, "", "sip:" + callee + "@example.com"}};
    for (std::uint32_t number = 1; number <= 2; ++number) {
        recording::TrackFacts track;
        track.number = number;
        track.party = number - 1;
        track.codec = "PCMA";
        track.rate_hz = 8'000;
        track.sound_to = 8'000;
        track.gaps.push_back({4'000, 800, recording::GapCause::loss, 5});
        facts.tracks.push_back(track);
    }
    const auto folder = archive::recording_folder("/archive", facts.id);
    EXPECT_TRUE(disk.make_folders(folder));
    {
        auto file = disk.create(folder + "/audio.flac");
        EXPECT_TRUE(file);
        auto writer = sound::write_flac(**file, {8'000, 2}, {});
        EXPECT_TRUE(writer);
        std::vector<std::int16_t> samples;
        for (int i = 0; i < 8'000; ++i) {
            samples.push_back(static_cast<std::int16_t>(i));
            samples.push_back(static_cast<std::int16_t>(-2 * i));
        }
        EXPECT_TRUE((*writer)->write(samples));
        EXPECT_TRUE((*writer)->finish({}));
    }
    facts.audio.emplace();
    facts.audio->rate_hz = 8'000;
    facts.audio->channels = 2;
    facts.audio->frames = 8'000;
    facts.audio->bytes = disk.contents(folder + "/audio.flac")->size();
    facts.audio->sha256 = std::string(64, 'a');
    facts.audio->sha512 = std::string(128, 'b');
    const auto text = archive::to_vcon(facts);
    disk.put(folder + "/call.vcon.json", {text.begin(), text.end()});
    archive::Brief brief{.id = facts.id,
                         .started = facts.started,
                         .duration = facts.duration,
                         .purpose = why,
                         .basis = facts.basis,
                         .door = facts.door,
                         .is_answered = true,
                         .has_sound = true,
                         .parties = {}};
    for (const auto& party : facts.call.parties)
        brief.parties.push_back({party.number, party.name});
    EXPECT_TRUE(catalogue->insert(facts));
    calls.put(brief);
    return facts.id;
}

inline std::string TestWindow::bring(const std::string& container, const std::string& codec,
                                     std::vector<call::Finding> findings, bool has_end) {
    recording::RecordingFacts facts;
    facts.started = clock.on_wall;
    facts.id = archive::make_id(facts.started, random);
    facts.uuid = archive::make_uuid(facts.started, random);
    facts.duration = seconds(1);
    facts.sealed_at = facts.started;
    facts.door = purpose::Door::import;
    facts.findings = std::move(findings);
    facts.brought.emplace();
    facts.brought->name = "a file";
    facts.brought->container = container;
    facts.brought->has_end = has_end;
    const auto known = call::know(facts.findings);
    facts.call.parties = call::heard_by(known, "").parties;
    facts.call.answered = true;
    recording::TrackFacts track;
    track.codec = codec;
    track.rate_hz = 8'000;
    track.is_mixed = true;
    track.sound_to = 8'000;
    facts.tracks.push_back(track);
    const auto folder = archive::recording_folder("/archive", facts.id);
    EXPECT_TRUE(disk.make_folders(folder));
    const std::string bytes = "the original";
    disk.put(folder + "/original.m4a", {bytes.begin(), bytes.end()});
    facts.audio = recording::AudioFacts{
        "original.m4a",       container, 8'000, 1, 8'000, bytes.size(), std::string(64, 'a'),
        std::string(128, 'b')};
    const auto text = archive::to_vcon(facts);
    disk.put(folder + "/call.vcon.json", {text.begin(), text.end()});
    EXPECT_TRUE(catalogue->insert(facts));
    archive::Followed followed;
    std::vector<archive::Brief> all;
    EXPECT_TRUE(catalogue->follow(followed, 1'000, all));
    calls.put(all.back());
    window->on_new_recording(facts.id);
    return facts.id;
}

}  // namespace nk::listener::testing
