#include "listener/desks/webhooks.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "base/base_encoding.h"
#include "base/hmac.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/detail/json_reply.h"
#include "listener/form.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Role;

constexpr std::array<std::string_view, 8> known_events{
    "recording.made",     "recording.changed", "recording.announced", "recording.removed",
    "recording.restored", "recording.deleted", "recording.held",      "recording.released"};
constexpr std::size_t at_once_each = 2;
constexpr std::size_t shown = 100;
constexpr std::size_t secret_size = 24;

Json json_of(const Webhook& webhook) {
    Json json;
    json["id"] = webhook.id;
    json["url"] = as_utf8(webhook.url);
    json["events"] = webhook.events;
    json["is_on"] = webhook.is_on;
    json["waiting"] = webhook.waiting;
    if (webhook.last_status >= 0)
        json["last_status"] = webhook.last_status;
    if (webhook.last)
        json["last_at"] = rfc3339(*webhook.last);
    return json;
}

Json json_of(const Delivery& delivery) {
    Json json;
    json["id"] = delivery.id;
    json["event"] = delivery.event;
    json["at"] = rfc3339(delivery.made);
    json["tries"] = delivery.tries;
    json["state"] = name_of(delivery.state);
    if (delivery.status >= 0)
        json["status"] = delivery.status;
    if (!delivery.problem.empty())
        json["problem"] = as_utf8(delivery.problem);
    return json;
}

// Empty when it will do. In the clear only where nobody can listen.
std::string fault_of(std::string_view url) {
    constexpr std::string_view secure = "https://";
    constexpr std::string_view plain = "http://";
    const bool is_secure = url.starts_with(secure);
    if (!is_secure && !url.starts_with(plain))
        return "is to begin with https://";
    const auto rest = url.substr(is_secure ? secure.size() : plain.size());
    const auto where = rest.substr(0, rest.find_first_of("/?"));
    // What a reader of another kind might take for another host is none.
    const bool has_odd = std::any_of(
        url.begin(), url.end(), [](char c) { return c <= ' ' || c == 0x7F || c < 0 || c == '#'; });
    const bool is_v6 = where.starts_with('[');
    const auto name_end = is_v6 ? where.find(']') : where.find(':');
    const auto name = where.substr(
        0, name_end == std::string_view::npos ? where.size() : name_end + (is_v6 ? 1U : 0U));
    const auto port = where.substr(name.size());
    constexpr std::string_view usual =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]";
    unsigned number = 0;
    const auto digits = port.substr(std::min<std::size_t>(1, port.size()));
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_port_wrong =
        !port.empty() && (port.front() != ':' || error != std::errc() ||
                          end != digits.data() + digits.size() || number < 1 || number > 65'535);
    if (name.empty() || has_odd || is_port_wrong ||
        name.find_first_not_of(usual) != std::string_view::npos)
        return "is no address";
    const bool is_here = name == "localhost" || name == "127.0.0.1" || name == "[::1]";
    return is_secure || is_here ? "" : "is to begin with https:// outside of this machine";
}

}  // namespace

std::string sign_webhook(Bytes secret, std::string_view id, std::int64_t second,
                         std::string_view body) {
    std::string signed_text(id);
    signed_text.append(".").append(std::to_string(second)).append(".").append(body);
    return "v1," + base64(hmac_sha256(secret, as_bytes(signed_text)));
}

std::optional<Nanos> wait_after(std::int64_t tries) {
    constexpr std::array waits{Nanos(seconds(5)),  Nanos(seconds(30)), Nanos(minutes(2)),
                               Nanos(minutes(10)), Nanos(minutes(30)), Nanos(hours(1)),
                               Nanos(hours(3)),    Nanos(hours(6)),    Nanos(hours(12))};
    if (tries < 1 || tries > static_cast<std::int64_t>(waits.size()))
        return std::nullopt;
    return waits.at(static_cast<std::size_t>(tries - 1));
}

WebhookDesk::WebhookDesk(Counter& counter, Courier* courier)
    : counter_(counter), courier_(courier), store_(counter.house().state.connection()) {
    counter_.follow([this](const Happening& happening) { on_happening(happening); });
}

void WebhookDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    const auto add_one = [&](const char* method, const char* pattern, auto handler) {
        book.add(method, pattern, Access::signed_in, Scope::house, handler);
    };
    add_one("GET", "webhooks", &WebhookDesk::list);
    add_one("POST", "webhooks", &WebhookDesk::add);
    add_one("PATCH", "webhooks/*", &WebhookDesk::change);
    add_one("DELETE", "webhooks/*", &WebhookDesk::remove);
    add_one("POST", "webhooks/*/test", &WebhookDesk::test);
    add_one("GET", "webhooks/*/deliveries", &WebhookDesk::list_deliveries);
}

