// Transactions over a network that loses, doubles and delays whatever it likes, against a caller
// that does what RFC 3261 17.1 says and no more.
#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "intake/siprec/testing_sip.h"

namespace nk::siprec {
namespace {

using namespace testing;

enum class Fate : std::uint8_t { arrives, is_lost, arrives_twice, is_late, is_late_and_twice };

// The fates of the first messages, whichever way they go; those after them arrive.
class Network {
public:
    explicit Network(std::vector<Fate> fates) : fates_(std::move(fates)) {}
    template <class Deliver>
    void carry(MonoTime now, const Deliver& deliver) {
        const Fate fate = next_ < fates_.size() ? fates_[next_] : Fate::arrives;
        ++next_;
        const bool is_late = fate == Fate::is_late || fate == Fate::is_late_and_twice;
        const MonoTime arrival = now + milliseconds(is_late ? 1'100 : 10);
        if (fate != Fate::is_lost)
            at(arrival, deliver);
        if (fate == Fate::arrives_twice || fate == Fate::is_late_and_twice)
            at(arrival + milliseconds(700), deliver);
    }
    void at(MonoTime time, std::function<void()> what) { events_.emplace(time, std::move(what)); }
    [[nodiscard]] std::optional<MonoTime> next_due() const {
        return events_.empty() ? std::nullopt : std::optional(events_.begin()->first);
    }
    void do_next() {
        const auto what = std::move(events_.begin()->second);
        events_.erase(events_.begin());
        what();
    }

private:
    std::vector<Fate> fates_;
    std::size_t next_ = 0;
    std::multimap<MonoTime, std::function<void()>> events_;
};

// A caller's side of one request: 17.1.1 for INVITE, 17.1.2 for the others.
class Caller {
public:
    Caller(World& world, Network& network, Ask ask)
        : world_(world), network_(network), ask_(std::move(ask)) {}
    void begin() { send_again(t1); }
    void take(const wire::SipMessage& response) {
        is_heard = true;
        if (response.status < 200)
            return;
        ++finals;
        is_over_ = true;
        if (ask_.method != "INVITE")
            return;
        Ask ack = ask_;
        ack.method = "ACK";
        ack.to_tag = response.to_tag();
        if (response.status < 300)
            ack.branch += "ack";
        send(ack.text());
    }
    [[nodiscard]] const Ask& ask() const { return ask_; }
    bool is_heard = false;
    int finals = 0;

private:
    void send(const std::string& text) {
        network_.carry(world_.now,
                       [this, text] { world_.take(text, peer_at("192.0.2.2", 5'070)); });
    }
    void send_again(Nanos interval) {
        // An INVITE is not sent again once there was any response, others until the final one.
        if (is_over_ || (is_heard && ask_.method == "INVITE") || interval > transaction_timeout / 2)
            return;
        send(ask_.text());
        network_.at(world_.now + interval, [this, interval] {
            send_again(ask_.method == "INVITE" ? 2 * interval : std::min(2 * interval, t2));
        });
    }

    World& world_;
    Network& network_;
    Ask ask_;
    bool is_over_ = false;
};

void run(World& world, Network& network) {
    while (true) {
        const auto ours = world.transactions.next_due();
        const auto theirs = network.next_due();
        if (!ours && !theirs)
            return;
        if (theirs && (!ours || *theirs <= *ours)) {
            world.now = *theirs;
            network.do_next();
        } else {
            world.now = *ours;
            world.transactions.tick(world.now);
        }
    }
}

std::size_t count(const std::vector<std::string>& heard, const std::string& what) {
    return static_cast<std::size_t>(std::count(heard.begin(), heard.end(), what));
}

// Up to so many losses both sides' repeats make up for.
std::vector<Fate> fates(std::size_t losses_max) {
    const auto any = rc::gen::element(Fate::arrives, Fate::is_lost, Fate::is_lost,
                                      Fate::arrives_twice, Fate::is_late, Fate::is_late_and_twice);
    auto out = *rc::gen::container<std::vector<Fate>>(any);
    for (Fate& fate : out) {
        if (fate == Fate::is_lost && losses_max == 0)
            fate = Fate::arrives;
        else if (fate == Fate::is_lost)
            --losses_max;
    }
    return out;
}

struct Scene {
    explicit Scene(std::vector<Fate> its_fates) : network(std::move(its_fates)) {
        world.on_send = [this](const Sent& sent) {
            network.carry(world.now, [this, bytes = sent.bytes] { deliver(bytes); });
        };
    }
    Caller& call(const Ask& ask) {
        return *callers.emplace_back(std::make_unique<Caller>(world, network, ask));
    }
    void deliver(const std::string& bytes) {
        const auto message = wire::parse_sip(as_bytes(bytes));
        ASSERT_TRUE(message);
        if (message->is_request) {  // ours: it is answered whenever it comes
            const auto answer = wire::compose_response(*message, {}, {.status = 200});
            network.carry(world.now, [this, answer] { world.take(answer, {}); });
            return;
        }
        for (const auto& caller : callers)
            if (message->header("Via").find(caller->ask().branch) != std::string_view::npos &&
                message->method == caller->ask().method)
                caller->take(*message);
    }
    World world;
    Network network;
    std::vector<std::unique_ptr<Caller>> callers;
};

RC_GTEST_PROP(transactions_lossy, an_invite_is_heard_once_and_its_answer_arrives, ()) {
    Scene scene(fates(4));
    const int status = *rc::gen::element(200, 302, 486, 603);
    const Nanos thinking = milliseconds(*rc::gen::element(0, 100, 300, 2'000));
    Caller& caller = scene.call({});
    if (thinking == Nanos{0})
        scene.world.answer_at_once = status;
    caller.begin();
    if (thinking > Nanos{0})  // the INVITE may take a while to come
        for (int seconds_later = 0; seconds_later < 40; ++seconds_later)
            scene.network.at(scene.world.now + thinking + seconds(seconds_later), [&scene, status] {
                if (!scene.world.heard.empty())
                    scene.world.reply(1, status);
            });
    run(scene.world, scene.network);
    const auto& heard = scene.world.heard;
    RC_ASSERT(count(heard, "INVITE") == 1U);
    RC_ASSERT(count(heard, "ACK") == (status < 300 ? 1U : 0U));
    RC_ASSERT(count(heard, "unacknowledged") == 0U);
    RC_ASSERT(caller.finals >= 1);
    RC_ASSERT(scene.world.transactions.size() == 0U);
    RC_ASSERT(scene.world.transactions.bytes() == 0U);
}

RC_GTEST_PROP(transactions_lossy, other_requests_are_heard_once_and_answered, ()) {
    Scene scene(fates(6));
    scene.world.answer_at_once = 200;
    for (const char* branch : {"z9hG4bKa", "z9hG4bKb", "z9hG4bKc"})
        scene.call({.method = "OPTIONS", .branch = branch, .call_id = branch}).begin();
    run(scene.world, scene.network);
    RC_ASSERT(scene.world.heard == std::vector<std::string>(3, "OPTIONS"));
    for (const auto& caller : scene.callers)
        RC_ASSERT(caller->finals >= 1);
    RC_ASSERT(scene.world.transactions.size() == 0U);
}

RC_GTEST_PROP(transactions_lossy, our_request_is_answered_once, ()) {
    Scene scene(fates(6));
    const Ask bye{.method = "BYE", .branch = "z9hG4bKours", .to_tag = "theirs"};
    RC_ASSERT(scene.world.transactions.request(bye.text(), {}, scene.world.now).has_value());
    run(scene.world, scene.network);
    RC_ASSERT(scene.world.heard == std::vector<std::string>{"200"});
    RC_ASSERT(scene.world.transactions.size() == 0U);
}

RC_GTEST_PROP(transactions_lossy, a_call_that_is_cancelled_ends_one_way_on_both_sides, ()) {
    Scene scene(fates(3));
    Caller& invite = scene.call({});
    Caller& cancel = scene.call({.method = "CANCEL"});
    invite.begin();
    // RFC 3261 9.1: no CANCEL before there was a response.
    std::function<void()> try_cancel = [&] {
        if (invite.is_heard)
            cancel.begin();
        else if (scene.world.now < MonoTime{} + minutes(1))
            scene.network.at(scene.world.now + milliseconds(300), try_cancel);
    };
    scene.network.at(scene.world.now + milliseconds(300), try_cancel);
    const Nanos answer_after = milliseconds(*rc::gen::element(1'000, 5'000, 100'000));
    scene.network.at(scene.world.now + answer_after, [&] {
        if (!scene.world.heard.empty())
            scene.world.reply(1, 200);
    });
    run(scene.world, scene.network);
    const auto& heard = scene.world.heard;
    const bool is_accepted = count(heard, "ACK") == 1U;
    RC_ASSERT(count(heard, "INVITE") == 1U);
    RC_ASSERT(count(heard, "CANCEL") + count(heard, "CANCEL of nothing") == 1U);
    RC_ASSERT(scene.world.could_cancel.value_or(false) != is_accepted);
    RC_ASSERT(invite.finals >= 1);
    RC_ASSERT(cancel.finals >= 1);
    RC_ASSERT(scene.world.transactions.size() == 0U);
}

// Nobody keeps to any rule: still nothing is heard twice, and everything ends.
RC_GTEST_PROP(transactions_lossy, whatever_comes_in_whatever_order_is_forgotten_in_the_end, ()) {
    World world;
    world.answer_at_once = *rc::gen::element(std::optional<int>{}, std::optional<int>(200),
                                             std::optional<int>(486), std::optional<int>(180));
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4 * 5 * 3 * 2));
    std::map<std::string, std::size_t> distinct;
    for (const int step : steps) {
        constexpr std::array<const char*, 5> methods{"INVITE", "ACK", "CANCEL", "OPTIONS", "BYE"};
        const Ask ask{.method = methods[static_cast<std::size_t>(step / 4 % 5)],
                      .branch = "z9hG4bK" + std::to_string(step % 4),
                      .to_tag = step / 60 == 0 ? "" : "ours",
                      .call_id = "c" + std::to_string(step / 20 % 3)};
        world.take(ask.text(), peer_at("192.0.2.2", 5'070));
        if (ask.method != "ACK")
            ++distinct[ask.method + ask.branch];
        world.run(milliseconds(step / 4));  // at most 30 ms: repeats all fall into T4
    }
    std::size_t requests = 0;
    for (const auto& what : world.heard)
        requests += what != "ACK" && what != "unacknowledged" ? 1U : 0U;
    RC_ASSERT(requests <= distinct.size());
    world.run(minutes(10));
    RC_ASSERT(world.transactions.size() == 0U);
    RC_ASSERT(world.transactions.bytes() == 0U);
    RC_ASSERT(!world.transactions.next_due());
}

}  // namespace
}  // namespace nk::siprec