Result<void> WebhookDesk::read() {
    NK_TAKE(hooks_, store_.list());
    waiting_.clear();
    for (const auto& hook : hooks_)
        waiting_[hook.id] = hook.waiting;
    return {};
}

bool WebhookDesk::administers(const Asked& ask) {
    const bool is_so = ask->account->roles.has_one_of({Role::owner, Role::admin});
    if (!is_so)
        ask->answer(not_allowed("not-for-this-role"));
    return is_so;
}

std::optional<Webhook> WebhookDesk::webhook_for(const Asked& ask) {
    if (!administers(ask))
        return std::nullopt;
    auto webhook = store_.by_id(ask->parts[1]);
    if (webhook && *webhook)
        return *std::move(*webhook);
    ask->answer(webhook ? not_found() : counter_.refused(webhook.error()));
    return std::nullopt;
}

void WebhookDesk::list(const Asked& ask) {
    if (!administers(ask))
        return;
    const auto hooks = store_.list();
    if (!hooks)
        return ask->answer(counter_.refused(hooks.error()));
    Json json;
    json["webhooks"] = Json::array();
    for (const auto& hook : *hooks)
        json["webhooks"].push_back(json_of(hook));
    ask->answer(json_reply(json));
}

void WebhookDesk::add(const Asked& ask) {
    if (!administers(ask))
        return;
    Form form(ask->request);
    Webhook hook;
    hook.id = counter_.short_id("w");
    hook.url = form.text("url", {1, 2'000});
    if (auto fault = fault_of(hook.url); !fault.empty() && !hook.url.empty())
        form.complain("url", fault);
    hook.events = form.maybe_texts("events", known_events.size(), {1, 40})
                      .value_or(std::vector<std::string>());
    for (const auto& event : hook.events)
        if (std::find(known_events.begin(), known_events.end(), event) == known_events.end())
            form.complain("events", "has one that there is not");
    if (hook.events.empty())
        form.complain("events", "are wanted: one at least");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (hooks_.size() >= limits::webhooks_max)
        return ask->answer(problem(422, "limit", "There are as many webhooks as there may be."));
    hook.secret.resize(secret_size);
    counter_.house().random.fill(hook.secret);
    if (!counter_.tell(*ask, {.what = "webhook-added", .detail = hook.id}))
        return;
    auto added = store_.add(hook, counter_.wall());
    if (added)
        added = read();
    if (!added)
        return ask->answer(counter_.refused(added.error()));
    Json json;
    json["webhook"] = json_of(hook);
    json["secret"] = "whsec_" + base64(hook.secret);
    auto reply = json_reply(json, 201);
    reply.headers.push_back({"Cache-Control", "no-store"});
    ask->answer(std::move(reply));
}

void WebhookDesk::change(const Asked& ask) {
    auto hook = webhook_for(ask);
    if (!hook)
        return;
    Form form(ask->request);
    hook->is_on = form.maybe_truth("is_on").value_or(hook->is_on);
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (!counter_.tell(
            *ask, {.what = "webhook-changed", .detail = hook->id + (hook->is_on ? " on" : " off")}))
        return;
    auto turned = store_.turn(hook->id, hook->is_on);
    if (turned)
        turned = read();
    ask->answer(turned ? json_reply(json_of(*hook)) : counter_.refused(turned.error()));
}

void WebhookDesk::remove(const Asked& ask) {
    const auto hook = webhook_for(ask);
    if (!hook || !counter_.tell(*ask, {.what = "webhook-removed", .detail = hook->id}))
        return;
    auto gone = store_.remove(hook->id);
    if (gone)
        gone = read();
    ask->answer(gone ? HttpReply{.status = 204} : counter_.refused(gone.error()));
}

void WebhookDesk::list_deliveries(const Asked& ask) {
    const auto hook = webhook_for(ask);
    if (!hook)
        return;
    const auto deliveries = store_.last_of(hook->id, shown);
    if (!deliveries)
        return ask->answer(counter_.refused(deliveries.error()));
    Json json;
    json["deliveries"] = Json::array();
    for (const auto& delivery : *deliveries)
        json["deliveries"].push_back(json_of(delivery));
    ask->answer(json_reply(json));
}

Delivery WebhookDesk::make(const Webhook& webhook, std::string_view event,
                           std::string_view recording) {
    Delivery delivery;
    delivery.id = "msg_" + counter_.secret(limits::secret_bytes);
    delivery.webhook = webhook.id;
    delivery.event = event;
    delivery.made = delivery.due = counter_.wall();
    Json body;
    body["type"] = event;
    body["timestamp"] = rfc3339(delivery.made);
    body["data"] = Json::object();
    if (!recording.empty())
        body["data"]["call"] = recording;
    delivery.body = body.dump();
    return delivery;
}

// A receiver that is off for long does not fill the disk: beyond so many, the newest are left out.
void WebhookDesk::on_happening(const Happening& happening) {
    std::vector<Delivery> made;
    for (const auto& hook : hooks_) {
        if (!hook.is_on ||
            std::find(hook.events.begin(), hook.events.end(), happening.what) == hook.events.end())
            continue;
        auto& waiting = waiting_[hook.id];
        if (waiting >= limits::deliveries_waiting_max) {
            counter_.house().warn("webhook " + hook.id + " is not told of an event: too many wait");
            continue;
        }
        ++waiting;
        made.push_back(make(hook, happening.what, happening.recording));
    }
    if (made.empty())
        return;
    if (const auto added = store_.add_all(made); !added)
        counter_.house().warn("webhooks are not told of an event: " + added.error().what);
}

Parcel WebhookDesk::parcel_of(const Webhook& webhook, const Delivery& delivery) const {
    const auto second = counter_.wall().ns / 1'000'000'000;
    return {
        webhook.url,
        {{"content-type", "application/json"},
         {"webhook-id", delivery.id},
         {"webhook-timestamp", std::to_string(second)},
         {"webhook-signature", sign_webhook(webhook.secret, delivery.id, second, delivery.body)}},
        delivery.body};
}

void WebhookDesk::note(Delivery& delivery, const Receipt& receipt, WallTime now) {
    ++delivery.tries;
    delivery.status = receipt.status;
    delivery.problem = receipt.problem.substr(0, 300);
    if (receipt.status >= 200 && receipt.status < 300) {
        delivery.state = Delivered::delivered;
        delivery.problem.clear();
        return;
    }
    // 410: the receiver wants no more of it.
    const auto wait = receipt.status == 410 ? std::nullopt : wait_after(delivery.tries);
    if (wait)
        delivery.due = now + *wait;
    else
        delivery.state = Delivered::given_up;
}

void WebhookDesk::tick() {
    if (courier_ == nullptr || hooks_.empty())
        return;
    if (counter_.now() - last_clean_ > hours(1)) {
        last_clean_ = counter_.now();
        if (const auto cleaned = store_.forget_old(); !cleaned)
            counter_.house().warn(cleaned.error().what);
    }
    for (const auto& hook : hooks_)
        if (hook.is_on)
            send_due(hook);
}

// One that never answers keeps its own messages waiting, and nobody else's.
void WebhookDesk::send_due(const Webhook& hook) {
    auto& busy = under_way_[hook.id];
    const auto due = busy.size() < at_once_each
                         ? store_.due(hook.id, counter_.wall(), at_once_each + busy.size())
                         : Result<std::vector<Delivery>>(std::vector<Delivery>());
    if (!due) {
        counter_.house().warn(due.error().what);
        return;
    }
    for (const auto& delivery : *due) {
        if (busy.size() >= at_once_each || !busy.insert(delivery.id).second)
            continue;
        const bool is_taken =
            courier_->send(parcel_of(hook, delivery), [this, delivery](const Receipt& receipt) {
                under_way_[delivery.webhook].erase(delivery.id);
                auto after = delivery;
                note(after, receipt, counter_.wall());
                if (after.state != Delivered::waiting)
                    --waiting_[after.webhook];
                if (const auto kept = store_.update(after, counter_.wall()); !kept)
                    counter_.house().warn(kept.error().what);
            });
        if (!is_taken)
            busy.erase(delivery.id);
    }
}

void WebhookDesk::test(const Asked& ask) {
    const auto hook = webhook_for(ask);
    if (!hook)
        return;
    const auto delivery = make(*hook, "test", "");
    const bool is_taken =
        courier_ != nullptr &&
        courier_->send(parcel_of(*hook, delivery), [this, ask, delivery](const Receipt& receipt) {
            auto after = delivery;
            note(after, receipt, counter_.wall());
            if (after.state == Delivered::waiting)
                after.state = Delivered::given_up;  // a test is tried once
            Json json;
            json["delivery"] = json_of(after);
            ask->answer(json_reply(json));
        });
    if (!is_taken)
        ask->answer(problem(503, "busy", "Too much is asked just now; try again."));
}

}  // namespace nk::listener
